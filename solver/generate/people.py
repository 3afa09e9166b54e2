"""What people bring along: languages, limits, minimums, sessions that they attend, and interpreters for some."""

from __future__ import annotations

from random import Random
from typing import Any

from solver.generate.chance import some
from solver.generate.grid import Row, half_days
from solver.generate.places import SESSIONS, Venue
from solver.generate.sizes import Size

SPOKEN = {"fr": 0.75, "ar": 0.6, "en": 0.55, "es": 0.08, "tr": 0.05, "nl": 0.03}
COMMON = ["ar", "en", "fr"]
INTERPRETERS = 1 / 60  # of the people
RARE = (["ar", "en", "fr"], ["ar", "fr", "tr"], ["ar", "es", "fr"], ["ar", "en", "tr"], ["ar", "en", "fr", "nl"])
LIMITS = (("max_meetings", 0.15, 6, 14), ("max_per_day", 0.35, 5, 9), ("max_consecutive", 0.3, 4, 6))  # share, range
PROMISED, WITHOUT_BONUS, GUESTS = 0.1, 0.06, 0.02
IN_SESSIONS, IN_CALLS = 0.12, 0.03


def with_habits(event: dict[str, Any], venue: Venue, size: Size, rng: Random) -> None:
    slots = [slot["id"] for slot in event["slots"]]
    for person in event["participants"]:
        person["languages"] = _languages(rng)
    _tie(event["participants"], venue)
    others = [person for person in event["participants"] if person["id"] not in venue.hosts]
    _limit(others, rng)
    _promise(others, rng)
    _engage(others, slots, rng)
    event["interpreters"] = [
        _interpreter(number, slots, size, rng) for number in range(max(2, round(INTERPRETERS * size.people)))
    ]


def _languages(rng: Random) -> list[str]:
    return sorted(language for language, share in SPOKEN.items() if rng.random() < share) or ["fr"]


def _tie(participants: list[Row], venue: Venue) -> None:
    for person in participants:
        if (place := venue.tied.get(person["id"])) is not None:
            person["location"] = place
        if (parallel := venue.hosts.get(person["id"])) is not None:
            person |= {"parallel": parallel, "languages": COMMON}


def _limit(people: list[Row], rng: Random) -> None:
    for limit, share, least, most in LIMITS:
        for person in some(people, share, rng):
            person[limit] = rng.randint(least, most)


def _promise(people: list[Row], rng: Random) -> None:
    """Give some a minimum, those who asked too few others no bonuses, and a few guests larger ones."""
    for person in some(people, PROMISED, rng):
        person["min_meetings"] = rng.randint(2, 4)
    for person in some(people, WITHOUT_BONUS, rng):
        person["bonuses"] = []
    for person in some(people, GUESTS, rng):
        person["bonuses"] = [1500, 400]


def _engage(people: list[Row], slots: list[str], rng: Random) -> None:
    """Let some attend a session of two slots away from the halls, and others take a call wherever they are."""
    for person in some(people, IN_CALLS, rng):
        _add_engagement(person, slots, rng, length=1)
    for person in some(people, IN_SESSIONS, rng):
        _add_engagement(person, slots, rng, length=2, zone=SESSIONS)


def _add_engagement(person: Row, slots: list[str], rng: Random, *, length: int, **place: str) -> None:
    taken = {slot for engagement in person.get("engagements", ()) for slot in engagement["slots"]}
    free = set(slots) - set(person.get("unavailable_slots", ())) - taken
    first = rng.randrange(1, len(slots) - length)
    attended = [slot for slot in slots[first : first + length] if slot in free]
    if attended:
        person.setdefault("engagements", []).append({"slots": attended, **place})


def _interpreter(number: int, slots: list[str], size: Size, rng: Random) -> Row:
    row: Row = {"id": f"i{number + 1}", "languages": RARE[number % len(RARE)]}
    if number % 3 != 2:
        row |= {"max_per_day": rng.randint(6, 8), "max_consecutive": rng.randint(3, 5)}
    if number % 2:
        row["unavailable_slots"] = [slots[slot] for slot in rng.choice(half_days(size))]
    return row
