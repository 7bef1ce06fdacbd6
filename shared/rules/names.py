"""When two names are the same name."""

import unicodedata


def name_key(name: str) -> str:
    """Equal for names that differ only in letter case, width, spacing or invisible characters."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    visible = "".join(
        character
        for character in unicodedata.normalize("NFKC", folded)
        if unicodedata.category(character) != "Cf"
    )
    return " ".join(visible.split())
