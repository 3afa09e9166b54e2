"""What takes an event of a thousand people longest: ``python -m tests.bench paper``, ``grid``, ``import``, or all.

Prints seconds of the clock and of the processors, and the most memory that a process took.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from statistics import median

import structlog
from flask_babel import force_locale

from matchmaker import clock
from matchmaker.extensions import db
from matchmaker.models import Event
from matchmaker.queries import importing as waiting
from matchmaker.queries import paper as papers
from matchmaker.queries import versions
from matchmaker.scheduling import grid
from matchmaker.services import importing
from matchmaker.services import paper as service
from matchmaker.sheets.capped import read_capped
from matchmaker.sheets.cells import workbook
from solver.bench.machine import facts
from tests import thousand

HEADS = ("Nom", "Prénom", "Organisation", "E-mail", "Téléphone", "Fonction", "Ville", "Langues", "Offres", "Besoins")
ROWS = 4999
"""With the heads, as many as may be brought at once."""
QUESTIONS = 50


@contextmanager
def measured(what: str) -> Iterator[None]:
    """Print what is done inside takes; children count once they have ended."""
    began, used = time.perf_counter(), _used()
    yield
    own, children = _megabytes(resource.RUSAGE_SELF), _megabytes(resource.RUSAGE_CHILDREN)
    print(
        f"{what:40} {time.perf_counter() - began:7.2f} s {_used() - used:7.2f} s of processors, "
        f"up to {own} MB here and {children} MB in a child",
        flush=True,
    )


def _used() -> float:
    kinds = (resource.getrusage(kind) for kind in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in kinds)


def _megabytes(kind: int) -> int:
    return resource.getrusage(kind).ru_maxrss // 1024


def paper(event: Event, staff: int) -> None:
    """Make all that is printed, then the agendas once more by themselves."""
    service.ask(event.id, actor_id=staff, now=clock.now())
    with measured("all paper"):
        service.make_next(holder="measurement", now=clock.now())
    with measured("what is printed, read"):
        content = papers.paper(event.id)
        db.session.rollback()
    with measured("1,000 agendas"), force_locale(content.language):
        for part in service.IN_PARTS["agendas"](content):
            service.PRINTED["agendas"](part)


def the_grid(event: Event, staff: int) -> None:
    """Choose a first meeting in a process, then others."""
    draft = versions.draft(event.id, 1)
    requests = list(islice(grid.places_of(draft.id), QUESTIONS))
    took = []
    for number, request in enumerate(requests):
        began = time.process_time()
        with grid.asking(draft) as board:
            board.spots(request)
        took.append(time.process_time() - began)
        if not number:
            print(f"{'the first question':40} {took[0]:7.2f} s of processors", flush=True)
    print(f"{'a later one, median':40} {1000 * median(took[1:]):7.1f} ms of processors", flush=True)


def people(event: Event, staff: int) -> None:
    """Bring 5,000 rows in, from the file to the people."""
    with measured("a file is made"):
        file = workbook("Liste", HEADS, _rows(), right_to_left=False)
    with measured("it is read"):
        read = read_capped(file)
    with measured("its columns are guessed"):
        number = importing.begin(event.id, read.rows, title="Liste", actor_id=staff, now=clock.now())
    with measured("its rows are judged for the page"):
        plan = importing.plan(waiting.judged(waiting.access_import(event.id, number)), {})
    with measured("it is confirmed"):
        importing.confirm(event.id, number, plan.people, now=clock.now())
    with measured("its people are entered"):
        importing.carry_out(number, now=clock.now())


def _rows() -> Iterator[Sequence[str]]:
    for number in range(ROWS):
        firm = f"Société {number // 2} du Souss"
        reached = f"personne-{number}@example.com", f"+2126{number:08}"
        said = "Directrice commerciale", "Agadir", "arabe, français", "Logistique, emballage", "Financement"
        yield (f"Alaoui {number}", "Houda", firm, *reached, *said)


MEASURES: dict[str, Callable[[Event, int], None]] = {"grid": the_grid, "paper": paper, "import": people}


def main(asked: Sequence[str]) -> int:
    """Measure what is asked for; return the exit status."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    print("\n".join(f"{name}: {what}" for name, what in facts().items()), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        app = thousand.application(Path(folder))
        with app.app_context(), app.test_request_context():
            event = thousand.build(random.Random(7))
            staff = thousand.staff(event)
            if set(asked) != {"import"}:
                thousand.solve(event, "fairness", 30, actor_id=staff)
                thousand.publish(event, actor_id=staff)
            for name in asked or MEASURES:
                MEASURES[name](event, staff)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
