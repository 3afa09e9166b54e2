"""An event of a thousand people and 15,000 wishes on SQLite, for what measures how long things take."""

from __future__ import annotations

import random
from datetime import time, timedelta
from pathlib import Path

from flask import Flask

from matchmaker import clock, models
from matchmaker.app import create_app
from matchmaker.domain.states import Locale, Phase, Role, VersionKind, WishLevel
from matchmaker.extensions import db
from matchmaker.models import Base, Event, Wish
from matchmaker.queries.taxonomy import taxonomy
from matchmaker.services import events, publishing, runs, sign_in, team
from matchmaker.services.runs import Capacity
from matchmaker.settings import Settings
from matchmaker.unit_of_work import all_or_nothing, unit_of_work
from tests import factories

PEOPLE, WISHES_EACH, MUSTS, DAYS = 1000, 15, 5, 4
SLUG = "mille"
SECRET = "only for this measurement"
LOGIN, PASSWORD = "houda@example.org", "a long enough password"
CAPACITY = Capacity(memory_mb=6000, workers=2)


def application(folder: str | Path, origin: str = "http://127.0.0.1:8000") -> Flask:
    """Return the application over a folder, with its tables."""
    app = create_app(Settings(data_folder=Path(folder), secret_key=SECRET, public_origin=origin, sign_in_minutes=600))
    with app.app_context():
        Base.metadata.create_all(db.engine)
    return app


def build(lot: random.Random) -> Event:
    """Make the event, which begins today, with its people and their wishes."""
    today = clock.now().date()
    days = [models.EventDay(day=today + timedelta(number), start=time(9), end=time(12)) for number in range(DAYS)]
    event = factories.EventFactory(slug=SLUG, days=days, phase=Phase.WISHES, wishes_close_at=None)
    for number in range(5):
        factories.LocationFactory(event=event, code=f"hall-{number}", capacity=50)
    topics = sorted(taxonomy().topics)
    with all_or_nothing():
        ids = [_party(event, number, lot.sample(topics, 3), lot.sample(topics, 3)) for number in range(PEOPLE)]
    with unit_of_work() as session:
        for one in ids:
            others = lot.sample([other for other in ids if other != one], WISHES_EACH)
            session.add_all(_wish(event.id, one, other, place) for place, other in enumerate(others))
    return event


def _party(event: Event, number: int, offers: list[str], needs: list[str]) -> int:
    names = {"fr": f"Atelier {number}", "ar": f"ورشة {number}"}
    party = factories.OrganisationFactory(event=event, names=names, offers=offers, needs=needs)
    factories.ParticipationFactory(organisation=party)
    return party.id


def _wish(event_id: int, one: int, wanted: int, place: int) -> Wish:
    is_must = place < MUSTS
    return Wish(
        event_id=event_id,
        organisation_id=one,
        wanted_id=wanted,
        level=WishLevel.MUST if is_must else WishLevel.LIKE,
        rank=place + 1 if is_must else None,
        made_at=clock.now(),
    )


def staff(event: Event) -> int:
    """Make the one who runs the event; return the account's id."""
    now = clock.now()
    made = sign_in.make_staff({"fr": "Houda"}, LOGIN, PASSWORD, Locale.FRENCH, now=now)
    team.admit(event.id, LOGIN, Role.OWNER, actor_id=made, now=now)
    return made


def solve(event: Event, preset: str, seconds: int, *, actor_id: int) -> None:
    """Make a draft."""
    now = clock.now()
    runs.start(event.id, preset, seconds, actor_id=actor_id, now=now, seed=1)
    run = runs.claim("measurement", now)
    runs.execute(run, holder="measurement", capacity=CAPACITY, clock=clock.now)


def publish(event: Event, *, actor_id: int) -> None:
    """Publish the first draft."""
    now = clock.now()
    events.set_phase(event.id, Phase.SCHEDULING, actor_id=actor_id, now=now)
    publishing.publish(event.id, 1, VersionKind.FINAL, expected_version=None, actor_id=actor_id, now=now)
