"""Before each view: which event, who asks, and whether that is enough. After each: the headers."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from matchmaker import permissions
from matchmaker.domain.states import Role
from matchmaker.errors import Archived, ConfigurationError, NotFound
from matchmaker.models import Event
from matchmaker.permissions import STAFF, Caller
from matchmaker.queries import access
from matchmaker.web.signing import account_id_if_any

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
READING = frozenset({"GET", "HEAD", "OPTIONS"})
OF_ARCHIVES = frozenset({"archives.restore", "archives.delete_data"})
"""What an owner may do in an archived event."""
RANK = {Role.VIEWER: 0, Role.DESK: 1, Role.ORGANISER: 2, Role.OWNER: 3}


def guard(app: Flask) -> None:
    """Put the gate before every view. Called last, when all routes are known.

    Raises
    ------
    ConfigurationError
        If a route does not say who may use it: the application must not start.
    """
    permissions.open_to(Caller.ANYONE)(app.view_functions["static"])
    if missing := permissions.undeclared(app.view_functions.items()):
        raise ConfigurationError("routes", missing[0], "nobody said who may use it", "@open_to(Caller…) on the view")
    app.before_request(_admit)
    app.after_request(_dress)


def _admit() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # no such address: the 404 comes by itself
    caller = permissions.declared(current_app.view_functions[request.endpoint])
    slug = (request.view_args or {}).get("slug")
    if slug is not None:
        event = access.event(slug, archived=True)
        if event.archived_at is not None:
            _refuse_archived(event)
        g.event = event
    if caller in {Caller.ANYONE, Caller.LINK}:
        return None
    reader = account_id_if_any()
    if reader is None:
        page = "staff.sign_in" if caller in STAFF else "sign_in.ask"
        return redirect(url_for(page, next=request.full_path.rstrip("?")), code=303)
    if caller is Caller.PARTICIPANT:
        g.participation = access.own_participation(g.event.id, reader)
    elif caller in STAFF:
        g.role = _role_at_least(Role(caller.value), reader)
    return None


def _refuse_archived(event: Event) -> None:
    """Close an archived event to all but its owners, to whom it can be read and restored."""
    reader = account_id_if_any()
    if reader is None or access.role(event.id, reader) is not Role.OWNER:
        raise NotFound("event", event.slug)
    if request.method not in READING and request.endpoint not in OF_ARCHIVES:
        raise Archived


def _role_at_least(needed: Role, reader: int) -> Role:
    if "event" not in g:
        return access.staff(reader)
    role = access.role(g.event.id, reader)
    if role is None or RANK[role] < RANK[needed]:
        raise NotFound("event", g.event.slug)
    return role


def _dress(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
        response.vary.add("Cookie")
        response.vary.add("Accept-Language")
    return response
