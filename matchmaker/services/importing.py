"""Bringing a table of people into an event: sent, settled, chosen row by row, confirmed; then entered whole or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete
from sqlalchemy.orm import Session

from matchmaker.domain import heads
from matchmaker.domain.columns import Column, suggest
from matchmaker.domain.heads import Heads, Row
from matchmaker.domain.importing import Candidate, check
from matchmaker.domain.states import ImportState
from matchmaker.domain.twins import Choice, Judged, Plan, chosen, plan
from matchmaker.domain.wording import N_
from matchmaker.errors import InvalidValue, SettledAlready
from matchmaker.models import Event, Organisation, OrganisationTopic, ParticipantType, PeopleImport
from matchmaker.queries import importing
from matchmaker.services.steps import people, rows
from matchmaker.services.steps.codes import new_code
from matchmaker.services.steps.journal import record
from matchmaker.services.steps.revisions import bump
from matchmaker.unit_of_work import unit_of_work

KEPT = timedelta(days=1)
"""How long a table that nobody confirms is kept."""
AT_ONCE = 500
"""Rows that are read between two notes of how far it is."""
NAMES = frozenset({Column.NAME, Column.NAME_AR, Column.NAME_FR, Column.NAME_EN, Column.FIRST, Column.LAST})
ORGANISATIONS = frozenset({Column.ORGANISATION, Column.ORGANISATION_AR, Column.ORGANISATION_FR, Column.ORGANISATION_EN})
MEANWHILE = N_(
    "Meanwhile others registered who may be among these rows. Choose what becomes of these, and confirm again."
)
NOT_NOW = N_("The people could not be entered. Nothing was written. Look at the rows again.")

log = structlog.get_logger()


def begin(
    event_id: int, given: list[Row], *, title: str, others: Iterable[str] = (), actor_id: int, now: datetime
) -> int:
    """Keep a table that somebody sent, with a guess at its heads and columns; return the import's id.

    Raises
    ------
    DataDeleted
        If the event's announced day is over.
    """
    found = heads.find(given)
    width = max((len(cells) for _, cells in given), default=0)
    columns = suggest(heads.texts(given, found, width))
    with unit_of_work() as session:
        people.open_event(session, event_id, now)
        one = PeopleImport(
            event_id=event_id,
            made_by_id=actor_id,
            title=title[:200],
            others=list(others)[:20],
            rows=given,
            columns=_stored(columns),
            head_first=found.first,
            head_count=found.height,
            total=len(heads.below(given, found)),
            created_at=now,
        )
        session.add(one)
        session.flush()
        return one.id


def settle(event_id: int, import_id: int, columns: Mapping[int, Column], found: Heads, *, revision: int) -> None:
    """Say what each column holds and where the heads stand.

    Raises
    ------
    ChangedMeanwhile
        If somebody settled it since ``revision`` was read.
    InvalidValue
        If nothing holds names or organisations, or two columns hold the same.
    SettledAlready
        If the import is confirmed.
    """
    _refuse_columns(columns)
    with unit_of_work() as session:
        one = _draft(session, event_id, import_id)
        total = len(heads.below(one.rows, found))
        if not total:
            raise InvalidValue("head_first", N_("There is no row below these heads."))
        fields = {"columns": _stored(columns), "head_first": found.first, "head_count": found.height, "total": total}
        bump(one, revision, fields)
        one.trouble = ""


def choose(event_id: int, import_id: int, choices: Mapping[int, Choice], rest: Choice | None = None) -> None:
    """Say what becomes of rows that need a choice, and of all ``rest`` that are open and offer it.

    Raises
    ------
    SettledAlready
        If the import is confirmed.
    """
    offering = _offering(event_id, import_id, rest) if rest else []
    with unit_of_work() as session:
        one = _draft(session, event_id, import_id)
        made = {**importing.choices_of(one), **choices}
        made |= {row.line.number: rest for row in offering if rest and chosen(row, made) is None}
        one.choices = {str(number): str(choice) for number, choice in sorted(made.items())}
        one.revision += 1


def confirm(event_id: int, import_id: int, count: int, *, now: datetime) -> None:
    """Let the worker enter the people; ``count`` is how many the organiser was told.

    Raises
    ------
    InvalidValue
        If rows wait for a choice, nobody is left, or it would be another number by now.
    DataDeleted
        If the event's announced day is over.
    SettledAlready
        If the import is confirmed.
    """
    seen = importing.access_import(event_id, import_id)
    revision, made = seen.revision, plan(importing.judged(seen), importing.choices_of(seen))  # slow, so before the lock
    if made.undecided:
        raise InvalidValue("count", N_("Some rows still wait for your choice."))
    if not made.people:
        raise InvalidValue("count", N_("Nobody is left to be imported."))
    with unit_of_work() as session:
        people.open_event(session, event_id, now)
        one = _draft(session, event_id, import_id)
        if made.people != count or one.revision != revision:
            raise InvalidValue("count", N_("It is another number of people by now. Look at the rows again."))
        one.state, one.checked, one.trouble = ImportState.CONFIRMED, 0, ""


def carry_out(import_id: int, *, now: datetime) -> None:
    """Enter the people of a confirmed import, all or none; done twice, it does nothing the second time.

    Whoever dies in between has written nothing. Rows that somebody must choose for, since others came meanwhile,
    send the import back.
    """
    try:
        _enter(import_id, now)
    except Exception as error:  # noqa: BLE001 -- one that cannot be entered must not be tried for ever
        log.error("import failed", number=import_id, error=type(error).__name__)  # noqa: TRY400
        _send_back(import_id, NOT_NOW)


def _offering(event_id: int, import_id: int, choice: Choice) -> list[Judged]:
    """Return the rows that offer a choice; read before the database is locked for writing."""
    return [row for row in importing.judged(importing.access_import(event_id, import_id)) if choice in row.choices]


def discard(event_id: int, import_id: int) -> None:
    """Delete a table that was sent.

    Raises
    ------
    SettledAlready
        If the import is confirmed.
    """
    with unit_of_work() as session:
        session.delete(_draft(session, event_id, import_id))


def forget(*, now: datetime) -> None:
    """Delete what is older than a day."""
    with unit_of_work() as session:
        session.execute(delete(PeopleImport).where(PeopleImport.created_at < now - KEPT))


def _enter(import_id: int, now: datetime) -> None:
    made = _planned(import_id)
    if made is None:
        return
    if made.undecided:
        _send_back(import_id, MEANWHILE)
        return
    with unit_of_work() as session:
        one = session.get(PeopleImport, import_id, with_for_update=True, populate_existing=True)
        if one is None or one.state is not ImportState.CONFIRMED:
            return
        event = people.open_event(session, one.event_id, now)
        _write(session, event, made, now)
        one.state, one.people, one.organisations = ImportState.DONE, made.people, len(made.adding)
        one.rows, one.columns, one.choices, one.title = [], {}, {}, ""
        detail = {"people": made.people, "organisations": len(made.adding)}
        actor = one.made_by_id
        record(session, event_id=event.id, actor_id=actor, verb="people.imported", now=now, detail=detail)


def _planned(import_id: int) -> Plan | None:
    """Read and judge all rows, noting how far it is; None if the import does not wait any more."""
    with unit_of_work() as session:
        one = session.get(PeopleImport, import_id, populate_existing=True)
        if one is None or one.state is not ImportState.CONFIRMED:
            return None
        event_id, choices, columns = one.event_id, importing.choices_of(one), importing.columns_of(one)
        given = importing.people_rows(one)
    words, lines = importing.known(event_id), []
    for start in range(0, len(given), AT_ONCE):
        lines += [check(row, columns, words) for row in given[start : start + AT_ONCE]]
        with unit_of_work() as session:
            if (here := session.get(PeopleImport, import_id)) is None:
                return None
            here.checked = len(lines)
    return plan(importing.compared(event_id, lines), choices)


def _write(session: Session, event: Event, made: Plan, now: datetime) -> None:
    types = {row.code: row.id for row in session.query(ParticipantType).filter_by(event_id=event.id)}
    for candidates in made.adding.values():
        organisation = _organisation(session, event, candidates, types, now)
        for candidate in candidates:
            people.enter(session, organisation, people.new_account(session, candidate, now), candidate, now)
    for candidate, organisation_id in made.joining:
        organisation = rows.of_event(session, Organisation, event.id, organisation_id)
        people.enter(session, organisation, people.new_account(session, candidate, now), candidate, now)


def _organisation(
    session: Session, event: Event, candidates: list[Candidate], types: Mapping[str, int], now: datetime
) -> Organisation:
    """Make the organisation of some rows: the first row that says something of it is believed, topics add up."""
    said = list(reversed(candidates))
    names = {code: text for one in said for code, text in one.organisation_names.items()}
    type_code = next((one.type_code for one in candidates if one.type_code), None)
    organisation = Organisation(
        event_id=event.id,
        code=new_code(),
        names=names,
        type_id=types[type_code] if type_code else None,
        country=candidates[0].country,
        created_at=now,
        **{name: _first(candidates, name) for name in ("city", "website", "about", "offers_text", "needs_text")},
    )
    for kind in ("offer", "need"):
        codes = dict.fromkeys(topic for one in candidates for topic in getattr(one, f"{kind}s"))
        organisation.topics += [OrganisationTopic(event_id=event.id, kind=kind, topic=code) for code in codes]
    session.add(organisation)
    return organisation


def _first(candidates: list[Candidate], name: str) -> str:
    return next((text for one in candidates if (text := getattr(one, name))), "")


def _send_back(import_id: int, sentence: str) -> None:
    with unit_of_work() as session:
        one = session.get(PeopleImport, import_id, with_for_update=True)
        if one is not None and one.state is ImportState.CONFIRMED:
            one.state, one.trouble = ImportState.DRAFT, sentence


def _draft(session: Session, event_id: int, import_id: int) -> PeopleImport:
    one = rows.of_event(session, PeopleImport, event_id, import_id)
    if one.state is not ImportState.DRAFT:
        raise SettledAlready
    return one


def _refuse_columns(columns: Mapping[int, Column]) -> None:
    there = set(columns.values())
    if len(there) < len(columns):
        raise InvalidValue("columns", N_("Two columns are said to hold the same. Choose one of them."))
    if not there & (NAMES | {Column.FIRST_AR, Column.LAST_AR}):
        raise InvalidValue("columns", N_("Say which column holds the names."))
    if not there & ORGANISATIONS:
        raise InvalidValue("columns", N_("Say which column holds the organisations."))


def _stored(columns: Mapping[int, Column]) -> dict[str, str]:
    return {str(number): str(column) for number, column in sorted(columns.items())}
