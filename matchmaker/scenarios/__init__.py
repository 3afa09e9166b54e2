"""The shipped events: read from config/scenarios, filled with people of the right number, loaded by the services.

The files of one scenario are config/scenarios/NAME/event.toml and people.toml; vocabulary.toml is shared. An
organiser can read and change them: docs/scenarios.md says what each key means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from matchmaker.domain import zones
from matchmaker.errors import ConfigurationError
from matchmaker.extensions import current_settings
from matchmaker.paths import shipped
from matchmaker.queries import links as personal_links
from matchmaker.queries.access import own_participation
from matchmaker.queries.loaded import Loaded, belongings, find, telling
from matchmaker.scenarios import loading, presence, wishing
from matchmaker.scenarios.cast import Party, parties
from matchmaker.scenarios.dates import moved
from matchmaker.scenarios.event_file import read_event
from matchmaker.scenarios.people_file import read_people, read_vocabulary
from matchmaker.scenarios.plans import Scenario
from matchmaker.services import sign_in

__all__ = ["Links", "Loaded", "links", "load", "load_once", "names", "read"]


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses to open: two that sign in once, and an agenda that needs no account."""

    organiser: str
    participant: str
    agenda: str


def names() -> tuple[str, ...]:
    """Return the names of the shipped scenarios."""
    return tuple(sorted(file.parent.name for file in _folder().glob("*/event.toml")))


def read(name: str, *, now: datetime, folder: Path | None = None) -> Scenario:
    """Read a scenario's files, with its dates moved ahead of ``now``.

    Raises
    ------
    ConfigurationError
        If there is no such scenario, or at the first thing that is wrong in its files.
    """
    folder = folder or _folder()
    if not (folder / name / "event.toml").is_file():
        raise ConfigurationError("config/scenarios", name, "no such scenario", f"one of {', '.join(names())}")
    event = read_event(folder / name / "event.toml")
    vocabulary = read_vocabulary(folder / "vocabulary.toml")
    people = read_people(folder / name / "people.toml", event, vocabulary)
    today = zones.wall(now, event.frame.zone).date()
    return Scenario(name, moved(event, today), people, vocabulary)


def people_of(scenario: Scenario) -> list[Party]:
    """Return everybody who comes, with times and wishes; equal scenarios give equal people."""
    found = parties(scenario)
    presence.settle(scenario, found)
    wishing.wish(scenario, found)
    return found


def load(name: str, *, now: datetime, folder: Path | None = None) -> Loaded:
    """Load a scenario: all of it, or nothing.

    Raises
    ------
    ConfigurationError
        If there is no such scenario, or its files are wrong: nothing was written.
    InvalidValue
        If its address is taken, or a service refuses something: nothing is left behind.
    """
    scenario = read(name, now=now, folder=folder)
    everybody = people_of(scenario)
    _refuse_without_mail(name, everybody)
    event_id, organiser_id = loading.enter(scenario, everybody, now=now)
    return Loaded(scenario.event.frame.slug, event_id, organiser_id, telling(event_id))


def load_once(name: str, *, now: datetime) -> Loaded:
    """Load a scenario unless its event is there already."""
    return find(read(name, now=now).event.frame.slug) or load(name, now=now)


def links(loaded: Loaded, *, now: datetime) -> Links:
    """Make fresh links: two for single use, for the organiser and for one participant, and that one's agenda."""
    origin = current_settings().public_origin
    account_id = belongings(loaded.participation_id)[1]
    account_ids = loaded.organiser_account_id, account_id
    organiser, participant = (sign_in.link_for(id_, loaded.event_id, now=now) for id_ in account_ids)
    agenda = personal_links.agenda_url(own_participation(loaded.event_id, account_id))
    return Links(f"{origin}/sign-in/{organiser}", f"{origin}/sign-in/{participant}", agenda)


def _refuse_without_mail(name: str, everybody: Sequence[Party]) -> None:
    """Refuse a scenario in which nobody could be shown who is told by mail."""
    guests = [person for party in everybody if not party.is_host for person in party.people]
    if not any(person.colleague.email for person in guests):
        raise ConfigurationError(f"{name}/people.toml", "groups.channels", "nobody has mail", "somebody with mail")


def _folder() -> Path:
    return shipped("config") / "scenarios"
