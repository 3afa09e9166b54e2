"""``python -m solver.bench.peers rc2|clingo FILE [MOST_BREAKS]``: one peer, one instance, one line of JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from solver.bench.peers.instance import instance_of
from solver.dzn import problem_from_dzn

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.bench.peers.instance import Instance


def main(peer: str, file: str, most_breaks: str = "") -> None:
    solve = _peer(peer)
    instance = instance_of(problem_from_dzn(Path(file)), int(most_breaks) if most_breaks else None)
    answer = solve(instance)
    value, slots = answer if answer is not None else (None, {})
    sys.stdout.write(json.dumps({"value": value, "slots": slots}) + "\n")


def _peer(name: str) -> Callable[[Instance], tuple[int, dict[str, int]] | None]:
    """Import the one that is asked for alone: the other's imports are not its time."""
    if name == "rc2":
        from solver.bench.peers.maxsat import solve_maxsat  # noqa: PLC0415 (as said above)

        return solve_maxsat
    from solver.bench.peers.answer_sets import solve_answer_sets  # noqa: PLC0415 (as above)

    return solve_answer_sets


if __name__ == "__main__":
    main(*sys.argv[1:])
