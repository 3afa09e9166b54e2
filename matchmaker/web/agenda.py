"""The personal agenda: signed in, by personal link, read-only, kept offline, as a PDF, as a calendar file and feed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache, partial
from itertools import groupby
from typing import NamedTuple

import segno
from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from matchmaker import clock
from matchmaker.domain import whatsapp, zones
from matchmaker.domain.links import Purpose
from matchmaker.domain.wording import in_language
from matchmaker.mail.calendar import build_calendar
from matchmaker.models import Event, Participation
from matchmaker.paper.agenda import agenda_pdf
from matchmaker.paths import PACKAGE
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import agenda_words, changes, links, numbered
from matchmaker.queries.agenda import agenda
from matchmaker.services import links as link_service
from matchmaker.web import doors, languages
from matchmaker.web.context import wall
from matchmaker.web.doors import Door
from matchmaker.web.feedback import taps
from matchmaker.web.files import attached

bp = Blueprint("agenda", __name__)


class Change(NamedTuple):
    """Where a meeting's page of changes is (``meeting=`` its code), and of which meetings a change was asked."""

    url: Callable[..., str]
    asked: frozenset[str]


@bp.get("/e/<slug>/agenda")
@open_to(Caller.PARTICIPANT)
def own(slug: str) -> ResponseReturnValue:  # noqa: ARG001 -- the gate has read it
    return _page(doors.signed_in())


@bp.post("/e/<slug>/agenda/links")
@open_to(Caller.PARTICIPANT)
def renew(slug: str) -> ResponseReturnValue:
    """Revoke the personal links. Only for those signed in: whoever merely holds a link must not lock its person out."""
    link_service.renew(g.participation.id, actor_id=g.participation.account_id, now=clock.now())
    flash(_("Your links are new. The old ones, also those on paper, open nothing any more."), "good")
    return redirect(url_for("agenda.own", slug=slug), code=303)


@bp.get("/a/<token>")
@open_to(Caller.LINK)
def by_link(token: str) -> ResponseReturnValue:
    return _page(doors.linked(token))


@bp.get("/r/<token>")
@open_to(Caller.LINK)
def read_only(token: str) -> ResponseReturnValue:
    return _page(Door(doors.opened(token, Purpose.READ_ONLY)), may_act=False)


@bp.get("/a/<token>/agenda.pdf")
@open_to(Caller.LINK)
def pdf(token: str) -> Response:
    participation = doors.opened(token, Purpose.AGENDA)
    told = agenda(participation, today=wall().date())
    with force_locale(str(participation.account.locale)):
        paper = agenda_pdf(told, links.agenda_url(participation))
    return attached(paper, "application/pdf", "agenda.pdf")


@bp.get("/a/<token>/agenda.ics")
@open_to(Caller.LINK)
def file(token: str) -> Response:
    return attached(_calendar(doors.opened(token, Purpose.AGENDA)), "text/calendar; charset=utf-8", "agenda.ics")


@bp.get("/f/<token>.ics")
@open_to(Caller.LINK)
def feed(token: str) -> Response:
    return attached(_calendar(doors.opened(token, Purpose.FEED)), "text/calendar; charset=utf-8", "agenda.ics")


@bp.get("/agenda-worker.js")
@open_to(Caller.ANYONE)
def worker() -> Response:
    """Serve what keeps agendas offline: from the root, since a worker has no say over what stands above it."""
    response = Response(_worker(), mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@cache
def _worker() -> str:
    return (PACKAGE / "static" / "js" / "agenda-worker.js").read_text("utf-8")


def _calendar(participation: Participation) -> bytes:
    with force_locale(str(participation.account.locale)):
        return build_calendar(agenda(participation, today=wall().date()))


def _page(door: Door, *, may_act: bool = True) -> str:
    event: Event = g.event
    now_wall = zones.wall(clock.now(), event.zone)
    told = agenda(door.participation, now_wall=now_wall)
    hosts = numbered.hosts(event.id)
    return render_template(
        "agenda/show.html",
        agenda=told,
        say=agenda_words,
        now=now_wall,
        published=zones.wall(told.version.published_at, event.zone) if told.version else None,
        ways=_ways(door) if may_act else None,
        taps=taps(door, told, now_wall) if may_act else {},
        change=_change(door) if may_act and event.phase in changes.IN_FORCE else None,
        pen=door.pen,
        numbers=numbered.places(door.participation.id) if hosts else [],
        has_queue=door.pen is not None and door.participation.organisation_id in hosts,
        kept_under=_part_of_the_site() if door.pen is None and event.public_address else None,
    )


def _change(door: Door) -> Change:
    return Change(partial(door.url, "change"), changes.asked(door.participation.id))


def _part_of_the_site() -> str:
    """Return where the pages like this one stand: ``/a/`` or ``/r/``."""
    return request.path[: request.path.index("/", 1) + 1]


def _ways(door: Door) -> dict[str, object]:
    """Return where the links of the page lead; what only shows has none."""
    participation = door.participation
    token = links.token(participation, Purpose.AGENDA)
    address = links.agenda_url(participation)
    return {
        "pdf": url_for("agenda.pdf", token=token),
        "file": url_for("agenda.file", token=token),
        "feed": links.feed_url(participation),
        "forward": links.read_only_url(participation),
        "whatsapp": to_own_whatsapp(participation) if g.event.public_address else None,
        "qr": _qr(address),
        "contacts": door.url("contacts"),
    }


def to_own_whatsapp(participation: Participation) -> str:
    """Return the address that opens WhatsApp with the link of the person's agenda, to be sent to themselves."""
    event = in_language(g.event.names, languages.current())
    text = _("My agenda at %(event)s: %(address)s", event=event, address=links.agenda_url(participation))
    return whatsapp.address(text, participation.account.phone)


@lru_cache(maxsize=2_000)  # an agenda is opened many times a day, and to draw its code is a sixth of the page
def _qr(address: str) -> Mapping[str, object]:
    """Return a QR code as the width of its square and the path of its dark runs, row by row, one unit thick."""
    rows = segno.make(address, error="m", micro=False).matrix
    path = ""
    for y, row in enumerate(rows):
        x = 0
        for dark, run in groupby(row):
            length = len(list(run))
            path += f"M{x} {y}.5h{length}" if dark else ""
            x += length
    return {"width": len(rows), "path": path}
