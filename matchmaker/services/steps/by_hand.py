"""Writing a change by hand into a draft: its own copy first, then the one meeting, the figures and the reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import and_, delete, func, insert, literal, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from matchmaker.domain.states import Phase
from matchmaker.errors import ChangedMeanwhile, DoubleBooking, MeetingLocked, NotFound, NothingToUndo, PhaseForbids
from matchmaker.models import (
    Draft,
    DraftMeeting,
    DraftStep,
    DraftUnscheduled,
    Event,
    PersonBooking,
    TableBooking,
)
from matchmaker.queries.grid import is_published
from matchmaker.queries.shelf import question_edition
from matchmaker.scheduling.draft import facts_of
from matchmaker.scheduling.grid import Changed
from matchmaker.scheduling.question import Place

MEETING = ("event_id", "request_id", "slot_id", "length", "location_id", "table_number", "interpreter_id", "locked")
PERSON = ("event_id", "participation_id", "slot_id", "seat", "side")
TABLE = ("event_id", "location_id", "table_number", "slot_id")
UNSCHEDULED = ("event_id", "request_id", "reason", "detail")


def draft_to_change(session: Session, event_id: int, number: int, revision: int, asked: int) -> Draft:
    """Return the draft that a change goes into: this one if it was made by hand and is not published, else a copy.

    ``asked`` is the edition of the question that the change was judged by.

    Raises
    ------
    ChangedMeanwhile
        If somebody changed the draft, or what the solver is asked, since it was looked at.
    NotFound
        If there is no such event or draft.
    PhaseForbids
        If the event is over.
    """
    event = session.get(Event, event_id, with_for_update=True, populate_existing=True)
    draft = session.scalar(select(Draft).where(Draft.event_id == event_id, Draft.number == number))
    if event is None or draft is None:
        raise NotFound("draft", number)
    if event.phase is Phase.AFTER:
        raise PhaseForbids(event.phase)
    if draft.revision != revision or question_edition(event_id) != asked:
        raise ChangedMeanwhile("draft", {}, draft.revision)
    is_our_own = draft.run_id is None and not is_published(draft)
    return draft if is_our_own else _copy(session, draft)


def write(session: Session, draft: Draft, request_id: int, place: Place | None, changed: Changed) -> Place | None:
    """Hold a request there, or not at all, and count again; return where it stood before.

    Raises
    ------
    DoubleBooking
        If a person or a table would be in two meetings at once; the database has the last word on that.
    MeetingLocked
        If the meeting is locked.
    """
    meeting = session.scalar(
        select(DraftMeeting).where(DraftMeeting.draft_id == draft.id, DraftMeeting.request_id == request_id)
    )
    if meeting is not None and meeting.locked:
        raise MeetingLocked
    before = None if meeting is None else _stood(meeting)
    if meeting is not None:
        for booking in (PersonBooking, TableBooking):
            session.execute(delete(booking).where(booking.meeting_id == meeting.id))
        session.expire(meeting)
    if place is not None:
        _hold(session, meeting or DraftMeeting(event_id=draft.event_id, draft_id=draft.id), request_id, place, changed)
    elif meeting is not None:
        session.delete(meeting)
    for name, value in changed.figures.items():
        setattr(draft, name, value)
    draft.revision += 1
    try:
        session.flush()
    except IntegrityError as error:
        raise DoubleBooking from error
    _give_reasons(session, draft, changed)
    return before


def note(session: Session, draft: Draft, request_id: int, before: Place | None, after: Place | None) -> None:
    """Write a change down so that it can be undone; what was undone before it cannot be done again."""
    session.execute(delete(DraftStep).where(DraftStep.draft_id == draft.id, DraftStep.undone.is_(True)))
    last = session.scalar(select(func.max(DraftStep.number)).where(DraftStep.draft_id == draft.id)) or 0
    session.add(
        DraftStep(
            event_id=draft.event_id,
            draft_id=draft.id,
            number=last + 1,
            request_id=request_id,
            before=None if before is None else asdict(before),
            after=None if after is None else asdict(after),
        )
    )


def turn(session: Session, draft: Draft, number: int) -> None:
    """Note that a step was undone, or done again."""
    step = session.scalar(select(DraftStep).where(DraftStep.draft_id == draft.id, DraftStep.number == number))
    if step is None:  # the draft was published meanwhile, and what is changed is its copy
        raise NothingToUndo
    step.undone = not step.undone


def read_place(stored: Mapping[str, Any] | None) -> Place | None:
    """Return a place that was written down in a step."""
    return None if stored is None else Place(**{**stored, "people": tuple(stored["people"])})


def _stood(meeting: DraftMeeting) -> Place:
    by_side = {booking.side: booking.participation_id for booking in meeting.people}
    people = tuple(person for _, person in sorted(by_side.items()))
    return Place(meeting.slot_id, meeting.location_id, meeting.table_number, people, meeting.interpreter_id)


def _hold(session: Session, meeting: DraftMeeting, request_id: int, place: Place, changed: Changed) -> None:
    question = changed.board.question
    slots = question.taken(place.slot_id, request_id)
    meeting.request_id, meeting.length = request_id, len(slots)
    meeting.slot_id, meeting.location_id = place.slot_id, place.location_id
    meeting.table_number, meeting.interpreter_id = place.table, place.interpreter_id
    of_draft = {"event_id": meeting.event_id, "draft_id": meeting.draft_id}
    table = {"location_id": place.location_id, "table_number": place.table}
    meeting.tables = [TableBooking(**of_draft, **table, slot_id=slot_id) for slot_id in slots]
    meeting.people = [
        PersonBooking(
            **of_draft,
            participation_id=person,
            slot_id=slot_id,
            side=side,
            seat=_seat(session, meeting.draft_id, person, slot_id) if question.parallel(person) > 1 else 0,
        )
        for side, person in enumerate(place.people)
        for slot_id in slots
    ]
    session.add(meeting)


def _seat(session: Session, draft_id: int, participation_id: int, slot_id: int) -> int:
    """Return the first seat that is free with a host of several at once."""
    where = (PersonBooking.participation_id == participation_id, PersonBooking.slot_id == slot_id)
    with session.no_autoflush:
        taken = session.scalars(select(PersonBooking.seat).where(PersonBooking.draft_id == draft_id, *where)).all()
    return next(seat for seat in range(len(taken) + 1) if seat not in taken)


def _give_reasons(session: Session, draft: Draft, changed: Changed) -> None:
    """Let the draft say of each request that it does not hold what the solver says now; untouched what it does not."""
    columns = DraftUnscheduled.request_id, DraftUnscheduled.id, DraftUnscheduled.reason
    where = DraftUnscheduled.draft_id == draft.id
    stored = {request_id: (id_, reason) for request_id, id_, reason in session.execute(select(*columns).where(where))}
    held = [id_ for request_id, (id_, _) in stored.items() if request_id in changed.board.places]
    if held:
        session.execute(delete(DraftUnscheduled).where(where, DraftUnscheduled.id.in_(held)))
    new = {"event_id": draft.event_id, "draft_id": draft.id}
    added: list[dict[str, Any]] = []
    other: list[dict[str, Any]] = []
    for request_id, row in changed.reasons.items():
        if request_id not in stored:
            added.append({**new, "request_id": request_id, "reason": row.reason, "detail": facts_of(row)})
        elif stored[request_id][1] != row.reason:
            other.append({"id": stored[request_id][0], "reason": row.reason, "detail": facts_of(row)})
    if added:
        session.execute(insert(DraftUnscheduled), added)
    if other:
        session.execute(update(DraftUnscheduled), other)


def _copy(session: Session, source: Draft) -> Draft:
    """Add the next draft, by hand from this one, with all that it holds.

    Its date is that of the source: publishing asks what was handed over or cancelled since.
    """
    last = session.scalar(select(func.max(Draft.number)).where(Draft.event_id == source.event_id)) or 0
    figures = ("value", "bound", "gap", "seconds", "proven", "terms", "scores", "created_at")
    copy = Draft(
        event_id=source.event_id,
        number=last + 1,
        from_number=source.number,
        **{name: getattr(source, name) for name in figures},
    )
    session.add(copy)
    session.flush()
    of_copy = literal(copy.id)
    kinds: Mapping[Any, Sequence[str]] = {DraftMeeting: MEETING, DraftUnscheduled: UNSCHEDULED}
    for kind, names in kinds.items():
        _insert(session, kind, names, select(*_columns(kind, names), of_copy).where(kind.draft_id == source.id))
    here, there = aliased(DraftMeeting), aliased(DraftMeeting)
    same = and_(there.draft_id == copy.id, there.request_id == here.request_id)
    bookings: Mapping[Any, Sequence[str]] = {PersonBooking: PERSON, TableBooking: TABLE}
    for booking, names in bookings.items():
        rows = select(*_columns(booking, names), there.id, of_copy).join(here, here.id == booking.meeting_id)
        _insert(session, booking, (*names, "meeting_id"), rows.join(there, same).where(booking.draft_id == source.id))
    return copy


def _insert(session: Session, kind: Any, names: Sequence[str], rows: Any) -> None:
    session.execute(insert(kind).from_select([*names, "draft_id"], rows))


def _columns(kind: Any, names: Sequence[str]) -> list[Any]:
    return [getattr(kind, name) for name in names]
