"""How numbers are said to people."""


def so_many(number: float, one: str) -> str:
    """Such as `1 set`, `2 sets` or `0.5 sets`."""
    said = f"{number:.4g}"
    return f"{said} {one}" if said == "1" else f"{said} {one}s"
