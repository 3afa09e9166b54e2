"""Who wants to meet whom, how much, and what a request is worth by the published table.

Everybody asks some others and accepts some of those who asked; the first wishes of a person are ranked musts,
the rest are likes. A must counts 30, 29 … 26 by rank, a like 10, and 40 more if both sides want: 92 to 100 for
must and must, 76 to 80 for must and like, 60 for like and like, 26 to 30 and 10 for one side alone.
"""

from __future__ import annotations

from array import array
from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from solver.generate.sizes import Size

MOST_WANTED = 0.05  # of the people
ASKED_OF_THEM = 0.29  # of the requests go to them; with their own requests they hold a sixth of all ends
MUTUAL = 0.29  # of the requests
ACCEPTED_BY_THEM = 0.18  # of the requests that go to them
MUSTS = 5
FIRST_MUST, LIKE, BOTH_WANT = 30, 10, 40


@dataclass(frozen=True, slots=True)
class Wishes:
    """Request k is from ``askers[k]`` to ``asked[k]``; the points of a side that is silent are 0."""

    askers: array[int]
    asked: array[int]
    points_of_asker: bytearray
    points_of_asked: bytearray
    most_wanted: tuple[int, ...]

    def weight(self, request: int) -> int:
        asker, asked = self.points_of_asker[request], self.points_of_asked[request]
        return asker + asked + (BOTH_WANT if asker and asked else 0)


def draw_wishes(size: Size, organisations: list[int], rng: Random) -> Wishes:
    most_wanted = sorted(rng.sample(range(size.people), round(MOST_WANTED * size.people)))
    askers, asked = _pairs(size, organisations, frozenset(most_wanted), rng)
    mutual = _accepted(asked, frozenset(most_wanted), rng)
    wishes = Wishes(askers, asked, bytearray(size.requests), bytearray(size.requests), tuple(most_wanted))
    _rank(wishes, mutual, size, rng)
    return wishes


def _pairs(size: Size, organisations: list[int], wanted: frozenset[int], rng: Random) -> tuple[array[int], array[int]]:
    """Draw pairs of different organisations, no two people twice, neither way round."""
    activity = list(accumulate(rng.lognormvariate(0.0, 0.35) for _ in range(size.people)))
    fame = list(accumulate(_fame(size, wanted, rng)))
    askers, asked = array("l"), array("l")
    seen: set[int] = set()
    while len(askers) < size.requests:
        one = bisect(activity, rng.random() * activity[-1])
        other = bisect(fame, rng.random() * fame[-1])
        pair = min(one, other) * size.people + max(one, other)
        if organisations[one] != organisations[other] and pair not in seen:
            seen.add(pair)
            askers.append(one)
            asked.append(other)
    return askers, asked


def _fame(size: Size, wanted: frozenset[int], rng: Random) -> list[float]:
    """Give how likely each person is asked; the most wanted together draw their share."""
    fame = [rng.lognormvariate(0.0, 0.2 if person in wanted else 0.5) for person in range(size.people)]
    of_wanted = sum(fame[person] for person in wanted)
    of_others = sum(fame) - of_wanted
    factor = ASKED_OF_THEM / (1 - ASKED_OF_THEM) * of_others / of_wanted
    return [weight * factor if person in wanted else weight for person, weight in enumerate(fame)]


def _accepted(asked: array[int], wanted: frozenset[int], rng: Random) -> bytearray:
    """Mark the requests that the other side wants too; the most wanted accept fewer of theirs."""
    of_wanted = [request for request, person in enumerate(asked) if person in wanted]
    of_others = [request for request, person in enumerate(asked) if person not in wanted]
    few = round(ACCEPTED_BY_THEM * len(of_wanted))
    mutual = bytearray(len(asked))
    for request in rng.sample(of_wanted, few) + rng.sample(of_others, round(MUTUAL * len(asked)) - few):
        mutual[request] = 1
    return mutual


def _rank(wishes: Wishes, mutual: bytearray, size: Size, rng: Random) -> None:
    """Turn each person's wishes into ranked musts and likes; a third of a short list are musts, at most five."""
    lists: list[list[int]] = [[] for _ in range(size.people)]
    for request, (asker, asked) in enumerate(zip(wishes.askers, wishes.asked, strict=True)):
        lists[asker].append(request)
        if mutual[request]:
            lists[asked].append(request)
    fame = bytearray(size.people)
    for person in wishes.most_wanted:
        fame[person] = 1
    for person, requests in enumerate(lists):
        longing = {request: rng.random() + 0.3 * fame[wishes.asked[request]] for request in requests}
        requests.sort(key=longing.__getitem__, reverse=True)
        musts = min(MUSTS, (len(requests) + 2) // 3)
        for rank, request in enumerate(requests):
            side = wishes.points_of_asker if wishes.askers[request] == person else wishes.points_of_asked
            side[request] = FIRST_MUST - rank if rank < musts else LIKE
