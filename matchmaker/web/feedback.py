"""What a person says of their meetings once these have begun: by one tap in the agenda, or on a page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from matchmaker import clock
from matchmaker.domain import zones
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import agenda_words
from matchmaker.queries import feedback as query
from matchmaker.queries.agenda import agenda
from matchmaker.queries.agenda_facts import Agenda, Meeting
from matchmaker.queries.feedback import Said
from matchmaker.services import feedback as service
from matchmaker.services.feedback import Answers
from matchmaker.web import doors
from matchmaker.web.conflicts import kept, status
from matchmaker.web.doors import Door
from matchmaker.web.forms.feedback import FeedbackForm

bp = Blueprint("feedback", __name__)

WORDS: Mapping[bool | None, str] = {True: "yes", False: "no", None: ""}
"""How an answer is written in a form."""
MEANINGS = {word: answer for answer, word in WORDS.items()}


class Taps(NamedTuple):
    """What stands in the agenda at a meeting that has begun; ``pressed`` is the field that was just answered."""

    url: str
    said: Said
    pressed: str = ""


@bp.route("/e/<slug>/meetings/<meeting_code>", methods=["GET", "POST"])
@open_to(Caller.PARTICIPANT)
def own(slug: str, meeting_code: str) -> ResponseReturnValue:  # noqa: ARG001 -- the gate has read it
    return _meeting_page(doors.signed_in(), meeting_code)


@bp.route("/a/<token>/meetings/<meeting_code>", methods=["GET", "POST"])
@open_to(Caller.LINK)
def by_link(token: str, meeting_code: str) -> ResponseReturnValue:
    return _meeting_page(doors.linked(token), meeting_code)


def taps(door: Door, told: Agenda, now_wall: datetime) -> dict[str, Taps]:
    """Return what can be tapped, by the code of the meeting; nothing before the first has begun."""
    codes = [meeting.code for meeting in told.meetings if query.has_begun(meeting, now_wall)]
    said = query.said(door.participation) if codes else {}
    return {code: Taps(door.url("meeting", meeting_code=code), said.get(code, Said())) for code in codes}


def _meeting_page(door: Door, code: str) -> ResponseReturnValue:
    """Show one meeting, or keep what was said of it; htmx gets its row of the agenda and nothing else."""
    meeting = query.access_meeting(door.participation, code, now_wall=_nowwall())
    said = query.said(door.participation).get(code, Said())
    form = FeedbackForm(data=_as_written(said))
    saved = form.validate_on_submit() and kept(form, lambda: _say(door, code, form))
    if "HX-Request" in request.headers:
        return _row(door, code), status(form)
    if saved:
        return redirect(door.url("agenda", _anchor=f"m-{code}"), code=303)
    return _page(door, meeting, form), status(form)


def _say(door: Door, code: str, form: FeedbackForm) -> None:
    """Keep the answers that came with the request; the others may have been given elsewhere meanwhile."""
    answers: Answers = {}
    if "took_place" in request.form:
        answers["took_place"] = MEANINGS[form.took_place.data]
    if "useful" in request.form:
        answers["useful"] = MEANINGS[form.useful.data]
    if "note" in request.form:
        answers["note"] = form.note.data or ""
    one = door.participation
    service.say(one.id, code, answers, actor_id=one.account_id, now=clock.now())


def _as_written(said: Said) -> dict[str, str]:
    return {"took_place": WORDS[said.took_place], "useful": WORDS[said.useful], "note": said.note}


def _page(door: Door, meeting: Meeting, form: FeedbackForm) -> str:
    return render_template("feedback/show.html", door=door, pen=door.pen, meeting=meeting, form=form, say=agenda_words)


def _row(door: Door, code: str) -> str:
    now_wall = _nowwall()
    told = agenda(door.participation, now_wall=now_wall)
    (row,) = (row for row in told.rows if isinstance(row.subject, Meeting) and row.subject.code == code)
    tapped = taps(door, told, now_wall)[code]._replace(
        pressed=next((name for name in request.form if name != "csrf_token"), "")
    )
    return render_template("feedback/_row.html", row=row, taps={code: tapped}, say=agenda_words)


def _nowwall() -> datetime:
    return zones.wall(clock.now(), g.event.zone)
