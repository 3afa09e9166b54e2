"""What may be said of how people found their meetings, without betraying what one of them said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

FEWEST = 5
"""So many people must have spoken before it is told what they said."""

Group = TypeVar("Group", bound=Hashable)


class Answer(NamedTuple, Generic[Group]):
    """What one person said of one meeting; ``group`` is whatever they are counted by."""

    group: Group
    person: int
    useful: bool


@dataclass(frozen=True, slots=True)
class Share:
    people: int
    answers: int
    useful: int


@dataclass(frozen=True, slots=True)
class Satisfaction(Generic[Group]):
    """``whole`` is None where too few spoke."""

    whole: Share | None
    groups: Mapping[Group, Share]


def satisfaction(answers: Iterable[Answer[Group]]) -> Satisfaction[Group]:
    """Count what was said, of all and of each group of at least ``FEWEST`` people.

    No group is shown if those left out could be worked out from the whole, being too few themselves.
    """
    said = list(answers)
    by_group: dict[Group, list[Answer[Group]]] = defaultdict(list)
    for answer in said:
        by_group[answer.group].append(answer)
    whole, shares = _share(said), {group: _share(own) for group, own in by_group.items()}
    if whole.people < FEWEST:
        return Satisfaction(None, {})
    left_out = {answer.person for answer in said if shares[answer.group].people < FEWEST}
    if 0 < len(left_out) < FEWEST:
        return Satisfaction(whole, {})
    return Satisfaction(whole, {group: share for group, share in shares.items() if share.people >= FEWEST})


def _share(answers: list[Answer[Group]]) -> Share:
    people = {answer.person for answer in answers}
    return Share(len(people), len(answers), sum(answer.useful for answer in answers))
