"""The names that random documents, fields and references are made of."""

# As long as every other project of a run, so that one can stand for another in a request's bytes.
PROJECT = "demo-fuzz-00000000"
DATABASE = f"projects/{PROJECT}/databases/(default)"
ROOT = f"{DATABASE}/documents"

COLLECTION = "c"
PLAIN_IDS = [f"d{number:02}" for number in range(14)]
# Numeric ids sort by number and before all others; the rest by their UTF-8 bytes.
ODD_IDS = [
    "__id7__",
    "__id-2__",
    "__id10__",
    "Ä",
    "ä",
    "日本",
    "😀",
    "\uffee",
    "a b",
    "%20",
    "'",
    "~",
]
DOCUMENTS = [
    *(f"{COLLECTION}/{identifier}" for identifier in PLAIN_IDS + ODD_IDS),
    "z/d01",
    "z/d03",
    *(f"{COLLECTION}/d{number:02}/{COLLECTION}/n{number}" for number in range(5)),
    f"{COLLECTION}/d01/s/x1",
    f"{COLLECTION}/gone/{COLLECTION}/n1",
]
PARENTS = [ROOT, f"{ROOT}/{COLLECTION}/d01", f"{ROOT}/{COLLECTION}/gone"]

MIXED = ["p", "q", "r"]
"""Fields that hold any type."""
NUMBER, TAGS, NESTED, SERVER_TIME = "n", "tags", "m", "at"
# Field names that a path has to quote, with the path of each.
QUOTED = {
    "a b": "`a b`",
    "x.y": "`x.y`",
    "b`q": "`b\\`q`",
    "s\\": "`s\\\\`",
    "é": "`é`",
    "0": "`0`",
}
PATHS = [*MIXED, NUMBER, NUMBER, TAGS, NESTED, "m.x", "m.y", "zz", "`a b`", "m.`x.y`", "m.x.value"]
"""What filters and orders name."""
KEY = "__name__"
MALFORMED_PATHS = ["", "a..b", ".a", "a b", "__x__", "m.__x__", "`a", "0"]


def document_name(path: str) -> str:
    return f"{ROOT}/{path}"
