"""An import of people on its way: what its rows say, and who of the event they may repeat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from matchmaker.domain import heads
from matchmaker.domain.columns import Column
from matchmaker.domain.heads import Heads, Row
from matchmaker.domain.importing import Known, Line, by_names, check
from matchmaker.domain.states import ImportKind, ImportState, Locale
from matchmaker.domain.twins import Choice, Judged, Party, There, judge
from matchmaker.errors import NotFound
from matchmaker.extensions import db
from matchmaker.models import (
    Account,
    Delegation,
    Event,
    Organisation,
    ParticipantType,
    Participation,
    PeopleImport,
)
from matchmaker.queries.taxonomy import taxonomy


def access_import(event_id: int, import_id: int, *, whole: bool = True) -> PeopleImport:
    """Return an import of the event, with its rows if the ``whole`` is wanted.

    Raises
    ------
    NotFound
        If it is of another event, or deleted.
    """
    where = PeopleImport.id == import_id, PeopleImport.event_id == event_id
    chosen = select(PeopleImport).where(*where).execution_options(populate_existing=True)
    one = db.session.scalar(chosen.options(undefer(PeopleImport.rows)) if whole else chosen)
    if one is None:
        raise NotFound("import", import_id)
    return one


def kind_of(import_id: int) -> ImportKind | None:
    """Return what the table of an import tells; None if it is gone."""
    found = db.session.scalar(select(PeopleImport.kind).where(PeopleImport.id == import_id))
    return ImportKind(found) if found else None


def unfinished(event_id: int) -> Sequence[PeopleImport]:
    """Return the imports of the event that nobody has confirmed yet, the newest first, without their rows."""
    where = PeopleImport.event_id == event_id, PeopleImport.state != ImportState.DONE
    return db.session.scalars(select(PeopleImport).where(*where).order_by(PeopleImport.id.desc())).all()


def confirmed() -> Sequence[int]:
    """Return the imports that wait for the worker."""
    where = PeopleImport.state == ImportState.CONFIRMED
    return db.session.scalars(select(PeopleImport.id).where(where).order_by(PeopleImport.id)).all()


def any_older(moment: datetime) -> bool:
    """Tell whether there is an import from before a moment."""
    return db.session.scalar(select(PeopleImport.id).where(PeopleImport.created_at < moment).limit(1)) is not None


def heads_of(one: PeopleImport) -> Heads:
    return Heads(one.head_first, one.head_count)


def columns_of(one: PeopleImport) -> dict[int, Column]:
    return {int(number): Column(name) for number, name in one.columns.items()}


def choices_of(one: PeopleImport) -> dict[int, Choice]:
    return {int(number): Choice(name) for number, name in one.choices.items()}


def rows_below(one: PeopleImport) -> list[Row]:
    return heads.below(one.rows, heads_of(one))


def known(event_id: int) -> Known:
    """Return what words in a table may name in this event."""
    event = db.session.get_one(Event, event_id)
    types = db.session.execute(
        select(ParticipantType.code, ParticipantType.names).where(ParticipantType.event_id == event_id)
    )
    topics = {code: topic.names for code, topic in taxonomy().topics.items()}
    locale = next((Locale(code) for code in event.languages if code in set(Locale)), Locale.FRENCH)
    delegations = db.session.execute(
        select(Delegation.code, Delegation.names, Delegation.head_id).where(Delegation.event_id == event_id)
    ).all()
    return Known(
        by_names({row.code: row.names for row in types}),
        by_names(topics),
        locale,
        by_names({row.code: row.names for row in delegations}),
        frozenset(row.code for row in delegations if row.head_id),
    )


def judged(one: PeopleImport) -> list[Judged]:
    """Return each row of an import, read and compared with everybody of the event."""
    columns, words = columns_of(one), known(one.event_id)
    return compared(one.event_id, [check(row, columns, words) for row in rows_below(one)])


def compared(event_id: int, lines: Sequence[Line]) -> list[Judged]:
    """Compare rows that were read with everybody of the event."""
    return judge(lines, _people(event_id), _parties(event_id))


def _people(event_id: int) -> list[There]:
    columns = (Account.names, Account.email, Participation.organisation_id, Participation.code)
    joined = select(*columns).join(Account, Account.id == Participation.account_id)
    where = Participation.event_id == event_id, Participation.deleted_at.is_(None)
    return [There(*row) for row in db.session.execute(joined.where(*where).order_by(Participation.id))]


def _parties(event_id: int) -> list[Party]:
    columns = (Organisation.id, Organisation.code, Organisation.names, func.coalesce(Delegation.code, ""))
    joined = select(*columns).outerjoin(Delegation, Delegation.id == Organisation.delegation_id)
    found = joined.where(Organisation.event_id == event_id).order_by(Organisation.id)
    return [Party(*row) for row in db.session.execute(found)]
