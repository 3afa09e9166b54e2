"""A small forum for tests: organisations of one person each, who wish to meet as a line of text says."""

from __future__ import annotations

from dataclasses import dataclass, field

from matchmaker.domain.states import WishLevel
from tests.factories import (
    AccountFactory,
    EventFactory,
    LocationFactory,
    MembershipFactory,
    OrganisationFactory,
    ParticipationFactory,
    WishFactory,
)

LEVELS = {
    "!": WishLevel.MUST,
    "+": WishLevel.LIKE,
    "=": WishLevel.YES,
    "/": WishLevel.NO,
    "-": WishLevel.VETO,
}


@dataclass
class Forum:
    """``people`` and ``organisations`` by the letter that stands for them in the wishes."""

    event: object
    hall: object
    organiser: object
    organisations: dict = field(default_factory=dict)
    people: dict = field(default_factory=dict)

    @property
    def id(self):
        return self.event.id

    @property
    def slots(self):
        return self.event.slots


def a_forum(wishes="a!b b!a a+c c+b", *, capacity=4, **event):
    """Make a forum.

    ``a!b`` is a must of a about b, ``a+b`` a like, ``a=b`` a yes, ``a/b`` a no, ``a-b`` a veto; letters may also
    stand alone.
    """
    frame = EventFactory(**event)
    forum = Forum(frame, LocationFactory(event=frame, capacity=capacity), MembershipFactory(event=frame).account)
    for letter in sorted(set(wishes) & set("abcdefghijklmnopqrstuvwxyz")):
        organisation = OrganisationFactory(event=frame, names={"en": f"Firm {letter}", "fr": f"Société {letter}"})
        account = AccountFactory(email=f"{letter}@example.org")
        forum.organisations[letter] = organisation
        forum.people[letter] = ParticipationFactory(organisation=organisation, account=account)
    for word in wishes.split():
        if len(word) == 3:
            wish(forum, *word)
    return forum


def a_crowd():
    """Enough wishes that the solver is busy for as long as a test wants it to be."""
    letters = "abcdefghijklmnopqrstuvwx"
    return a_forum(" ".join(f"{one}+{other}" for one in letters for other in letters if one < other), capacity=5)


def wish(forum, asker, level, wanted):
    """Add one wish; musts are ranked in the order in which they come."""
    asking = forum.organisations[asker]
    return WishFactory(organisation=asking, wanted_organisation=forum.organisations[wanted], level=LEVELS[level])
