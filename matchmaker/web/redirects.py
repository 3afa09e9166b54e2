"""The one gate for addresses that came with a request: only our own pages are gone to."""

from __future__ import annotations

import re

from flask import redirect, request
from flask.typing import ResponseReturnValue

_OWN = re.compile(r"/(?![/\\])[!-\[\]-~]*")  # one slash, then printable ASCII without a backslash
_EVENT = re.compile(r"/e/([a-z0-9-]{1,64})(?:[/?]|$)")


def safe_next() -> str | None:
    """Return where the request asks to go afterwards, if that is a page of ours."""
    wanted = request.values.get("next", "")
    return wanted if _OWN.fullmatch(wanted) else None


def event_meant() -> str | None:
    """Return the slug of the event that somebody was on the way to, or None."""
    wanted = request.values.get("event") or ""
    found = _EVENT.match(f"/e/{wanted}") if wanted else _EVENT.match(safe_next() or "")
    return found[1] if found else None


def onward(default: str) -> ResponseReturnValue:
    """Redirect to where the request asked to go, else to ``default``."""
    return redirect(safe_next() or default, code=303)
