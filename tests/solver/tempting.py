"""For each hard rule, days on which forgetting it would pay.

``TEMPTING`` is keyed by the name that ``solver.check`` gives the rule. ``broken`` are meetings worth more than any
schedule that keeps all rules, and they break this rule only; ``kept`` are the best that keep them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from solver.problem import Engagement, Interpreter, Location, Meeting, Participant, Problem, Weights
from tests.solver.days import HALL, a_day, ask, meet, slots

Meetings = tuple[Meeting, ...]


@dataclass(frozen=True)
class TemptingDay:
    problem: Problem
    broken: Meetings
    kept: Meetings
    also: frozenset[str] = frozenset()  # rules that cannot but be broken together with this one


def _limits(**limit: object) -> TemptingDay:
    """Ann could have two meetings in a row, were it not for her limit."""
    day = a_day(slots(2), ask("r1", "ann", "bob"), ask("r2", "ann", "cy"), people=[Participant("ann", **limit)])
    one, two = meet("r1", "1-1", "ann bob"), meet("r2", "1-2", "ann cy")
    return TemptingDay(day, broken=(one, two), kept=(one,))


def _interpreted(**limit: object) -> TemptingDay:
    """The only interpreter could serve two meetings in a row, were it not for the limit."""
    day = a_day(
        slots(2),
        ask("r1", "ann", "bob"),
        ask("r2", "ada", "ben"),
        people=[*_speakers("ar", "ann", "ada"), *_speakers("fr", "bob", "ben")],
        interpreters=[Interpreter("ina", frozenset({"ar", "fr"}), **limit)],
    )
    one, two = meet("r1", "1-1", "ann bob", interpreter="ina"), meet("r2", "1-2", "ada ben", interpreter="ina")
    return TemptingDay(day, broken=(one, two), kept=(one,))


def _speakers(languages: str, *ids: str) -> list[Participant]:
    return [Participant(id_, languages=frozenset(languages.split())) for id_ in ids]


def _only_meeting(problem: Problem, broken: Meeting) -> TemptingDay:
    """The one meeting that could be held may not be."""
    return TemptingDay(problem, broken=(broken,), kept=())


def _at_most_once() -> TemptingDay:
    once, again = meet("r1", "1-1", "ann bob"), meet("r1", "1-2", "ann bob")
    return TemptingDay(a_day(slots(2), ask("r1", "ann", "bob")), broken=(once, again), kept=(once,))


def _mandatory() -> TemptingDay:
    day = a_day(slots(1), ask("must", "ann", "bob", weight=1, mandatory=True), ask("dear", "ann", "cy"))
    return TemptingDay(day, broken=(meet("dear", "1-1", "ann cy"),), kept=(meet("must", "1-1", "ann bob"),))


def _mandatory_under_breaks() -> TemptingDay:
    """Who does not meet has no break."""
    day = a_day(
        slots(3),
        ask("r1", "ann", "bob", slots=frozenset({"1-1"})),
        ask("r2", "ann", "cy", slots=frozenset({"1-3"})),
        objective="breaks",
    )
    one, two = meet("r1", "1-1", "ann bob"), meet("r2", "1-3", "ann cy")
    return TemptingDay(day, broken=(one,), kept=(one, two))


def _pinned() -> TemptingDay:
    day = a_day(
        slots(2),
        ask("pin", "ann", "bob", weight=1),
        ask("dear", "ann", "cy", slots=frozenset({"1-2"})),
        pinned=(Meeting("pin", "1-2"),),
    )
    moved, dear = meet("pin", "1-1", "ann bob"), meet("dear", "1-2", "ann cy")
    return TemptingDay(day, broken=(moved, dear), kept=(meet("pin", "1-2", "ann bob"),))


def _frozen() -> TemptingDay:
    past = meet("past", "1-1", "ann bob")
    day = a_day(slots(1), ask("past", "ann", "bob", weight=1), ask("dear", "ann", "cy"), frozen=(past,))
    return TemptingDay(day, broken=(meet("dear", "1-1", "ann cy"),), kept=(past,))


def _order() -> TemptingDay:
    day = a_day(
        slots(2),
        ask("first", "ann", "bob", slots=frozenset({"1-2"})),
        ask("then", "cy", "dee", slots=frozenset({"1-1", "1-2"}), after=("first",)),
    )
    first, early = meet("first", "1-2", "ann bob"), meet("then", "1-1", "cy dee")
    return TemptingDay(day, broken=(first, early), kept=(first,))


def _sides() -> TemptingDay:
    """Cy is there, and may not stand for bob's side."""
    day = a_day(
        slots(1),
        ask("r1", "ann", "bob"),
        people=[Participant("cy"), Participant("bob", unavailable_slots=frozenset({"1-1"}))],
    )
    return _only_meeting(day, meet("r1", "1-1", "ann cy"))


def _nobody_twice(parallel: int) -> TemptingDay:
    away = [Participant(id_, unavailable_slots=frozenset({"1-1"})) for id_ in ("bob", "cy")]
    day = a_day(slots(1), ask("r1", "ann bob", "ann cy"), people=[Participant("ann", parallel=parallel), *away])
    return _only_meeting(day, meet("r1", "1-1", "ann ann"))


def _length_over_a_break() -> TemptingDay:
    day = a_day(slots(2, after_break=[2]), ask("long", "ann", "bob", length=2))
    return _only_meeting(day, meet("long", "1-1", "ann bob"))


def _length_over_night() -> TemptingDay:
    day = a_day([*slots(1), *slots(1, day="2")], ask("long", "ann", "bob", length=2))
    return _only_meeting(day, meet("long", "1-1", "ann bob"))


def _length_past_the_end() -> TemptingDay:
    day = a_day(slots(1), ask("long", "ann", "bob", length=2))
    return _only_meeting(day, meet("long", "1-1", "ann bob"))


def _request_slots() -> TemptingDay:
    away = Participant("bob", unavailable_slots=frozenset({"1-2"}))
    day = a_day(slots(2), ask("r1", "ann", "bob", slots=frozenset({"1-2"})), people=[away])
    return _only_meeting(day, meet("r1", "1-1", "ann bob"))


def _request_locations() -> TemptingDay:
    day = a_day(
        slots(1),
        ask("r1", "ann", "bob", locations=frozenset({"salon"})),
        locations=[HALL, Location("salon", closed_slots=frozenset({"1-1"}))],
    )
    return _only_meeting(day, meet("r1", "1-1", "ann bob"))


def _features() -> TemptingDay:
    day = a_day(slots(1), ask("r1", "ann", "bob", features=frozenset({"screen"})))
    return _only_meeting(day, meet("r1", "1-1", "ann bob"))


def _closed() -> TemptingDay:
    day = a_day(slots(1), ask("r1", "ann", "bob"), locations=[Location("hall", closed_slots=frozenset({"1-1"}))])
    return _only_meeting(day, meet("r1", "1-1", "ann bob"))


def _closed_before_the_end() -> TemptingDay:
    hall = Location("hall", closed_slots=frozenset({"1-2"}))
    day = a_day(slots(2), ask("long", "ann", "bob", length=2), locations=[hall])
    return _only_meeting(day, meet("long", "1-1", "ann bob"))


def _owners() -> TemptingDay:
    stand = Location("stand", owners=frozenset({"eve"}))
    day = a_day(slots(1), ask("r1", "ann", "bob"), people=[Participant("eve")], locations=[stand])
    return _only_meeting(day, meet("r1", "1-1", "ann bob", at="stand"))


def _tied() -> TemptingDay:
    day = a_day(
        slots(1),
        ask("r1", "ann", "bob"),
        people=[Participant("ann", location="stand")],
        locations=[HALL, Location("stand", closed_slots=frozenset({"1-1"}))],
    )
    return _only_meeting(day, meet("r1", "1-1", "ann bob"))


def _tied_to_two_stands() -> TemptingDay:
    day = a_day(
        slots(1),
        ask("r1", "ann", "bob"),
        people=[Participant("ann", location="left"), Participant("bob", location="right")],
        locations=[Location("left"), Location("right")],
    )
    return _only_meeting(day, meet("r1", "1-1", "ann bob", at="left"))


def _availability() -> TemptingDay:
    away = Participant("bob", unavailable_slots=frozenset({"1-1"}))
    return _only_meeting(a_day(slots(1), ask("r1", "ann", "bob"), people=[away]), meet("r1", "1-1", "ann bob"))


def _leaving_before_the_end() -> TemptingDay:
    away = Participant("bob", unavailable_slots=frozenset({"1-2"}))
    day = a_day(slots(2), ask("long", "ann", "bob", length=2), people=[away])
    return _only_meeting(day, meet("long", "1-1", "ann bob"))


def _engagements() -> TemptingDay:
    busy = Participant("bob", engagements=(Engagement(frozenset({"1-1"})),))
    return _only_meeting(a_day(slots(1), ask("r1", "ann", "bob"), people=[busy]), meet("r1", "1-1", "ann bob"))


def _no_common_language() -> TemptingDay:
    day = a_day(slots(1), ask("r1", "ann", "bob"), people=[*_speakers("ar", "ann"), *_speakers("fr", "bob")])
    return _only_meeting(day, meet("r1", "1-1", "ann bob"))


def _interpreter_for_some_only() -> TemptingDay:
    """Each two of the three share a language, or share it with the interpreter; all three do not."""
    day = a_day(
        slots(1),
        ask("r1", "ann", "bob", "cy"),
        people=[*_speakers("ar fr", "ann"), *_speakers("fr en", "bob"), *_speakers("en ar", "cy")],
        interpreters=[Interpreter("ina", frozenset({"fr"}))],
    )
    return _only_meeting(day, meet("r1", "1-1", "ann bob cy", interpreter="ina"))


def _interpreter_needed() -> TemptingDay:
    """Were bob, who speaks as ann does, allowed the pinned interpreter, cy could meet dee as well."""
    day = a_day(
        slots(1),
        ask("pin", "ann", "bob cy"),
        ask("r2", "cy", "dee"),
        people=[*_speakers("ar", "ann", "bob"), *_speakers("fr", "cy")],
        interpreters=[Interpreter("ina", frozenset({"ar", "fr"}))],
        pinned=(Meeting("pin", "1-1", interpreter="ina"),),
    )
    free, needed = (meet("pin", "1-1", f"ann {id_}", interpreter="ina") for id_ in ("bob", "cy"))
    return TemptingDay(day, broken=(free, meet("r2", "1-1", "cy dee", 2)), kept=(needed,))


def _interpreter_in_two_meetings() -> TemptingDay:
    day = a_day(
        slots(1),
        ask("r1", "ann", "bob"),
        ask("r2", "ada", "ben"),
        people=[*_speakers("ar", "ann", "ada"), *_speakers("fr", "bob", "ben")],
        interpreters=[Interpreter("ina", frozenset({"ar", "fr"}))],
    )
    one, two = meet("r1", "1-1", "ann bob", 1, interpreter="ina"), meet("r2", "1-1", "ada ben", 2, interpreter="ina")
    return TemptingDay(day, broken=(one, two), kept=(one,))


def _interpreter_walking() -> TemptingDay:
    """The halls are seven minutes apart, and the interpreter has none."""
    day = a_day(
        slots(2),
        ask("r1", "ann", "bob", slots=frozenset({"1-1"}), locations=frozenset({"east"})),
        ask("r2", "ada", "ben", slots=frozenset({"1-2"}), locations=frozenset({"west"})),
        people=[*_speakers("ar", "ann", "ada"), *_speakers("fr", "bob", "ben")],
        interpreters=[Interpreter("ina", frozenset({"ar", "fr"}))],
        locations=[Location("east", zone="E"), Location("west", zone="W")],
        walking={("E", "W"): 7},
    )
    one = meet("r1", "1-1", "ann bob", at="east", interpreter="ina")
    two = meet("r2", "1-2", "ada ben", at="west", interpreter="ina")
    return TemptingDay(day, broken=(one, two), kept=(one,))


def _one_place() -> TemptingDay:
    """Ann may receive two at once, and each room has one table; changing rooms costs nothing."""
    day = a_day(
        slots(1),
        ask("r1", "ann", "bob"),
        ask("r2", "ann", "cy"),
        people=[Participant("ann", parallel=2)],
        locations=[Location("east"), Location("west")],
        weights=Weights(location_changes=0),
    )
    one, two = meet("r1", "1-1", "ann bob", at="east"), meet("r2", "1-1", "ann cy", at="west")
    return TemptingDay(day, broken=(one, two), kept=(one,))


def _parallel() -> TemptingDay:
    day = a_day(slots(1), ask("r1", "ann", "bob"), ask("r2", "ann", "cy"))
    one, two = meet("r1", "1-1", "ann bob"), meet("r2", "1-1", "ann cy", 2)
    return TemptingDay(day, broken=(one, two), kept=(one,))


def _parallel_audience() -> TemptingDay:
    guests = ("bob", "cy", "dee")
    requests = [ask(f"r-{guest}", "ann", guest) for guest in guests]
    day = a_day(slots(1), *requests, people=[Participant("ann", parallel=2)])
    rows = tuple(meet(f"r-{guest}", "1-1", f"ann {guest}", table) for table, guest in enumerate(guests, 1))
    return TemptingDay(day, broken=rows, kept=rows[:2])


def _walking_between_meetings() -> TemptingDay:
    day = a_day(
        slots(2),
        ask("r1", "ann", "bob", slots=frozenset({"1-1"}), locations=frozenset({"east"})),
        ask("r2", "ann", "cy", slots=frozenset({"1-2"}), locations=frozenset({"west"})),
        locations=[Location("east", zone="E"), Location("west", zone="W")],
        walking={("W", "E"): 7},
    )
    one, two = meet("r1", "1-1", "ann bob", at="east"), meet("r2", "1-2", "ann cy", at="west")
    return TemptingDay(day, broken=(one, two), kept=(one,))


def _walking_from_an_engagement(engaged: str, free: str) -> TemptingDay:
    day = a_day(
        slots(2),
        ask("r1", "ann", "bob"),
        people=[Participant("ann", engagements=(Engagement(frozenset({engaged}), zone="W"),))],
        locations=[Location("east", zone="E")],
        walking={("E", "W"): 7},
    )
    return _only_meeting(day, meet("r1", free, "ann bob", at="east"))


def _capacity() -> TemptingDay:
    day = a_day(slots(1), ask("r1", "ann", "bob"), ask("r2", "cy", "dee"), locations=[Location("hall")])
    one, two = meet("r1", "1-1", "ann bob"), meet("r2", "1-1", "cy dee", 2)
    return TemptingDay(day, broken=(one, two), kept=(one,), also=frozenset({"tables"}))


def _capacity_in_the_second_slot() -> TemptingDay:
    day = a_day(
        slots(2),
        ask("long", "ann", "bob", length=2),
        ask("late", "cy", "dee", slots=frozenset({"1-2"})),
        locations=[Location("hall")],
    )
    long = meet("long", "1-1", "ann bob")
    return TemptingDay(day, broken=(long, meet("late", "1-2", "cy dee", 2)), kept=(long,), also=frozenset({"tables"}))


def _keeps_its_table() -> TemptingDay:
    """A table is free in each of the two slots, and no table in both."""
    day = a_day(
        slots(2),
        ask("pin-1", "ann", "bob"),
        ask("pin-2", "cy", "dee"),
        ask("long", "eve", "fay", length=2),
        locations=[Location("hall", capacity=2)],
        pinned=(Meeting("pin-1", "1-1", table=1), Meeting("pin-2", "1-2", table=2)),
    )
    kept = (meet("pin-1", "1-1", "ann bob", 1), meet("pin-2", "1-2", "cy dee", 2))
    return TemptingDay(day, broken=(*kept, meet("long", "1-1", "eve fay", 2)), kept=kept)


def _max_breaks() -> TemptingDay:
    """Two breaks for ann are fewer than one for each of ann, bob and cy."""
    day = a_day(
        slots(5),
        ask("first", "ann", "dee", slots=frozenset({"1-1"})),
        ask("middle", "ann", "bob", "cy", slots=frozenset({"1-2", "1-3"})),
        ask("next", "bob", "cy", slots=frozenset({"1-4"})),
        ask("last", "ann", "eve", slots=frozenset({"1-5"})),
        max_breaks=1,
        objective="breaks",
    )
    others = (meet("first", "1-1", "ann dee"), meet("next", "1-4", "bob cy"), meet("last", "1-5", "ann eve"))
    broken, kept = (meet("middle", slot, "ann bob cy") for slot in ("1-3", "1-2"))
    return TemptingDay(day, broken=(*others, broken), kept=(*others, kept))


TEMPTING: Mapping[str, tuple[TemptingDay, ...]] = {
    "at_most_once": (_at_most_once(),),
    "mandatory": (_mandatory(), _mandatory_under_breaks()),
    "pinned": (_pinned(),),
    "frozen": (_frozen(),),
    "order": (_order(),),
    "sides": (_sides(),),
    "nobody_twice": (_nobody_twice(1), _nobody_twice(2)),
    "length": (_length_over_a_break(), _length_over_night(), _length_past_the_end()),
    "request_slots": (_request_slots(),),
    "request_locations": (_request_locations(),),
    "features": (_features(),),
    "closed": (_closed(), _closed_before_the_end()),
    "owners": (_owners(),),
    "tied": (_tied(), _tied_to_two_stands()),
    "availability": (_availability(), _leaving_before_the_end()),
    "engagements": (_engagements(),),
    "languages": (_no_common_language(), _interpreter_for_some_only()),
    "interpreter_needed": (_interpreter_needed(),),
    "interpreter_availability": (_interpreted(unavailable_slots=frozenset({"1-2"})),),
    "one_place": (_one_place(),),
    "parallel": (_parallel(), _parallel_audience()),
    "max_meetings": (_limits(max_meetings=1),),
    "max_per_day": (_limits(max_per_day=1),),
    "max_consecutive": (_limits(max_consecutive=1),),
    "walking": (
        _walking_between_meetings(),
        _walking_from_an_engagement("1-1", "1-2"),
        _walking_from_an_engagement("1-2", "1-1"),
    ),
    "interpreter_one_place": (_interpreter_in_two_meetings(),),
    "interpreter_max_per_day": (_interpreted(max_per_day=1),),
    "interpreter_max_consecutive": (_interpreted(max_consecutive=1),),
    "interpreter_walking": (_interpreter_walking(),),
    "capacity": (_capacity(), _capacity_in_the_second_slot()),
    "tables": (_keeps_its_table(),),
    "max_breaks": (_max_breaks(),),
}
