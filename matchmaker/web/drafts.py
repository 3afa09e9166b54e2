"""Drafts: read one, lock meetings in it, lay two side by side."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.domain.disclosure import FOR_ORGANISERS
from matchmaker.domain.scoring import CLASS_LABELS
from matchmaker.domain.states import VersionKind
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import days_out, draft_difference, telling, versions
from matchmaker.queries import drafts as queries
from matchmaker.queries import runs as run_queries
from matchmaker.queries.meeting_rows import MeetingRows
from matchmaker.services import drafts as service
from matchmaker.web import incoming, run_words
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import told
from matchmaker.web.context import long_day
from matchmaker.web.forms.parts import ConfirmForm

bp = Blueprint("drafts", __name__, url_prefix="/o/<slug>/drafts")

MOST_DIFFERING = 60
"""Rows of the comparison on one page; a search narrows them."""
VIEWS = ("time", "person", "unscheduled")


@bp.get("/<int:number>")
@open_to(Caller.VIEWER)
def show(slug: str, number: int) -> str:  # noqa: ARG001 -- the gate reads it
    """Show a draft by time, by person, or what it does not hold."""
    draft = versions.draft(g.event.id, number)
    asked, page = request.args.get("by", "time"), incoming.number("page", 1)
    view = asked if asked in VIEWS else "time"
    days = queries.days(draft)
    day = _chosen_day(days)
    part: queries.Part[Any] | None = None
    if view == "person":
        part = queries.by_person(draft, page)
    elif view == "unscheduled":
        part = queries.unheld(draft, g.role, page)
    elif day is not None:
        part = queries.of_day(draft, day, page)
    return render_template(
        "drafts/show.html",
        draft=draft,
        view=view,
        days=days,
        day=day,
        page=page,
        day_tabs=[_day_tab(number, each, day) for each in days],
        part=part,
        unheld=queries.unheld_count(draft),
        locked=queries.locked_count(draft),
        reasons=FOR_ORGANISERS,
        classes=CLASS_LABELS,
        say=run_words,
    )


@bp.post("/<int:number>/lock")
@open_to(Caller.ORGANISER)
def lock(slug: str, number: int) -> ResponseReturnValue:
    """Lock or unlock the meeting whose button was pressed, and come back to it."""
    draft_id = versions.draft(g.event.id, number).id
    wanted = "lock" in request.form
    meeting = incoming.number("lock" if wanted else "unlock", 0, request.form)
    sentence = (
        _("The meeting is locked: the next run leaves it where it is.") if wanted else _("The meeting is unlocked.")
    )
    told(ConfirmForm(), lambda: service.lock(draft_id, meeting, wanted, **acted()), sentence)
    shown: dict[str, Any] = {name: request.form.get(name) or None for name in ("day", "page")}
    back = url_for("drafts.show", slug=slug, number=number, **shown)
    return redirect(f"{back}#meeting-{meeting}", code=303)


@bp.get("/compare")
@open_to(Caller.VIEWER)
def compare(slug: str) -> ResponseReturnValue:
    """Lay two drafts side by side: in figures, and meeting by meeting, of everybody or of those looked for."""
    asked = {incoming.number("draft", 0, {"draft": text}) for text in request.args.getlist("draft")}
    numbers = sorted(asked - {0}, reverse=True)
    if len(numbers) != 2:
        return redirect(url_for("runs.index", slug=slug, _anchor="drafts"), code=303)
    here, there = (versions.draft(g.event.id, number) for number in numbers)
    rows = MeetingRows(g.event.id)
    found = draft_difference.difference(here, there, rows)
    search = request.args.get("q", "").strip()
    days = days_out.of(g.event).usual
    look = partial(versions.looked_at, g.event.id, kind=VersionKind.FINAL, days=days, rows=rows)
    told = [len(telling.concerned(look(number))) for number in numbers]
    return render_template(
        "drafts/compare.html",
        one=here,
        other=there,
        rows=run_words.comparison_rows(here, there, (told[0], told[1])),
        classes=run_words.class_rows(here, there),
        found=found,
        kinds=draft_difference.Kind,
        differing=found.of(search),
        most=MOST_DIFFERING,
        search=search,
        aims={row.draft.number: run_words.made(row.draft, row.run) for row in run_queries.drafts(g.event.id)},
        say=run_words,
    )


def _day_tab(number: int, day: date, chosen: date | None) -> dict[str, Any]:
    address = url_for("drafts.show", slug=g.event.slug, number=number, by="time", day=day.isoformat())
    return {"label": long_day(day), "url": address, "current": day == chosen}


def _chosen_day(days: list[date]) -> date | None:
    asked = request.args.get("day", "")
    return next((day for day in days if day.isoformat() == asked), next(iter(days), None))
