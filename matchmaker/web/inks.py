"""The stylesheet of an event's colour: a strict content policy allows no style attribute."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from werkzeug.exceptions import NotFound

from matchmaker.domain import colour
from matchmaker.permissions import Caller, open_to

bp = Blueprint("inks", __name__)


@bp.get("/inks/<name>.css")
@open_to(Caller.ANYONE)
def sheet(name: str) -> Response:
    """Answer with the eight colours of a ready ink, or of six hexadecimal digits."""
    try:
        ink = colour.ink(name)
    except colour.NotAColourError as error:
        raise NotFound from error
    response = Response(render_template("components/ink.css", ink=ink), mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
