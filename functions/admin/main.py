"""Admin: people, organizations, the shared catalogue, analytics, the audit log."""

from flask import Request, Response

from functions.admin import catalogue, insight, organizations, users
from functions.admin.table import api

TABLES = (insight, users, organizations, catalogue)
"""Importing them fills the route table, in this order."""


def handler(request: Request) -> Response:
    """Answer one request to this function."""
    return api.answer(request)
