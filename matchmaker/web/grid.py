"""The grid of a draft: choose a meeting, see where it may go, and move it by a click, by hand or by a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.domain.states import Phase
from matchmaker.errors import NotFound
from matchmaker.models import Draft, Slot
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import frame, versions
from matchmaker.queries import grid as queries
from matchmaker.queries import runs as run_queries
from matchmaker.queries.grid import Chosen, Window
from matchmaker.scheduling import grid
from matchmaker.services import drafts as drafts_service
from matchmaker.services import grid as service
from matchmaker.services import runs as runs_service
from matchmaker.web import grid_words, incoming, languages, remedy_words
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import kept
from matchmaker.web.forms.grid import ActForm, MeetingForm, MoveForm
from matchmaker.web.forms.parts import RevisedForm
from matchmaker.web.grid_words import Judged

bp = Blueprint("grid", __name__, url_prefix="/o/<slug>/drafts/<int:number>/grid")

VIEWS = ("table", "person")
KEPT = ("by", "day", "page", "words", "tray", "slot", "meeting")
"""What of the address says which part of the grid is shown; forms carry it along."""
NOWHERE_ELSE: Mapping[str, str] = {}
THERE: Mapping[str, str] = {"day": "", "page": "", "slot": ""}
"""The part of the grid in which the chosen meeting stands, wherever that is."""


class Look(NamedTuple):
    """Which part of the grid is shown."""

    view: str
    day: Sequence[Slot]
    words: str
    page: int
    tray: int

    @property
    def tray_first(self) -> int:
        return (max(self.tray, 1) - 1) * queries.TRAY + 1


@bp.get("")
@open_to(Caller.VIEWER)
def show(slug: str, number: int) -> str:  # noqa: ARG001 -- the gate reads it
    """Show a day of a draft as a grid; with a chosen meeting, where it may go and why not elsewhere."""
    draft = versions.draft(g.event.id, number)
    chosen = _chosen(draft)
    slots = frame.slots(g.event.id)
    look = _look(slots, chosen)
    window = _window(draft, look, chosen)
    if chosen is None:
        grid.prepare(draft)
    found = _judged(draft, chosen) if chosen else None
    cells = grid_words.table_cells if look.view == "table" else grid_words.person_cells
    places = queries.places(g.event.id) if chosen else {}
    on_the_day = g.event.phase is Phase.ON_THE_DAY
    loose, loose_total = queries.tray(draft, g.role, look.words, look.tray, on_the_day=on_the_day)
    return render_template(
        "drafts/grid.html",
        draft=draft,
        look=look,
        window=window,
        page=(window.first - 1) // queries.PAGE + 1,
        rows=cells(window, look.day, found),
        slots=slots,
        days=list(dict.fromkeys(slot.day for slot in slots)),
        chosen=chosen,
        found=found,
        places=places,
        remedies=remedy_words.lines(found.remedies, slots, places) if found else [],
        slot=_slot_of_form(slots, found),
        loose=loose,
        loose_total=loose_total,
        steps=queries.steps(draft),
        by_hand=draft.run_id is None,
        running=run_queries.under_way(g.event.id) is not None,
        published=queries.is_published(draft),
        at=_addresses(),
        brief=grid_words.brief(window),
        on_grid=chosen is not None
        and any(one.code == chosen.code for some in window.standing.values() for one in some),
        shown=grid_words.on_page(window),
        kept={name: request.args[name] for name in KEPT if request.args.get(name)},
        say=grid_words,
    )


@bp.post("/move")
@open_to(Caller.ORGANISER)
def move(slug: str, number: int) -> ResponseReturnValue:
    """Hold the chosen meeting at another place, if the rules allow it."""
    form = MoveForm()
    return _act(
        form,
        slug,
        number,
        lambda: service.move(g.event.id, number, form.meeting.data or "", form.where(), revision=form.seen, **acted()),
        _("The meeting is moved, and the value is counted again."),
        done=THERE,
    )


@bp.post("/best")
@open_to(Caller.ORGANISER)
def best(slug: str, number: int) -> ResponseReturnValue:
    """Hold a request of the tray at its best place; where there is none, show what would make one."""
    form = MeetingForm()
    code = form.meeting.data or ""
    return _act(
        form,
        slug,
        number,
        lambda: service.find_best(g.event.id, number, code, revision=form.seen, **acted()),
        _("The meeting is placed where it is worth most."),
        done={"meeting": code, **THERE},
        refused={"meeting": code, "slot": ""},
    )


@bp.post("/out")
@open_to(Caller.ORGANISER)
def take_out(slug: str, number: int) -> ResponseReturnValue:
    """Put a meeting into the tray."""
    form = MeetingForm()
    return _act(
        form,
        slug,
        number,
        lambda: service.take_out(g.event.id, number, form.meeting.data or "", revision=form.seen, **acted()),
        _("The meeting is in the tray: its people and its table are free."),
    )


@bp.post("/undo")
@open_to(Caller.ORGANISER)
def undo(slug: str, number: int) -> ResponseReturnValue:
    """Undo the last change by hand."""
    form = ActForm()
    return _act(
        form,
        slug,
        number,
        lambda: service.undo(g.event.id, number, revision=form.seen, **acted()),
        _("The last change is undone."),
    )


@bp.post("/redo")
@open_to(Caller.ORGANISER)
def redo(slug: str, number: int) -> ResponseReturnValue:
    """Do again what was undone last."""
    form = ActForm()
    return _act(
        form,
        slug,
        number,
        lambda: service.redo(g.event.id, number, revision=form.seen, **acted()),
        _("The change is done again."),
    )


@bp.post("/repair")
@open_to(Caller.ORGANISER)
def repair(slug: str, number: int) -> ResponseReturnValue:
    """Start a run that keeps the chosen meeting where it is and moves few others; go to see it."""
    form = MeetingForm()
    versions.draft(g.event.id, number)
    run = 0

    def act() -> None:
        nonlocal run
        run = runs_service.repair(g.event.id, number, form.meeting.data or "", revision=form.seen, **acted())

    if form.validate_on_submit() and kept(form, act):
        return redirect(url_for("runs.show", slug=slug, number=run), code=303)
    _say_refused(form)
    return _back(slug, number)


@bp.post("/lock")
@open_to(Caller.ORGANISER)
def lock(slug: str, number: int) -> ResponseReturnValue:
    """Lock or unlock the chosen meeting."""
    form = MeetingForm()
    draft = versions.draft(g.event.id, number)
    wanted = "lock" in request.form

    def save() -> int:
        meeting = queries.chosen(draft, form.meeting.data or "")
        if meeting is None or meeting.meeting_id is None:
            raise NotFound("meeting", form.meeting.data)
        drafts_service.lock(draft.id, meeting.meeting_id, wanted, **acted())
        return number

    sentence = (
        _("The meeting is locked: the next run leaves it where it is.") if wanted else _("The meeting is unlocked.")
    )
    return _act(form, slug, number, save, sentence)


def _act(
    form: RevisedForm,
    slug: str,
    number: int,
    save: Callable[[], int],
    sentence: str,
    *,
    done: Mapping[str, str] = NOWHERE_ELSE,
    refused: Mapping[str, str] = NOWHERE_ELSE,
) -> ResponseReturnValue:
    """Do one act, flash how it went, and show the draft that it went into; a refusal changes nothing.

    The part of the grid is shown from which the form came, but for what ``done`` or ``refused`` says.
    """
    into = versions.draft(g.event.id, number).number

    def act() -> None:
        nonlocal into
        into = save()

    if form.validate_on_submit() and kept(form, act):
        flash(sentence, "good")
        if into != number:
            flash(_("Draft %(old)s stays as it was: you now work on draft %(new)s.", old=number, new=into), "news")
        return _back(slug, into, **done)
    _say_refused(form)
    return _back(slug, into, **refused)


def _say_refused(form: RevisedForm) -> None:
    if hasattr(form, "difference"):
        flash(
            _("Somebody else changed this draft meanwhile. Nothing of yours was saved: the grid shows it as it is."),
            "stop",
        )
    else:
        flash(getattr(form, "refusal", _("This could not be saved")), "stop")


def _back(slug: str, number: int, **other: str) -> ResponseReturnValue:
    """Lead to the part of the grid from which a form came, but for what is named, and there to the chosen meeting."""
    shown = {name: request.form.get(f"at-{name}") for name in KEPT} | other
    held = "held" if shown["meeting"] else None
    return redirect(url_for("grid.show", slug=slug, number=number, _anchor=held, **_given(shown)), code=303)


def _look(slots: Sequence[Slot], chosen: Chosen | None) -> Look:
    asked = request.args.get("day", "")
    days = [slot.day.isoformat() for slot in slots]
    if asked not in days:
        asked = next((slot.day.isoformat() for slot in slots if chosen and slot.id == chosen.slot_id), "")
    day = [slot for slot in slots if slot.day.isoformat() == (asked or days[0])] if slots else []
    view = request.args.get("by", "")
    return Look(
        view if view in VIEWS else "table",
        day,
        request.args.get("words", "").strip(),
        incoming.number("page", 0),
        incoming.number("tray", 1),
    )


def _window(draft: Draft, look: Look, chosen: Chosen | None) -> Window:
    locale = str(languages.current())
    if look.view == "table":
        held = (chosen.location_id or 0, chosen.table or 0) if chosen else None
        return queries.by_table(draft, look.day, look.words, look.page, locale, around=held)
    pinned = {chosen.first_id, chosen.second_id} if chosen else set[int]()
    return queries.by_person(draft, look.day, look.words, look.page, locale, pinned=pinned)


def _chosen(draft: Draft) -> Chosen | None:
    code = request.args.get("meeting", "")
    found = queries.chosen(draft, code) if code else None
    if code and found is None:
        raise NotFound("request", code)
    return found


def _judged(draft: Draft, chosen: Chosen) -> Judged:
    locked = queries.locked(draft)
    with grid.asking(draft) as board:
        return grid_words.judged(board, chosen, locked)


def _slot_of_form(slots: Sequence[Slot], found: Judged | None) -> int | None:
    """Return the slot whose tables the form offers: the one asked for, else the best there is."""
    if found is None:
        return None
    asked = incoming.number("slot", 0)
    if any(slot.id == asked for slot in slots):
        return asked
    bests = [spot for spot in (found.best(slot.id) for slot in slots) if spot is not None]
    return max(bests, key=lambda spot: spot.gain).slot_id if bests else None


def _addresses() -> Callable[..., str]:
    """Return what gives the address of the same part of the grid but for what is named, as seen from this page."""
    shown = {name: request.args.get(name) for name in KEPT}
    return lambda **other: f"?{urlencode(_given(shown | other))}"


def _given(shown: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in shown.items() if value}
