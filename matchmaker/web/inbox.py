"""The development inbox as pages: what went out by mail, as its readers see it. Only in a demo."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from matchmaker.errors import NotFound
from matchmaker.extensions import current_settings
from matchmaker.mail import inbox_folder
from matchmaker.permissions import Caller, open_to

bp = Blueprint("dev_inbox", __name__, url_prefix="/dev/inbox")

MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'"
)
"""A mail carries its own styles, and nothing else of it may do anything; its links open a page of their own."""


@bp.get("")
@open_to(Caller.ANYONE)
def index() -> ResponseReturnValue:
    return render_template("inbox/index.html", messages=list(inbox_folder.newest(current_settings().inbox)))


@bp.get("/<id_>")
@open_to(Caller.ANYONE)
def show(id_: str) -> ResponseReturnValue:
    return render_template("inbox/show.html", received=_received(id_))


@bp.get("/<id_>/html")
@open_to(Caller.ANYONE)
def part(id_: str) -> Response:
    return as_mail(_received(id_).html)


@bp.get("/<id_>/files/<int:number>")
@open_to(Caller.ANYONE)
def file(id_: str, number: int) -> Response:
    files = _received(id_).files
    if number >= len(files):
        raise NotFound("file", number)
    attached = files[number]
    response = Response(attached.get_payload(decode=True), content_type=attached.get_content_type())
    response.headers.set("Content-Disposition", "attachment", filename=attached.get_filename("file"))
    return response


def as_mail(html: str) -> Response:
    """Answer with a mail's own page, under the policy of mails."""
    response = Response(html.replace("<head>", '<head><base target="_blank">', 1), mimetype="text/html")
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return response


def _received(id_: str) -> inbox_folder.Received:
    return inbox_folder.access_message(current_settings().inbox, id_)
