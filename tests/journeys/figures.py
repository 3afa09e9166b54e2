"""The figures of the five scenarios, measured and written into docs/scenarios.md: ``python -m tests.journeys.figures``.

``--seconds 10`` gives each less time to solve; names of scenarios after it measure only these and print.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import func, select

from matchmaker import clock, scenarios
from matchmaker.app import create_app
from matchmaker.domain.scoring import PairClass
from matchmaker.extensions import db
from matchmaker.models import Base, Organisation, Participation
from matchmaker.settings import Settings
from solver.schedule import TERMS
from tests.journeys import travelling

if TYPE_CHECKING:
    from collections.abc import Sequence

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "scenarios.md"
BEGIN, END = "<!-- figures -->\n", "<!-- end -->"
SECONDS = {"oujda": 120}
USUAL_SECONDS = 60
COLUMNS = (
    "scenario", "people", "organisations", "requests", *(str(klass) for klass in PairClass), "met",
    "0, 1, 2 meetings", "minimums missed", "value", "bound", "gap", "seconds", "mails", "faults",
)  # fmt: skip
TERMS_COLUMNS = ("scenario", *TERMS, "value")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="SCENARIO", help="measure only these, and print")
    parser.add_argument("--seconds", type=int, help="for each run, in place of 60 (oujda: 120)")
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    rows, terms = [], []
    for name in asked.names or scenarios.names():
        for table_, line in zip(
            (rows, terms), measured(name, asked.seconds or SECONDS.get(name, USUAL_SECONDS)), strict=True
        ):
            table_.append(line)
            sys.stderr.write(" | ".join(line) + "\n")
    if not asked.names:
        write(where() + table(COLUMNS, rows) + "\n" + table(TERMS_COLUMNS, terms))


def measured(name: str, seconds: int) -> tuple[list[str], list[str]]:
    """Take one scenario the whole way in an empty house of its own; return its rows in the two tables."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_folder=Path(folder), secret_key="only for measuring", public_origin="http://localhost")
        with create_app(settings).app_context():
            Base.metadata.create_all(db.engine)
            journey = travelling.travel(name, seconds=seconds, now=clock.now(), settings=settings)
            return row(name, journey), terms_row(name, journey)


def row(name: str, journey: travelling.Journey) -> list[str]:
    draft, scores = journey.draft, journey.draft.scores
    return [
        f"`{name}`",
        number(count(Participation)),
        number(count(Organisation)),
        number(scores["wanted"]),
        *("/".join(map(number, scores["classes"][klass])) for klass in PairClass),
        f"{scores['placed'] / scores['wanted']:.0%}",
        f"{scores['with_0']}, {scores['with_1']}, {scores['with_2']} of {scores['people']}",
        number(scores["minimums_missed"]),
        number(int(draft.value)),
        number(int(draft.bound)),
        f"{draft.gap:.2%}",
        f"{draft.seconds:.0f}",
        number(len(journey.letters)),
        number(len(travelling.found_by_the_checker(journey))),
    ]


def terms_row(name: str, journey: travelling.Journey) -> list[str]:
    """Give what each term counts, in its own unit, and the value that they make together."""
    terms = journey.draft.terms
    return [f"`{name}`", *(number(terms[term]) for term in TERMS), number(int(journey.draft.value))]


def count(kind: type[Base]) -> int:
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


def number(value: int) -> str:
    return f"{value:,}"


def where() -> str:
    return f"On {os.cpu_count()} processors of {machine()}, {clock.now():%d %B %Y}.\n\n"


def table(columns: Sequence[str], rows: list[list[str]]) -> str:
    return "".join(f"| {' | '.join(line)} |\n" for line in (columns, ["---"] * len(columns), *rows))


def machine() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return "an unnamed machine"


def write(figures: str) -> None:
    before, _, rest = DOCUMENT.read_text("utf-8").partition(BEGIN)
    DOCUMENT.write_text(f"{before}{BEGIN}{figures}{END}{rest.partition(END)[2]}", "utf-8")


if __name__ == "__main__":
    main()
