"""Who wants whom, in numbers. A veto counts as silence: a number that it changed would tell who vetoed whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.domain.scoring import PairClass, Wish, reaches_the_solver, score
from matchmaker.domain.states import POSITIVE, Asking, Silence, WishLevel
from matchmaker.extensions import db
from matchmaker.models import Event, Organisation, ParticipantType, Request, Texts
from matchmaker.models import Wish as WishRow
from matchmaker.queries import capacity, shelf


@dataclass(frozen=True, slots=True)
class Wanted:
    """An organisation as others want it: ``asked_by`` so many, with room for ``slots`` meetings."""

    code: str
    names: Texts
    asked_by: int
    musts: int
    asks: int
    slots: int


@dataclass(frozen=True, slots=True)
class Demand:
    """The wishes of an event in numbers.

    ``by_class``: pairs that somebody wants, as score cards count them; ``unanswered``: of these, those that stay out
    of runs because silence refuses; ``silent``: organisations that want nobody yet.
    """

    by_class: Mapping[PairClass, int]
    unanswered: int
    organisations: int
    silent: int
    wanted: tuple[Wanted, ...]

    @property
    def total(self) -> int:
        return sum(self.by_class.values())


Pair = tuple[int, int]


def demand(event_id: int) -> Demand:
    """Return the wishes of an event in numbers, the most asked organisation first; counted anew after any change."""
    return shelf.of_question("demand", event_id, lambda: _counted(event_id))


def _counted(event_id: int) -> Demand:
    said = _said(event_id)
    wishes = {pair: wish for pair, wish in said.items() if wish.level in POSITIVE}
    organisations = {row.id: row for row in _organisations(event_id)}
    slots = capacity.free_slots(event_id)
    asked, asks = Counter(wanted for _, wanted in wishes), Counter(giver for giver, _ in wishes)
    musts = Counter(wanted for (_, wanted), wish in wishes.items() if wish.level is WishLevel.MUST)
    rows = [
        Wanted(row.code, row.names, asked[id_], musts[id_], asks[id_], slots.get(id_, 0))
        for id_, row in organisations.items()
    ]
    by_class, unanswered = _by_class(said, _silences(event_id, organisations))
    return Demand(
        by_class=by_class,
        unanswered=unanswered,
        organisations=len(organisations),
        silent=len(set(organisations) - {giver for giver, _ in wishes}),
        wanted=tuple(sorted(rows, key=lambda row: (-row.asked_by, -row.musts, row.code))),
    )


def silent_organisations(event_id: int) -> set[int]:
    """Return the ids of the organisations that want nobody yet."""
    everybody = select(Organisation.id).where(Organisation.event_id == event_id)
    givers = select(WishRow.organisation_id).where(WishRow.event_id == event_id, WishRow.level.in_(POSITIVE))
    return set(db.session.scalars(everybody.where(Organisation.id.not_in(givers))))


def _said(event_id: int) -> dict[Pair, Wish]:
    columns = WishRow.organisation_id, WishRow.wanted_id, WishRow.level, WishRow.rank
    found = db.session.execute(select(*columns).where(WishRow.event_id == event_id, WishRow.level != WishLevel.VETO))
    return {(giver, wanted): Wish(level, rank) for giver, wanted, level, rank in found}


def _organisations(event_id: int) -> list[Organisation]:
    return list(db.session.scalars(select(Organisation).where(Organisation.event_id == event_id)))


def _silences(event_id: int, organisations: Mapping[int, Organisation]) -> dict[int, Silence]:
    if db.session.get_one(Event, event_id).asking is Asking.REQUESTS:
        return dict.fromkeys(organisations, Silence.REFUSES)
    types = select(ParticipantType.id, ParticipantType.silence).where(ParticipantType.event_id == event_id)
    of_type = dict(db.session.execute(types).all())
    return {id_: of_type.get(row.type_id or 0, Silence.CONSENTS) for id_, row in organisations.items()}


def _by_class(said: Mapping[Pair, Wish], silence: Mapping[int, Silence]) -> tuple[dict[PairClass, int], int]:
    alike = Counter(
        (said.get((one, other)), said.get((other, one)), silence[one], silence[other])
        for one, other in {(min(pair), max(pair)) for pair in said}
    )
    found: dict[PairClass, int] = defaultdict(int)
    unanswered = 0
    for (a, b, silence_of_a, silence_of_b), count in alike.items():
        scored = score(a, b)
        if scored and scored.klass:
            found[scored.klass] += count
            reaches = reaches_the_solver(a, b, silence_of_a=silence_of_a, silence_of_b=silence_of_b)
            unanswered += 0 if reaches else count
    return {klass: found[klass] for klass in PairClass}, unanswered


def with_priority(event_id: int) -> list[Request]:
    """Return the requests that the organiser marked, with both organisations."""
    both = (joinedload(Request.first), joinedload(Request.second))
    where = Request.event_id == event_id, Request.priority.is_(True)
    return list(db.session.scalars(select(Request).where(*where).options(*both).order_by(Request.id)))
