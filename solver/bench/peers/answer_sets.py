"""The same model as a logic program, solved by clingo, core-guided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import clingo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from solver.bench.peers.instance import Instance

OPTIONS = ("--opt-strategy=usc,oll", "--configuration=trendy")
PROGRAM = """
#defined before/2. #defined most_breaks/1.
1 { held(M, T) : may(M, T) } 1 :- meeting(M).
used(P, T) :- held(M, T), in(P, M).
:- person(P), slot(T), #count { M : held(M, T), in(P, M) } > 1.
:- meetings(P, N), #count { T : used(P, T) } != N.
:- slot(T), tables(N), #count { M : held(M, T) } > N.
done(A, T + 1) :- held(A, T), before(A, _), slot(T + 1).
done(A, T + 1) :- done(A, T), slot(T + 1).
:- before(A, B), held(B, T), not done(A, T).
met(P, T) :- used(P, T).
met(P, T + 1) :- met(P, T), slot(T + 1).
break(P, T) :- met(P, T), not used(P, T), used(P, T + 1).
:- most_breaks(N), person(P), #count { T : break(P, T) } > N.
#minimize { 1, P, T : break(P, T) }.
#show held/2.
"""


def solve_answer_sets(instance: Instance) -> tuple[int, dict[str, int]] | None:
    """Return the fewest breaks and the slot of each meeting, or None where there is no schedule."""
    control = clingo.Control(list(OPTIONS))
    control.add("base", [], PROGRAM + "\n".join(_facts(instance)))
    control.ground([("base", [])])
    best: tuple[int, dict[str, int]] | None = None
    with control.solve(yield_=True) as models:
        for model in models:
            best = model.cost[0], dict(_held(atom) for atom in model.symbols(shown=True))
        if not models.get().exhausted:
            raise RuntimeError("clingo ended before the proof")
    return best


def _held(atom: clingo.Symbol) -> tuple[str, int]:
    meeting, slot = atom.arguments
    return meeting.name, slot.number


def _facts(instance: Instance) -> Iterator[str]:
    yield f"slot(0..{instance.slots - 1}). tables({instance.tables})."
    if instance.most_breaks is not None:
        yield f"most_breaks({instance.most_breaks})."
    for meeting, slots in instance.may.items():
        yield f"meeting({meeting})."
        yield from (f"may({meeting}, {slot})." for slot in sorted(slots))
    yield from (f"before({earlier}, {later})." for earlier, later in instance.before)
    for person, meetings in instance.meetings_of.items():
        yield f"person({person}). meetings({person}, {len(meetings)})."
        yield from (f"in({person}, {meeting})." for meeting in meetings)
