"""The kinds of participants: their limits, the minimum promised to them, what their silence means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matchmaker.domain.states import Silence
from matchmaker.domain.wording import N_
from matchmaker.errors import InvalidValue
from matchmaker.models import Organisation, ParticipantType
from matchmaker.services.steps import rows
from matchmaker.services.steps.journal import record
from matchmaker.services.steps.revisions import bump
from matchmaker.unit_of_work import unit_of_work


@dataclass(frozen=True, slots=True)
class TypeRules:
    """What holds for everybody of a type who has no limits of their own. None: no limit."""

    code: str
    names: Mapping[str, str]
    max_meetings: int | None = None
    max_per_day: int | None = None
    max_consecutive: int | None = None
    min_meetings: int = 0
    silence: Silence = Silence.CONSENTS


def add(event_id: int, rules: TypeRules, *, actor_id: int | None, now: datetime) -> int:
    """Add a type of participants; return its id.

    Raises
    ------
    InvalidValue
        If the code is taken, the name missing, or the minimum above the limit.
    """
    with unit_of_work() as session:
        rows.the_event(session, event_id)
        rows.refuse_taken(session, ParticipantType, event_id, rules.code)
        _check(rules)
        added = ParticipantType(event_id=event_id, **_columns(rules))
        session.add(added)
        session.flush()
        record(session, event_id=event_id, actor_id=actor_id, verb="type.added", now=now, subject=rules.code)
        return added.id


def change(
    event_id: int, type_id: int, rules: TypeRules, *, revision: int, actor_id: int | None, now: datetime
) -> None:
    """Change the rules of a type.

    Raises
    ------
    ChangedMeanwhile
        If somebody saved them since ``revision`` was read.
    InvalidValue
        As for ``add``.
    """
    with unit_of_work() as session:
        row = rows.of_event(session, ParticipantType, event_id, type_id)
        rows.refuse_taken(session, ParticipantType, event_id, rules.code, type_id)
        _check(rules)
        bump(row, revision, _columns(rules))
        record(session, event_id=event_id, actor_id=actor_id, verb="type.changed", now=now, subject=rules.code)


def remove(event_id: int, type_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Take a type away.

    Raises
    ------
    InUse
        If organisations are of it.
    """
    with unit_of_work() as session:
        row = rows.of_event(session, ParticipantType, event_id, type_id)
        rows.refuse_used(session, "type", Organisation.type_id == type_id)
        session.delete(row)
        record(session, event_id=event_id, actor_id=actor_id, verb="type.removed", now=now, subject=row.code)


def _check(rules: TypeRules) -> None:
    rows.refuse_nameless(rules.names)
    if rules.max_meetings is not None and rules.min_meetings > rules.max_meetings:
        raise InvalidValue("min_meetings", N_("The minimum is above the limit."))


def _columns(rules: TypeRules) -> dict[str, Any]:
    plain = ("code", "max_meetings", "max_per_day", "max_consecutive", "min_meetings", "silence")
    return {name: getattr(rules, name) for name in plain} | {"names": dict(rules.names)}
