"""Three calendars as they are found in the world, in their strictest form."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from icalendar import Calendar


@dataclass(frozen=True)
class Entry:
    """A meeting as a calendar has it."""

    sequence: int
    stamp: datetime
    stands: bool
    shown: tuple[object, ...]

    @classmethod
    def of(cls, event, method):
        stands = method != "CANCEL" and str(event["STATUS"]) != "CANCELLED"
        who = str(event["SUMMARY"]).removeprefix("Cancelled: ")
        shown = who, event["DTSTART"].dt, event.end, str(event.get("LOCATION", ""))
        return cls(int(event["SEQUENCE"]), event["DTSTAMP"].dt, stands, shown)


@cache
def read(content):
    """Return the METHOD of a calendar, and each entry after its UID."""
    calendar = Calendar.from_ical(content)
    method = str(calendar["METHOD"])
    return method, [(str(event["UID"]), Entry.of(event, method)) for event in calendar.walk("VEVENT")]


class Client:
    """A calendar; ``feed`` is what it reads at the address it follows, ``message`` what comes by mail."""

    def __init__(self):
        self.entries = {}

    def message(self, content):
        method, entries = read(content)
        for uid, entry in entries:
            self._learn(uid, entry, method)

    def feed(self, content):
        self.message(content)

    def _learn(self, uid, entry, method):
        had = self.entries.get(uid)
        if had is None and method == "CANCEL":
            return  # nothing that it knows: the standard lets it forget this
        if had is None or self.is_news(had, entry):
            self.entries[uid] = entry

    def is_news(self, had, entry):
        raise NotImplementedError

    @property
    def standing(self):
        return Counter(entry.shown for entry in self.entries.values() if entry.stands)


class Rfc5546(Client):
    """Reads as the standard is written: the higher SEQUENCE wins, of equal ones the later DTSTAMP."""

    def is_news(self, had, entry):
        return (entry.sequence, entry.stamp) >= (had.sequence, had.stamp)


class StrictSequence(Client):
    """Drops whatever has no greater SEQUENCE than what it has."""

    def is_news(self, had, entry):
        return entry.sequence > had.sequence


class FeedOnly(Client):
    """Takes no file and no invitation; follows the feed, and forgets nothing that once stood there."""

    def message(self, content):
        pass

    def feed(self, content):
        super().message(content)

    def is_news(self, had, entry):  # noqa: ARG002 -- what it reads last is so
        return True


CLIENTS = {"rfc5546": Rfc5546, "feed only": FeedOnly, "strict SEQUENCE": StrictSequence}
