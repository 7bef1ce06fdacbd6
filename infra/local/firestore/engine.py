"""The parts that every request works on."""

from dataclasses import dataclass
from typing import Any

from infra.local.firestore.index_check import check_indexes
from infra.local.firestore.indexes import IndexFile
from infra.local.firestore.messages import StructuredQuery, TransactionOptions
from infra.local.firestore.names import database_of
from infra.local.firestore.paths import FieldPath
from infra.local.firestore.query import Query
from infra.local.firestore.query_parsing import parse_query
from infra.local.firestore.refusal import Refusal, failed_precondition, invalid
from infra.local.firestore.store import Store
from infra.local.firestore.transactions import Transaction, Transactions
from infra.local.firestore.view import Present, View


@dataclass(frozen=True, slots=True)
class Engine:
    store: Store
    transactions: Transactions
    index_file: IndexFile | None

    def query(
        self,
        parent: str,
        message: StructuredQuery,
        *,
        summed: frozenset[FieldPath] = frozenset(),
    ) -> Query:
        """Raises Refusal for a query that is malformed or has no index."""
        query = parse_query(parent, message, summed=summed)
        if self.index_file:
            check_indexes(query, self.index_file.current())
        return query

    def begin(self, options: TransactionOptions) -> Transaction:
        if options.read_only.HasField("read_time"):
            raise _no_past()
        return self.transactions.begin(read_only=options.HasField("read_only"))

    def consistency(self, request: Any) -> tuple[Transaction | None, bytes]:
        """The transaction a read belongs to, and its id if the read has just begun it."""
        match request.WhichOneof("consistency_selector"):
            case "new_transaction":
                transaction = self.begin(request.new_transaction)
                return transaction, transaction.id
            case "transaction":
                return self.transactions.get(request.transaction), b""
            case "read_time":
                raise _no_past()
            case _:
                return None, b""

    def view(self, transaction: Transaction | None) -> View:
        return transaction.view if transaction else Present(self.store)


def check_database(database: str, name: str) -> None:
    """Raises Refusal when a document of another database is named."""
    if database_of(name) != database:
        raise invalid(f'Document "{name}" is not in database "{database}".')


def _no_past() -> Refusal:
    return failed_precondition("The requested 'read_time' is too old: no past is kept.")
