"""A function made only to look at the plumbing: one route for each thing that may happen."""

from typing import Annotated

from flask import Request
from pydantic import Field
from werkzeug.test import Client

from shared import errors
from shared.http.context import Access, Context
from shared.http.parsing import FORM, JSON
from shared.http.router import Router
from shared.models.accounts import Message
from shared.models.base import Id, Model, Text

REFUSALS: dict[str, errors.AppError] = {
    "400": errors.Refused("This cannot be done."),
    "401": errors.Unauthenticated(),
    "403": errors.Forbidden("Not yours."),
    "404": errors.NotFound("There is no such thing."),
    "409": errors.NameTaken("A thing of this name already exists.", {"name": "thing"}),
    "412": errors.VersionMismatch("Somebody else was faster."),
    "413": errors.BodyTooLarge("Too much."),
    "415": errors.MediaTypeUnsupported("Not in this form."),
    "422": errors.Invalid.at(("body", "name"), "Another name, please."),
    "429": errors.RateLimited("Too often.", headers={"Retry-After": "7"}),
    "503": errors.Unavailable("Out of reach."),
}


class Thing(Model):
    """What the probe takes and gives."""

    name: Text = "thing"
    weight: float = 0.0
    count: int = 0
    tags: tuple[int, ...] = ()
    shares: dict[str, Annotated[float, Field(le=1)]] = Field(default_factory=dict)


class Held(Model):
    """Something with a version."""

    name: str
    version: str = Field(default="", exclude=True)


class Find(Model):
    search: Text = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 20


def root(context: Context) -> Message:
    """Answer."""
    return Message(message="here")


def echo(context: Context, body: Thing) -> Thing:
    """Give back what came."""
    return body


def find(context: Context, query: Find) -> Find:
    """Give back what was asked for."""
    return query


def bug(context: Context) -> Message:
    """Break."""
    raise ZeroDivisionError("the inside of the machine")


def refuse(context: Context, status: Text) -> Message:
    """Refuse."""
    raise REFUSALS[status]


def held(context: Context) -> Held:
    """Show a version."""
    return Held(name="held", version="7")


def change(context: Context) -> Message:
    """Tell which version If-Match insists on."""
    return Message(message=repr(context.if_match))


def mine(context: Context, thing_id: Id) -> Message:
    """Tell who asks for what."""
    return Message(message=f"{context.caller.user_id} {thing_id}")


def made(context: Context, body: Thing) -> Thing:
    """Give back what came, to those who may."""
    return body


def removed(context: Context) -> None:
    """Say nothing."""


class Probe(Client):
    """Calls the probe's routes as a browser would, relative to /api/v1/probe."""

    def __init__(self) -> None:
        self.router = router = Router("probe", tag="Probe")
        public = {"access": Access.PUBLIC, "limit": "public"}
        router.route("GET", "", **public)(root)
        router.route("POST", "/echo", **public, accepts=(JSON, FORM))(echo)
        router.route("POST", "/json", **public)(echo)
        router.route("GET", "/find", **public)(find)
        router.route("GET", "/bug", **public)(bug)
        router.route("GET", "/refuse/<status>", **public)(refuse)
        router.route("GET", "/held", **public)(held)
        router.route("GET", "/cached", **public, cache_seconds=60)(root)
        router.route("PUT", "/held", **public)(change)
        router.route("DELETE", "/held", **public, status=204)(removed)
        router.route("GET", "/mine/<thing_id>", access=Access.MEMBER, limit="default")(mine)
        router.route("POST", "/pro", access=Access.PRO, limit="default", status=201)(made)
        router.route("PUT", "/admin", access=Access.ADMIN, limit="default")(made)
        super().__init__(lambda environ, start: router.answer(Request(environ))(environ, start))

    def open(self, path="", *args, base="/api/v1/probe", **request):
        return super().open(base + path, *args, **request)
