"""An event of thousands whose draft stands ready to be published: written in bulk, without a run of the solver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import insert

from matchmaker import models
from matchmaker.domain.states import Channel, Locale, Phase, RequestState, WishLevel
from matchmaker.models import Event
from matchmaker.unit_of_work import unit_of_work
from tests import factories

MEETINGS_EACH = 4
"""How many meetings each person has: with the neighbours at distances of 1, 2, 4 and 8."""
LANGUAGES = tuple(Locale)
Rows = Sequence[Mapping[str, Any]]


def crowded(people: int, now: datetime) -> Event:
    """Make an event of so many people, each alone for an organisation; draft 1 holds their meetings."""
    days = [models.EventDay(day=now.date() + timedelta(7), start=time(9), end=time(12))]
    event = factories.EventFactory(slug="mille", days=days, phase=Phase.SCHEDULING, wishes_close_at=None)
    hall = factories.LocationFactory(event=event, capacity=people)
    slots = [slot.id for slot in event.slots[:MEETINGS_EACH]]
    pairs = list(_pairs(people))
    of_event = {"event_id": event.id}
    numbers = range(1, people + 1)
    tables: Mapping[type[models.Base], Rows] = {
        models.Account: [_account(number, now) for number in numbers],
        models.Organisation: [_organisation(number, now) | of_event for number in numbers],
        models.Participation: [_participation(number, now) | of_event for number in numbers],
        models.Wish: [_wish(*pair, now) | of_event for one, other, _ in pairs for pair in ((one, other), (other, one))],
        models.Request: [_request(number, *pair, now) | of_event for number, pair in enumerate(pairs, 1)],
        models.Draft: [_draft(now) | of_event],
        models.DraftMeeting: [
            {"id": number, "request_id": number, **_place(number, slots[slot], hall.id), **of_event}
            for number, (_, _, slot) in enumerate(pairs, 1)
        ],
        models.PersonBooking: [
            {"meeting_id": number, "draft_id": 1, "participation_id": who, "slot_id": slots[slot], "side": side}
            | of_event
            for number, (one, other, slot) in enumerate(pairs, 1)
            for side, who in ((1, one), (2, other))
        ],
        models.TableBooking: [
            {"meeting_id": number, **_place(number, slots[slot], hall.id), **of_event}
            for number, (_, _, slot) in enumerate(pairs, 1)
        ],
    }
    with unit_of_work() as session:
        for kind, rows in tables.items():
            session.execute(insert(kind), list(rows))
    return event


def _pairs(people: int) -> Iterator[tuple[int, int, int]]:
    """Yield who meets whom in which slot; ids begin at 1."""
    for slot in range(MEETINGS_EACH):
        for place in range(people):
            other = place ^ (1 << slot)
            if place < other < people:
                yield place + 1, other + 1, slot


def _account(number: int, now: datetime) -> Mapping[str, Any]:
    names = {"fr": f"Fatima-Zahra El Alaoui {number}", "ar": f"فاطمة الزهراء العلوي {number}"}
    locale = LANGUAGES[number % len(LANGUAGES)]
    return {"id": number, "names": names, "email": f"p{number}@example.org", "locale": locale, "created_at": now}


def _organisation(number: int, now: datetime) -> Mapping[str, Any]:
    names = {"fr": f"Coopérative Argane du Souss {number}", "ar": f"تعاونية أركان سوس {number}"}
    return {"id": number, "code": f"o{number:07}", "names": names, "city": "Agadir", "created_at": now}


def _participation(number: int, now: datetime) -> dict[str, Any]:
    own = {"id": number, "code": f"p{number:07}", "account_id": number, "organisation_id": number}
    job = {"fr": "Directrice commerciale", "ar": "المديرة التجارية"}
    return {**own, "job": job, "languages": ["fr", "ar"], "channel": Channel.MAIL, "created_at": now}


def _wish(organisation: int, wanted: int, now: datetime) -> dict[str, Any]:
    return {"organisation_id": organisation, "wanted_id": wanted, "level": WishLevel.LIKE, "made_at": now}


def _request(number: int, first: int, second: int, _slot: int, now: datetime) -> dict[str, Any]:
    pair = {"id": number, "code": f"r{number:07}", "first_id": first, "second_id": second}
    return {**pair, "state": RequestState.ACCEPTED, "weight": 60, "klass": "like_like", "created_at": now}


def _draft(now: datetime) -> dict[str, Any]:
    figures = dict.fromkeys(("value", "bound", "gap", "seconds"), 0)
    return {"id": 1, "number": 1, "terms": {}, "scores": {}, "created_at": now, **figures}


def _place(number: int, slot: int, hall: int) -> dict[str, Any]:
    return {"draft_id": 1, "slot_id": slot, "location_id": hall, "table_number": number}
