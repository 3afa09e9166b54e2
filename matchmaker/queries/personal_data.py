"""All that an event holds about one person, for themselves to see and to take away; nothing of anybody else's.

Left out on purpose: what others wished or refused, drafts that nobody was told, how anybody else is reached.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.extensions import db
from matchmaker.models import (
    Account,
    Attendance,
    Base,
    Consent,
    Event,
    LogEntry,
    Mail,
    Membership,
    Organisation,
    Participation,
    PublishedMeeting,
    Request,
    SessionSeat,
    SignInLink,
    Unavailability,
    Version,
    Wish,
)

Facts = dict[str, Any]
TOLD_APART = frozenset({"attendance", "consent", "mail", "person_booking", "session_seat", "unavailability"})
"""Tables that name a participation and have a place of their own below; any other is told column by column."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What is held, in short: ``counts`` by the name of each kind of row."""

    consents: Sequence[Consent]
    counts: Mapping[str, int]
    is_shared: bool
    """Whether the account is needed by another event, or by its owner's work: then it stays."""
    is_last: bool
    """Whether nobody else is left in the organisation."""


def own_parts(event_id: int, account_id: int) -> Sequence[Participation]:
    """Return all participations of an account in the event, withdrawn ones among them."""
    where = Participation.event_id == event_id, Participation.account_id == account_id
    ways = joinedload(Participation.account), joinedload(Participation.organisation).selectinload(Organisation.topics)
    return db.session.scalars(select(Participation).where(*where).options(*ways).order_by(Participation.id)).all()


def summary(participation: Participation) -> Summary:
    """Return what a person's page tells of their data before they take it or delete it."""
    parts = own_parts(participation.event_id, participation.account_id)
    ids, parties = [part.id for part in parts], [part.organisation_id for part in parts]
    counted = {
        "unavailabilities": _count(Unavailability, Unavailability.participation_id.in_(ids)),
        "sessions": _count(SessionSeat, SessionSeat.participation_id.in_(ids)),
        "wishes": _count(Wish, Wish.organisation_id.in_(parties)),
        "meetings": db.session.scalar(_requests_met(ids)) or 0,
        "messages": _count(Mail, Mail.participation_id.in_(ids)),
    }
    others = Participation.organisation_id == participation.organisation_id, Participation.id.not_in(ids)
    return Summary(
        consents=_consents(ids),
        counts=counted,
        is_shared=_is_shared(participation),
        is_last=not _count(Participation, *others, Participation.deleted_at.is_(None)),
    )


def everything(event: Event, account_id: int, *, now: dt.datetime) -> Facts:
    """Return all of a person's data in one event as plain values: texts as stored, moments in ISO form."""
    parts = own_parts(event.id, account_id)
    account = db.session.get_one(Account, account_id)
    ids = [part.id for part in parts]
    told = {
        "about": {"event": event.names, "address": event.slug, "time_zone": event.zone, "made_at": now},
        "account": _account(account),
        "participations": [_participation(part) for part in parts],
        "meetings": _meetings(parts),
        "messages": [_message(mail) for mail in _mails(ids)],
        "sign_in_links": [_columns(link, "created_at expires_at used_at") for link in _links(event.id, account_id)],
        "log": [_entry(entry, account_id) for entry in _log(event.id, account_id, ids)],
        **_further(ids),
    }
    plain: Facts = _plain(told)
    return plain


def _account(account: Account) -> Facts:
    return _columns(account, "names email phone locale login created_at")


def _participation(part: Participation) -> Facts:
    said = "code job languages channel by_invitation wants_reminders represents withdrawn arrived_at created_at"
    settled = "max_meetings max_per_day max_consecutive min_meetings parallel"
    return {
        **_columns(part, said),
        "limits": _columns(part, settled),
        "organisation": _organisation(part.organisation),
        "consents": [_columns(row, "purpose given_at") for row in _consents([part.id])],
        "not_free": [_columns(row.slot, "day start end") for row in _away(part.id)],
        "sessions": [_columns(row.session, "titles day start end") | {"speaks": row.speaks} for row in _seats(part.id)],
        "wishes_of_the_organisation": [_wish(row, part.account_id) for row in _wishes(part.organisation_id)],
    }


def _organisation(row: Organisation) -> Facts:
    topics = {f"{kind}s": sorted(one.topic for one in row.topics if one.kind == kind) for kind in ("offer", "need")}
    return _columns(row, "code names short_names city country website about offers_text needs_text") | topics


def _wish(row: Wish, account_id: int) -> Facts:
    return {
        "organisation": row.wanted.names,
        "made_by_me": row.made_by_id == account_id,
        **_columns(row, "level rank made_at"),
    }


def _meetings(parts: Sequence[Participation]) -> list[Facts]:
    """Return each meeting in each version that told this person of it, with whom as it was told."""
    mine = {part.id: part for part in parts}
    attended = select(Attendance.meeting_id).where(Attendance.participation_id.in_(mine))
    request = joinedload(PublishedMeeting.request)
    people = selectinload(PublishedMeeting.attendances).joinedload(Attendance.participation)
    ways = (
        request.joinedload(Request.first),
        request.joinedload(Request.second),
        people.joinedload(Participation.account),
    )
    rows = (
        select(PublishedMeeting, Version)
        .join(Version, Version.id == PublishedMeeting.version_id)
        .where(PublishedMeeting.id.in_(attended))
        .order_by(Version.number, PublishedMeeting.day, PublishedMeeting.start)
        .options(*ways)
    )
    return [_meeting(meeting, version, mine) for meeting, version in db.session.execute(rows)]


def _meeting(row: PublishedMeeting, version: Version, mine: Mapping[int, Participation]) -> Facts:
    seat = next(seat for seat in row.attendances if seat.participation_id in mine)
    own = mine[seat.participation_id].organisation_id
    other = row.request.second if row.request.first_id == own else row.request.first
    others = [one.participation for one in row.attendances if one.side != seat.side]
    return {
        "version": version.number,
        "kind": version.kind,
        "published_at": version.published_at,
        "with": other.names,
        "people": [{"names": one.account.names, "job": one.job} for one in others],
        "place": row.location_names,
        "interpreter": row.interpreter_names,
        **_columns(row, "state day start end table_number languages moved was_day was_start"),
    }


def _message(mail: Mail) -> Facts:
    return _columns(mail, "kind recipient locale state created_at sent_at")


def _entry(entry: LogEntry, account_id: int) -> Facts:
    """Tell an entry without who else acted, and what it was about only where that is this person."""
    by = "the clock or a visitor" if entry.actor_id is None else "me" if entry.actor_id == account_id else "the team"
    told = {"at": entry.at, "by": by, "verb": entry.verb, "about_me": entry.for_participation_id is not None}
    return told | ({"detail": entry.detail} if entry.for_participation_id is not None else {})


def _further(ids: Sequence[int]) -> Facts:
    """Return the rows of every other table that names a participation."""
    found = {}
    for table in Base.metadata.sorted_tables:
        if "participation_id" in table.c and table.name not in TOLD_APART:
            rows = db.session.execute(select(table).where(table.c.participation_id.in_(ids))).mappings()
            found[table.name] = [dict(row) for row in rows]
    return found


# ── the rows ────────────────────────────────────────────────────────────────


def _consents(ids: Sequence[int]) -> Sequence[Consent]:
    return db.session.scalars(select(Consent).where(Consent.participation_id.in_(ids)).order_by(Consent.id)).all()


def _away(participation_id: int) -> Sequence[Unavailability]:
    where = select(Unavailability).where(Unavailability.participation_id == participation_id)
    return db.session.scalars(where.options(joinedload(Unavailability.slot)).order_by(Unavailability.slot_id)).all()


def _seats(participation_id: int) -> Sequence[SessionSeat]:
    where = select(SessionSeat).where(SessionSeat.participation_id == participation_id)
    return db.session.scalars(where.options(joinedload(SessionSeat.session))).all()


def _wishes(organisation_id: int) -> Sequence[Wish]:
    where = select(Wish).where(Wish.organisation_id == organisation_id)
    return db.session.scalars(where.options(joinedload(Wish.wanted)).order_by(Wish.id)).all()


def _mails(ids: Sequence[int]) -> Sequence[Mail]:
    return db.session.scalars(select(Mail).where(Mail.participation_id.in_(ids)).order_by(Mail.id)).all()


def _links(event_id: int, account_id: int) -> Sequence[SignInLink]:
    where = SignInLink.account_id == account_id, SignInLink.event_id == event_id
    return db.session.scalars(select(SignInLink).where(*where).order_by(SignInLink.id)).all()


def _log(event_id: int, account_id: int, ids: Sequence[int]) -> Iterable[LogEntry]:
    """Return what was done about the person or by them; of what staff does for others, none."""
    about_me = LogEntry.for_participation_id.in_(ids)
    by_me = (LogEntry.actor_id == account_id) & LogEntry.for_participation_id.is_(None)
    where = LogEntry.event_id == event_id, or_(about_me, by_me)
    return db.session.scalars(select(LogEntry).where(*where).order_by(LogEntry.id))


def _requests_met(ids: Sequence[int]) -> Select[int]:
    met = select(func.count(PublishedMeeting.request_id.distinct()))
    attended = met.join(Attendance, Attendance.meeting_id == PublishedMeeting.id)
    return attended.where(Attendance.participation_id.in_(ids))


def _is_shared(participation: Participation) -> bool:
    account_id = participation.account_id
    elsewhere = Participation.account_id == account_id, Participation.event_id != participation.event_id
    works = Membership.account_id == account_id
    return bool(participation.account.login or _count(Participation, *elsewhere) or _count(Membership, works))


def _count(kind: type[Base], *where: Any) -> int:
    return db.session.scalar(select(func.count(kind.id)).where(*where)) or 0


# ── as plain values ─────────────────────────────────────────────────────────


def _columns(row: Base, names: str) -> Facts:
    return {name: getattr(row, name) for name in names.split()}


def _plain(value: Any) -> Any:
    """Return what a JSON file can hold; times of the event stay wall time."""
    match value:
        case Mapping():
            return {str(key): _plain(one) for key, one in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
        case dt.datetime():
            return value.isoformat(timespec="seconds")
        case dt.date() | dt.time():
            return value.isoformat()
        case _:
            return value
