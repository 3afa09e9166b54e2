"""Those whom a person met: a page, and files for address book and spreadsheet."""

from __future__ import annotations

from flask import Blueprint, Response, g, render_template

from matchmaker.mail.vcards import build_cards
from matchmaker.permissions import Caller, open_to
from matchmaker.queries.contacts import WITHHELD, contacts
from matchmaker.sheets.cells import XLSX
from matchmaker.sheets.contacts import contacts_sheet
from matchmaker.web import doors
from matchmaker.web.doors import Door
from matchmaker.web.files import attached

bp = Blueprint("contacts", __name__)


@bp.get("/e/<slug>/contacts")
@open_to(Caller.PARTICIPANT)
def own(slug: str) -> str:  # noqa: ARG001 -- the gate has read it
    return _page(doors.signed_in())


@bp.get("/a/<token>/contacts")
@open_to(Caller.LINK)
def by_link(token: str) -> str:
    return _page(doors.linked(token))


@bp.get("/e/<slug>/contacts.vcf")
@open_to(Caller.PARTICIPANT)
def own_cards(slug: str) -> Response:  # noqa: ARG001
    return _cards(doors.signed_in())


@bp.get("/a/<token>/contacts.vcf")
@open_to(Caller.LINK)
def cards_by_link(token: str) -> Response:
    return _cards(doors.linked(token))


@bp.get("/e/<slug>/contacts.xlsx")
@open_to(Caller.PARTICIPANT)
def own_sheet(slug: str) -> Response:  # noqa: ARG001
    return _sheet(doors.signed_in())


@bp.get("/a/<token>/contacts.xlsx")
@open_to(Caller.LINK)
def sheet_by_link(token: str) -> Response:
    return _sheet(doors.linked(token))


def _page(door: Door) -> str:
    met = contacts(door.participation)
    return render_template("contacts/index.html", door=door, pen=door.pen, contacts=met, withheld=WITHHELD)


def _cards(door: Door) -> Response:
    return attached(
        build_cards(contacts(door.participation), g.event.names), "text/vcard; charset=utf-8", "contacts.vcf"
    )


def _sheet(door: Door) -> Response:
    return attached(contacts_sheet(contacts(door.participation)), XLSX, "contacts.xlsx")
