"""Who may use a route. Every route says so once, and the application refuses to start if one does not.

A caller is what the request proves, not who somebody is: a signed-in account, a role in the event named
by the address, a personal link. Whether *this* row is theirs is asked by the ``access_*`` queries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


class Caller(StrEnum):
    ANYONE = "anyone"
    LINK = "link"
    """Holds a personal link; the token in the address is the proof."""
    SIGNED_IN = "signed_in"
    PARTICIPANT = "participant"
    """Signed in, and takes part in the event of the address."""
    VIEWER = "viewer"
    DESK = "desk"
    ORGANISER = "organiser"
    OWNER = "owner"


STAFF = (Caller.VIEWER, Caller.DESK, Caller.ORGANISER, Caller.OWNER)
"""From the weakest to the strongest: each may do what those before it may."""


def open_to(caller: Caller) -> Callable[[View], View]:
    """Declare the weakest caller that a view admits; of STAFF, stronger ones are admitted as well."""

    def declare(view: View) -> View:
        view.open_to = caller  # type: ignore[attr-defined]
        return view

    return declare


def declared(view: Callable[..., Any]) -> Caller | None:
    """Return what ``open_to`` said of the view, or None where nothing did."""
    return getattr(view, "open_to", None)


def undeclared(views: Iterable[tuple[str, Callable[..., Any]]]) -> list[str]:
    """Return the endpoints that do not say who may use them."""
    return sorted(endpoint for endpoint, view in views if declared(view) is None)
