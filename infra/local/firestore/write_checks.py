"""What can be said about a write before looking at the document it changes."""

from infra.local.firestore.messages import Write
from infra.local.firestore.names import check_document_name, database_of
from infra.local.firestore.paths import parse_path
from infra.local.firestore.refusal import invalid
from infra.local.firestore.transforms import check_transforms
from infra.local.firestore.validation import check_document


def check_write(write: Write, database: str) -> None:
    """Raises Refusal for a malformed write, or one to a document of another database."""
    name = check_document_name(target_of(write))
    if database_of(name) != database:
        raise invalid(f'Document "{name}" is not in database "{database}".')
    match write.WhichOneof("operation"):
        case "update":
            check_document(write.update)
            for path in write.update_mask.field_paths:
                parse_path(path)
            check_transforms(write.update_transforms)
        case "transform":
            if not write.transform.field_transforms:
                raise invalid("The list of FieldTransform must not be empty.")
            check_transforms(write.transform.field_transforms)


def target_of(write: Write) -> str:
    """The name of the document it changes, unchecked; raises Refusal for an empty write."""
    match write.WhichOneof("operation"):
        case "update":
            name: str = write.update.name
        case "delete":
            name = write.delete
        case "transform":
            name = write.transform.document
        case _:
            raise invalid("empty write operation")
    return name
