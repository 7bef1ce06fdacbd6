"""The route table of the admin function, filled by the files beside this one."""

from shared.http.router import Router

api = Router("admin", tag="Admin")
