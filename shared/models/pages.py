"""Lists in pieces: which piece is asked for, and what every piece says about the whole."""

from typing import Annotated, Generic, Self, TypeVar

from pydantic import Field, model_validator

from shared.models.base import BlankIsNone, Model

Item = TypeVar("Item")


class Paging(Model):
    """Which items of a list to return; either `page` or `skip` says where to begin."""

    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    """Number of the page, counted from 1."""

    skip: Annotated[Annotated[int, Field(ge=0, le=100_000_000)] | None, BlankIsNone] = None
    """How many items to leave out; when given, `page` has no effect."""

    limit: Annotated[int, Field(ge=1, le=100)] = 20
    """How many items to return at most."""

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.limit if self.skip is None else self.skip


COUNTED = 10_000
"""Totals of lists without an end are exact up to this."""
SKIPPED = 1_000
"""How far into such a list one can page: what is skipped is read all the same."""


class FarPaging(Paging):
    """For a list without an end: narrow it rather than page through it."""

    @model_validator(mode="after")
    def _near(self) -> Self:
        if self.offset > SKIPPED:
            raise ValueError(f"At most {SKIPPED} can be skipped. Narrow the list, or export it")
        return self


class Page(Model, Generic[Item]):
    """A piece of a list. Subclass it per kind of item, so that the subclass names the schema."""

    items: list[Item]

    total: int
    """How many items the whole list has."""

    page: int
    """Number of the page on which the first of these items stands, counted from 1."""

    page_size: int
    """The `limit` of the request."""

    total_pages: int
    """How many pages the whole list has; 0 when it is empty."""

    has_next: bool
    """Whether more items follow these."""

    has_previous: bool
    """Whether items stand before these."""

    has_more: bool
    """The same as `has_next`."""

    @classmethod
    def of(cls, items: list[Item], total: int, paging: Paging) -> Self:
        """The page of `items` that `paging` asked for, from a list of `total` items."""
        more = paging.offset + len(items) < total
        return cls(
            items=items,
            total=total,
            page=paging.offset // paging.limit + 1,
            page_size=paging.limit,
            total_pages=-(-total // paging.limit),
            has_next=more,
            has_previous=paging.offset > 0,
            has_more=more,
        )
