"""A scenario enters through the same services as the forms; all of it, or nothing."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from matchmaker.domain.states import Locale, Phase
from matchmaker.queries.loaded import belongings, slot_ids
from matchmaker.scenarios.cast import Party
from matchmaker.scenarios.plans import Scenario, Stretch
from matchmaker.scenarios.presence import Calendar
from matchmaker.services import (
    delegations,
    events,
    people,
    places,
    profiles,
    registration,
    sessions,
    sign_in,
    times,
    wishes,
)
from matchmaker.services import types as kinds
from matchmaker.unit_of_work import all_or_nothing


class _Act(TypedDict):
    """Who does something, and when: what every service wants to know."""

    actor_id: int
    now: datetime


@dataclass(frozen=True, slots=True)
class _Known:
    """The ids that the event's rows were given, by the codes of the files."""

    event_id: int
    slots: Mapping[str, int]
    types: Mapping[str, int]
    zones: Mapping[str, int]
    halls: Mapping[str, int]
    talks: Mapping[str, int]
    delegations: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Entered:
    """A party as it was registered."""

    organisation_id: int
    participation_ids: tuple[int, ...]
    account_id: int


def enter(scenario: Scenario, parties: Sequence[Party], *, now: datetime) -> tuple[int, int]:
    """Load a scenario with its parties; return the ids of the event and of the organiser's account.

    It is one unit of work: a refusal in the middle leaves nothing behind.

    Raises
    ------
    InvalidValue
        If an event has its address already, or a service refuses something the files could not know.
    """
    with all_or_nothing():
        return _Loading(scenario, now).enter(parties)


class _Loading:
    def __init__(self, scenario: Scenario, now: datetime) -> None:
        self._event, self._now = scenario.event, now
        self._calendar = Calendar(scenario)
        self._organiser_id = self._make_organiser()
        self._known = self._make_frame()

    def enter(self, parties: Sequence[Party]) -> tuple[int, int]:
        entered = [self._register(party) for party in parties]
        for number, (party, there) in enumerate(zip(parties, entered, strict=True), 1):
            self._describe(party, there)
            self._place(party, there, number)
            self._say_times(party, there)
        self._name_heads(parties, entered)
        self._name_members(parties, entered)
        self._wish(parties, entered)
        return self._known.event_id, self._organiser_id

    # ── the event ───────────────────────────────────────────────────────────

    def _make_organiser(self) -> int:
        who = self._event.organiser
        # Nobody knows the password: the demo signs in by a link, and an installation makes its own organisers.
        return sign_in.make_staff(
            dict(who.names), who.login, secrets.token_urlsafe(24), Locale(who.locale), now=self._now
        )

    def _make_frame(self) -> _Known:
        event, by = self._event, self._by_organiser
        event_id = events.create(event.frame, **by)
        slots = slot_ids(event_id)
        types = {rules.code: kinds.add(event_id, rules, **by) for rules in event.types}
        zones = {zone.code: places.add_zone(event_id, zone.code, zone.names, **by) for zone in event.zones}
        for walk in event.walks:
            one, other = walk.zones
            places.set_walk(event_id, (zones[one], zones[other]), walk.minutes, **by)
        teams = {one.code: delegations.add_delegation(event_id, one.code, one.names, **by) for one in event.delegations}
        known = _Known(event_id, slots, types, zones, {}, {}, teams)
        halls = {code: places.add_location(event_id, place, **by) for code, place in self._halls(known)}
        talks = {code: sessions.add(event_id, plan, **by) for code, plan in self._talks(known)}
        self._add_interpreters(known)
        return _Known(event_id, slots, types, zones, halls, talks, teams)

    def _halls(self, known: _Known) -> Iterable[tuple[str, places.Place]]:
        for hall in self._event.halls:
            zone_id = known.zones[hall.zone] if hall.zone else None
            closed = self._slot_ids(known, hall.closed)
            yield hall.code, places.Place(hall.code, hall.names, hall.tables, zone_id=zone_id, closed_slot_ids=closed)

    def _talks(self, known: _Known) -> Iterable[tuple[str, sessions.SessionPlan]]:
        for talk in self._event.talks:
            yield (
                talk.code,
                sessions.SessionPlan(
                    titles=talk.titles,
                    day=self._event.frame.days[talk.when.day - 1].day,
                    start=talk.when.start,
                    end=talk.when.end,
                    rooms=talk.rooms,
                    zone_id=known.zones[talk.zone] if talk.zone else None,
                    for_everybody=talk.for_everybody,
                    closed=talk.closed,
                    capacity=talk.seats,
                ),
            )

    def _add_interpreters(self, known: _Known) -> None:
        for one in self._event.interpreters:
            given = delegations.Interpreting(
                one.names, one.languages, one.max_per_day, one.max_consecutive, self._slot_ids(known, one.absent)
            )
            delegations.add_interpreter(known.event_id, given, **self._by_organiser)

    def _slot_ids(self, known: _Known, stretches: Iterable[Stretch]) -> frozenset[int]:
        codes = {code for stretch in stretches for code in self._calendar.touched(stretch)}
        return frozenset(known.slots[code] for code in codes)

    # ── the people, in their own name ───────────────────────────────────────

    def _register(self, party: Party) -> _Entered:
        first, *colleagues = party.people
        who = first.colleague
        form = registration.Registration(
            names=who.names,
            organisation_names=dict(party.names),
            email=who.email,
            phone=who.phone,
            job=who.job,
            languages=who.languages,
            locale=who.locale,
            city=party.city[who.locale == Locale.ARABIC],
            country=party.country,
            type_code=party.type,
            consents=who.consents,
            channel=who.channel,
        )
        first_id = registration.register(self._known.event_id, form, now=self._now, welcome=False)
        organisation_id, account_id = belongings(first_id)
        others = [
            registration.add_colleague(
                organisation_id, one.colleague, now=self._now, actor_id=account_id, welcome=False
            )
            for one in colleagues
        ]
        return _Entered(organisation_id, (first_id, *others), account_id)

    def _describe(self, party: Party, there: _Entered) -> None:
        profile = profiles.OrganisationProfile(
            names=dict(party.names),
            city=party.city[party.people[0].colleague.locale == Locale.ARABIC],
            country=party.country,
            about=party.about,
            offers=party.offers,
            needs=party.needs,
        )
        by_themselves = _Act(actor_id=there.account_id, now=self._now)
        profiles.change_organisation(there.organisation_id, profile, revision=1, **by_themselves)

    def _say_times(self, party: Party, there: _Entered) -> None:
        for person, id_ in zip(party.people, there.participation_ids, strict=True):
            by_themselves = _Act(actor_id=there.account_id, now=self._now)
            if person.away:
                times.replace(id_, [self._known.slots[code] for code in person.away], **by_themselves)
            for code in sorted(person.talks):
                times.seat(self._known.talks[code], id_, **by_themselves)

    def _wish(self, parties: Sequence[Party], entered: Sequence[_Entered]) -> None:
        """Open the wishes and give them; an event that ships before that has none yet."""
        if self._event.phase is not Phase.WISHES:
            return
        events.set_phase(self._known.event_id, Phase.WISHES, **self._by_organiser)
        for party, there in zip(parties, entered, strict=True):
            lines = [wishes.WishInput(entered[other].organisation_id, level) for other, level in party.wishes.items()]
            wishes.replace(there.organisation_id, lines, actor_id=there.account_id, now=self._now)

    # ── what the organiser settles for them ─────────────────────────────────

    @property
    def _by_organiser(self) -> _Act:
        return _Act(actor_id=self._organiser_id, now=self._now)

    def _place(self, party: Party, there: _Entered, number: int) -> None:
        """Give a party its delegation, how it hears people, and the stand or room that is its own."""
        event_id, known = self._known.event_id, self._known
        if party.delegation:
            team = known.delegations[party.delegation]
            people.join_delegation(event_id, there.organisation_id, team, **self._by_organiser)
        if party.is_host or party.meeting_slots > 1:
            hosting = self._hosting(party)
            people.set_hosting(event_id, there.organisation_id, hosting, revision=2, **self._by_organiser)
        location_id = self._own_location(party, there, number)
        for person, id_ in zip(party.people, there.participation_ids, strict=True):
            if person.tied or person.parallel > 1:
                limits = people.Limits(parallel=person.parallel, location_id=location_id if person.tied else None)
                people.set_limits(event_id, id_, limits, revision=1, **self._by_organiser)

    def _hosting(self, party: Party) -> people.Hosting:
        windows = frozenset(
            (self._known.slots[code], topic)
            for window in party.windows
            for code in self._calendar.touched(window.when)
            for topic in window.topics
        )
        type_id = self._known.types[party.type] if party.type else None
        return people.Hosting(type_id, party.is_host, party.meeting_slots, windows=windows)

    def _own_location(self, party: Party, there: _Entered, number: int) -> int | None:
        event_id, owners = self._known.event_id, frozenset({there.organisation_id})
        if party.room:
            room_id = self._known.halls[party.room]
            places.give_stand(event_id, room_id, owners, **self._by_organiser)
            return room_id
        if party.stand:
            code = f"{party.stand}{number:03}"
            names = {"fr": f"Stand {code}", "ar": f"الرواق {code}", "en": f"Stand {code}"}
            zone_id = self._known.zones[party.stand]
            stand = places.Place(code, names, is_stand=True, zone_id=zone_id, owner_ids=owners)
            return places.add_location(event_id, stand, **self._by_organiser)
        return None

    def _name_heads(self, parties: Sequence[Party], entered: Sequence[_Entered]) -> None:
        heads: dict[str, int] = {}
        for party, there in zip(parties, entered, strict=True):
            if party.delegation:
                heads.setdefault(party.delegation, there.participation_ids[0])
        for code, id_ in heads.items():
            team = self._known.delegations[code]
            delegations.set_head(self._known.event_id, team, id_, **self._by_organiser)

    def _name_members(self, parties: Sequence[Party], entered: Sequence[_Entered]) -> None:
        members: dict[str, set[int]] = {}
        for party, there in zip(parties, entered, strict=True):
            for person, id_ in zip(party.people, there.participation_ids, strict=True):
                for code in person.named:
                    members.setdefault(code, set()).add(id_)
        for code, ids in sorted(members.items()):
            talk_id = self._known.talks[code]
            sessions.name_people(self._known.event_id, talk_id, frozenset(ids), **self._by_organiser)
