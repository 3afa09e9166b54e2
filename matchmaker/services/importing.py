"""Bringing a table into an event: sent, settled, chosen row by row, confirmed; then entered whole or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete
from sqlalchemy.orm import Session

from matchmaker.domain import answer_columns, answers, columns, heads
from matchmaker.domain.answer_columns import Told
from matchmaker.domain.answers import AnswerPlan
from matchmaker.domain.columns import Column
from matchmaker.domain.heads import Heads, Row
from matchmaker.domain.importing import Candidate, check
from matchmaker.domain.states import ImportKind, ImportState, WishLevel
from matchmaker.domain.twins import Choice, Plan, plan
from matchmaker.domain.wording import N_
from matchmaker.errors import InvalidValue, SettledAlready
from matchmaker.models import Event, Organisation, OrganisationTopic, ParticipantType, PeopleImport
from matchmaker.queries import answering, importing
from matchmaker.services.steps import answers as entering
from matchmaker.services.steps import delegations, people, rows
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
WHO = (frozenset(answer_columns.WHO), N_("Say which column tells who."))
NEEDED: Mapping[ImportKind, tuple[tuple[frozenset[str], str], ...]] = {
    ImportKind.PEOPLE: (
        (NAMES | {Column.FIRST_AR, Column.LAST_AR}, N_("Say which column holds the names.")),
        (ORGANISATIONS, N_("Say which column holds the organisations.")),
    ),
    ImportKind.WISHES: (WHO, (frozenset(answer_columns.WHOM), N_("Say which column tells whom they want to meet."))),
    ImportKind.TIMES: (WHO, (frozenset({Told.DAY}), N_("Say which column holds the days."))),
}
"""What a table of each kind cannot do without, any of several columns, and what is said where all are missing."""
MEANWHILE = N_(
    "Meanwhile others registered who may be among these rows. Choose what becomes of these, and confirm again."
)
ANSWERED = N_("Meanwhile others answered what some rows answer too. Choose what becomes of these, and confirm again.")
NOT_NOW = N_("The people could not be entered. Nothing was written. Look at the rows again.")
NOT_ANSWERED = N_("The answers could not be entered. Nothing was written. Look at the rows again.")

log = structlog.get_logger()


def begin(
    event_id: int,
    given: list[Row],
    *,
    kind: ImportKind = ImportKind.PEOPLE,
    title: str,
    others: Iterable[str] = (),
    actor_id: int,
    now: datetime,
) -> int:
    """Keep a table that somebody sent, with a guess at its heads and columns; return the import's id.

    Raises
    ------
    DataDeleted
        If the event's announced day is over.
    """
    found = heads.find(given)
    width = max((len(cells) for _, cells in given), default=0)
    suggested = _suggested(kind, heads.texts(given, found, width))
    with unit_of_work() as session:
        people.open_event(session, event_id, now)
        one = PeopleImport(
            event_id=event_id,
            made_by_id=actor_id,
            kind=kind,
            title=title[:200],
            others=list(others)[:20],
            rows=given,
            columns=_stored(suggested),
            head_first=found.first,
            head_count=found.height,
            total=len(heads.below(given, found)),
            created_at=now,
        )
        session.add(one)
        session.flush()
        return one.id


def settle(event_id: int, import_id: int, chosen_columns: Mapping[int, str], found: Heads, *, revision: int) -> None:
    """Say what each column holds and where the heads stand.

    Raises
    ------
    ChangedMeanwhile
        If somebody settled it since ``revision`` was read.
    InvalidValue
        If a column that is needed is missing, or two columns hold the same.
    SettledAlready
        If the import is confirmed.
    """
    with unit_of_work() as session:
        one = _draft(session, event_id, import_id)
        _refuse_columns(ImportKind(one.kind), chosen_columns)
        total = len(heads.below(one.rows, found))
        if not total:
            raise InvalidValue("head_first", N_("There is no row below these heads."))
        fields = {
            "columns": _stored(chosen_columns),
            "head_first": found.first,
            "head_count": found.height,
            "total": total,
        }
        bump(one, revision, fields)
        one.trouble = ""


def choose(
    event_id: int,
    import_id: int,
    choices: Mapping[int, Choice],
    rest: Choice | None = None,
    *,
    sees_vetoes: bool = False,
    now: datetime,
) -> None:
    """Say what becomes of rows that need a choice, and of all ``rest`` that are open and offer it.

    Raises
    ------
    SettledAlready
        If the import is confirmed.
    """
    offering = _offering(event_id, import_id, rest, sees_vetoes=sees_vetoes, now=now) if rest else []
    with unit_of_work() as session:
        one = _draft(session, event_id, import_id)
        made = {**importing.choices_of(one), **choices}
        made |= {number: rest for number, offered in offering if rest and made.get(number) not in offered}
        one.choices = {str(number): str(choice) for number, choice in sorted(made.items())}
        one.revision += 1


def confirm(event_id: int, import_id: int, count: int, *, sees_vetoes: bool = False, now: datetime) -> None:
    """Let the worker enter all that is planned; ``count`` is how many the organiser was told.

    Raises
    ------
    InvalidValue
        If rows wait for a choice, nothing is left, or it would be another number by now.
    DataDeleted
        If the event's announced day is over.
    SettledAlready
        If the import is confirmed.
    """
    seen = importing.access_import(event_id, import_id)
    revision, made = seen.revision, _plan(seen, sees_vetoes=sees_vetoes, now=now)  # slow, so before the lock
    if made.undecided:
        raise InvalidValue("count", N_("Some rows still wait for your choice."))
    if not made.count:
        raise InvalidValue("count", N_("Nothing is left to be imported."))
    with unit_of_work() as session:
        people.open_event(session, event_id, now)
        one = _draft(session, event_id, import_id)
        if made.count != count or one.revision != revision:
            raise InvalidValue("count", N_("It is another number by now. Look at the rows again."))
        one.state, one.checked, one.trouble, one.people = ImportState.CONFIRMED, 0, "", made.count


def _plan(seen: PeopleImport, *, sees_vetoes: bool, now: datetime) -> Plan | AnswerPlan:
    choices = importing.choices_of(seen)
    if seen.kind == ImportKind.PEOPLE:
        return plan(importing.judged(seen), choices)
    return answers.plan(answering.judged(seen, sees_vetoes=sees_vetoes, now=now), choices)


def carry_out(import_id: int, *, now: datetime) -> None:
    """Enter what a confirmed import holds, all or nothing; done twice, it does nothing the second time.

    Whoever dies in between has written nothing. Rows that somebody must choose for, since others came meanwhile,
    send the import back.
    """
    people_come = importing.kind_of(import_id) is ImportKind.PEOPLE
    try:
        _enter(import_id, now) if people_come else _enter_answers(import_id, now)
    except Exception as error:  # noqa: BLE001 -- one that cannot be entered must not be tried for ever
        log.error("import failed", number=import_id, error=type(error).__name__)  # noqa: TRY400
        _send_back(import_id, NOT_NOW if people_come else NOT_ANSWERED)


def _offering(
    event_id: int, import_id: int, choice: Choice, *, sees_vetoes: bool, now: datetime
) -> list[tuple[int, Sequence[Choice]]]:
    """Return the rows that offer a choice, with all that they offer; read before the database is locked."""
    seen = importing.access_import(event_id, import_id)
    if seen.kind == ImportKind.PEOPLE:
        offered = [(row.line.number, row.choices) for row in importing.judged(seen)]
    else:
        offered = [(row.number, row.choices) for row in answering.judged(seen, sees_vetoes=sees_vetoes, now=now)]
    return [(number, choices) for number, choices in offered if choice in choices]


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


def _enter_answers(import_id: int, now: datetime) -> None:
    """Enter wishes or times. A veto that is there stays unless somebody who sees it chose otherwise."""
    with unit_of_work() as session:
        one = session.get(PeopleImport, import_id, with_for_update=True, populate_existing=True)
        if one is None or one.state is not ImportState.CONFIRMED:
            return
        event = people.open_event(session, one.event_id, now)
        found = answering.judged(one, sees_vetoes=True, now=now)
        private = {row.number: Choice.LEAVE for row in found if row.before and row.before.level is WishLevel.VETO}
        made = answers.plan(found, private | importing.choices_of(one))
        if made.undecided:
            one.state, one.trouble = ImportState.DRAFT, ANSWERED
            return
        write = entering.write_wishes if one.kind == ImportKind.WISHES else entering.write_times
        write(session, made.taken, actor_id=one.made_by_id, now=now)
        one.state, one.rows, one.columns, one.choices, one.title = ImportState.DONE, [], {}, {}, ""
        detail = {one.kind: one.people}
        actor = one.made_by_id
        record(session, event_id=event.id, actor_id=actor, verb="answers.imported", now=now, detail=detail)


def _planned(import_id: int) -> Plan | None:
    """Read and judge all rows, noting how far it is; None if the import does not wait any more."""
    with unit_of_work() as session:
        one = session.get(PeopleImport, import_id, populate_existing=True)
        if one is None or one.state is not ImportState.CONFIRMED:
            return None
        event_id, choices, at = one.event_id, importing.choices_of(one), importing.columns_of(one)
        given = importing.rows_below(one)
    words, lines = importing.known(event_id), []
    for start in range(0, len(given), AT_ONCE):
        lines += [check(row, at, words) for row in given[start : start + AT_ONCE]]
        with unit_of_work() as session:
            if (here := session.get(PeopleImport, import_id)) is None:
                return None
            here.checked = len(lines)
    return plan(importing.compared(event_id, lines), choices)


def _write(session: Session, event: Event, made: Plan, now: datetime) -> None:
    types = {row.code: row.id for row in session.query(ParticipantType).filter_by(event_id=event.id)}
    together = delegations.Travellers(session, event.id)
    for candidates in made.adding.values():
        organisation = _organisation(session, event, candidates, types, now)
        for candidate in candidates:
            _enter_one(session, organisation, candidate, together, now)
    for candidate, organisation_id in made.joining:
        organisation = rows.of_event(session, Organisation, event.id, organisation_id)
        _enter_one(session, organisation, candidate, together, now)


def _enter_one(
    session: Session,
    organisation: Organisation,
    candidate: Candidate,
    together: delegations.Travellers,
    now: datetime,
) -> None:
    person = people.enter(session, organisation, people.new_account(session, candidate, now), candidate, now)
    if candidate.delegation:
        together.join(person, candidate.delegation, heads=candidate.heads)


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


def _suggested(kind: ImportKind, texts: list[str]) -> Mapping[int, str]:
    return columns.suggest(texts) if kind is ImportKind.PEOPLE else answer_columns.suggest(kind, texts)


def _refuse_columns(kind: ImportKind, given: Mapping[int, str]) -> None:
    there = set(given.values())
    if len(there) < len(given):
        raise InvalidValue("columns", N_("Two columns are said to hold the same. Choose one of them."))
    for needed, sentence in NEEDED[kind]:
        if not there & needed:
            raise InvalidValue("columns", sentence)


def _stored(given: Mapping[int, str]) -> dict[str, str]:
    return {str(number): str(column) for number, column in sorted(given.items())}
