"""Writes mails: the words of shared/templates, once as text and once as HTML."""

import textwrap
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.models.mails import Letter, MailKind

TEMPLATES = Path(__file__).parents[1] / "templates"
WIDTH = 76
LONGEST_NAME = 80
LONGEST_SUBJECT = 150


def write(kind: MailKind, *, letter_id: str, to: str, facts: dict[str, Any]) -> Letter:
    """`facts` is what the template names; people's own words among it may hold anything."""
    name = f"{kind.value}.jinja"
    text, html = _environment("txt").get_template(name), _environment("html").get_template(name)
    return Letter(
        id=letter_id,
        to=to,
        subject=shown("".join(text.blocks["subject"](text.new_context(facts))), LONGEST_SUBJECT),
        text=_loose(text.render(facts)),
        html=html.render(facts),
    )


def shown(words: str, longest: int = LONGEST_NAME) -> str:
    """On one line, and short: a name must not become a header or a paragraph of its own."""
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


@cache
def _environment(form: str) -> Environment:
    """`form` is txt or html; its macros and layout carry the same names in both."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        # Text is not HTML: escaping it would show people the escapes.
        autoescape=form == "html",  # noqa: S701
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"wrapped": _wrapped, "moment": _moment}
    style = environment.get_template(f"style.{form}.jinja").module
    environment.globals |= {
        "layout": f"layout.{form}.jinja",
        **{name: getattr(style, name) for name in ("paragraph", "button", "bullets")},
    }
    return environment


def _wrapped(words: str) -> str:
    return textwrap.fill(words, WIDTH, break_long_words=False, break_on_hyphens=False)


def _moment(moment: datetime) -> str:
    return f"{moment:%B} {moment.day}, {moment:%Y at %I:%M %p} UTC"


def _loose(text: str) -> str:
    """With one empty line between paragraphs, however many the macros left."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line if line == "-- " else line.rstrip())
    return "\n".join(lines) + "\n"
