"""An event with a published version, for what goes out: pages, mails, calendars, paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from matchmaker import models
from matchmaker.domain.states import Locale, MeetingState, RequestState, VersionKind
from matchmaker.unit_of_work import unit_of_work
from tests import factories

PUBLISHED_AT = datetime(2026, 3, 1, 10, 40, tzinfo=UTC)


@dataclass
class Day:
    """The event, the one who reads, the others in order, and the hall."""

    event: models.Event
    reader: models.Participation
    others: list[models.Participation]
    hall: models.Location


def a_day(others=2, *, locale=Locale.FRENCH, **event):
    """Make an event with a reader and others, each from an organisation of their own; nothing is published."""
    of = factories.EventFactory(**event)
    reader = factories.ParticipationFactory(
        event=of,
        account=factories.AccountFactory(
            names={"fr": "Nadia Bentahar", "ar": "نادية بنطاهر"}, email="nadia@example.org", locale=locale
        ),
        organisation=factories.OrganisationFactory(
            event=of, names={"fr": "Atlas Froid Logistique", "ar": "أطلس للتبريد واللوجستيك"}
        ),
    )
    met = [factories.ParticipationFactory(event=of) for _ in range(others)]
    hall = factories.LocationFactory(event=of, names={"fr": "Salle Atlas", "ar": "قاعة الأطلس", "en": "Atlas hall"})
    return Day(of, reader, met, hall)


def publish(day, *meetings, number=1, kind=VersionKind.FINAL, at=PUBLISHED_AT):
    """Publish a version with these meetings (``meeting(…)``) of the reader; return its id."""
    with unit_of_work() as session:
        draft = models.Draft(
            event_id=day.event.id, number=number, value=1, bound=1, gap=0, seconds=1, terms={}, scores={}, created_at=at
        )
        session.add(draft)
        session.flush()
        version = models.Version(event_id=day.event.id, number=number, kind=kind, draft_id=draft.id, published_at=at)
        session.add(version)
        session.flush()
        for given in meetings:
            _add(session, day, version, dict(given))
        return version.id


def meeting(other, start="09:00", end="09:20", on=factories.FIRST_DAY, **kwargs):
    """Describe a meeting of the reader with ``other`` (an index)."""
    return {"other": other, "start": clock(start), "end": clock(end), "day": on, **kwargs}


def clock(text):
    return time.fromisoformat(text)


def request_of(session, day, other):
    """Return the request between the reader's organisation and another's, made if it is not there."""
    pair = sorted([day.reader.organisation_id, day.others[other].organisation_id])
    found = session.query(models.Request).filter_by(first_id=pair[0], second_id=pair[1]).one_or_none()
    if found is None:
        found = models.Request(
            event_id=day.event.id,
            code=f"request{day.event.id}x{other}",
            first_id=pair[0],
            second_id=pair[1],
            state=RequestState.ACCEPTED,
            weight=60,
            klass="like_like",
            created_at=factories.LONG_AGO,
        )
        session.add(found)
        session.flush()
    return found


def _add(session, day, version, given):
    other = given.pop("other")
    present = given.pop("reader_present", True)
    defaults = {
        "state": MeetingState.CONFIRMED if version.kind is VersionKind.FINAL else MeetingState.PROVISIONAL,
        "location_id": day.hall.id,
        "location_names": day.hall.names,
        "table_number": 7,
        "languages": ["fr"],
    }
    row = models.PublishedMeeting(
        event_id=day.event.id,
        version_id=version.id,
        request_id=request_of(session, day, other).id,
        **{**defaults, **given},
    )
    people = [*([(day.reader, 1)] if present else []), (day.others[other], 2)]
    row.attendances = [
        models.Attendance(event_id=day.event.id, participation_id=person.id, side=side) for person, side in people
    ]
    session.add(row)


def at(day: date, text: str) -> datetime:
    """Return a wall time."""
    return datetime.combine(day, clock(text))
