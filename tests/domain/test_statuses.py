"""Every combination of what status_for may be given, against a table written apart from it."""

from itertools import product
from typing import NamedTuple

import pytest

from matchmaker.domain.states import MeetingState, RequestState
from matchmaker.domain.statuses import LABELS, Status, Viewer, status_for

# viewer | request | both | own veto | meeting | moved | published -> status
# "*" is anything, "a/b" one of two, "-" no meeting. Each combination fits exactly one row.
TABLE = """
*               | *                | *   | *   | provisional     | no  | yes | provisional
*               | *                | *   | *   | confirmed       | no  | yes | confirmed
*               | *                | *   | *   | provisional     | yes | yes | moved
*               | *                | *   | *   | confirmed       | yes | yes | moved
*               | *                | *   | *   | cancelled       | *   | yes | cancelled
*               | *                | *   | *   | held            | *   | yes | held
*               | *                | *   | *   | no_show         | *   | yes | no_show

*               | declined         | *   | *   | -               | *   | yes | declined
*               | declined         | *   | *   | *               | *   | no  | declined
*               | withdrawn        | *   | *   | -               | *   | yes | withdrawn
*               | withdrawn        | *   | *   | *               | *   | no  | withdrawn
organiser       | expired          | *   | *   | -               | *   | yes | expired
organiser       | expired          | *   | *   | *               | *   | no  | expired
asker/asked     | expired          | *   | no  | -               | *   | yes | expired
asker/asked     | expired          | *   | no  | *               | *   | no  | expired

asker           | asked/accepted/expired | * | yes | -           | *   | yes | withdrawn
asker           | asked/accepted/expired | * | yes | *           | *   | no  | withdrawn
asked           | asked/accepted/expired | * | yes | -           | *   | yes | declined
asked           | asked/accepted/expired | * | yes | *           | *   | no  | declined

organiser       | accepted         | *   | *   | *               | *   | no  | accepted
organiser       | asked            | yes | *   | *               | *   | no  | accepted
organiser       | asked            | no  | *   | *               | *   | no  | awaiting
asker           | accepted         | *   | no  | *               | *   | no  | accepted
asker           | asked            | yes | no  | *               | *   | no  | accepted
asker           | asked            | no  | no  | *               | *   | no  | awaiting
asked           | accepted         | *   | no  | *               | *   | no  | accepted
asked           | asked            | yes | no  | *               | *   | no  | accepted
asked           | asked            | no  | no  | *               | *   | no  | to_answer

organiser       | asked/accepted   | *   | *   | -               | *   | yes | not_scheduled
asker           | asked/accepted   | *   | no  | -               | *   | yes | not_scheduled
asked           | accepted         | *   | no  | -               | *   | yes | not_scheduled
asked           | asked            | yes | no  | -               | *   | yes | not_scheduled
asked           | asked            | no  | no  | -               | *   | yes | to_answer
"""


class Case(NamedTuple):
    viewer: Viewer
    request: RequestState
    both_positive: bool
    own_veto: bool
    meeting: MeetingState | None
    moved: bool
    published: bool

    def words(self):
        return [{True: "yes", False: "no", None: "-"}.get(value, value) for value in self]

    def status(self):
        viewer, request, *_ = self
        return status_for(viewer, request, **{name: getattr(self, name) for name in self._fields[2:]})


ROWS = [[cell.strip() for cell in line.split("|")] for line in TABLE.splitlines() if line]
YES_NO = (True, False)
CASES = [Case(*c) for c in product(Viewer, RequestState, YES_NO, YES_NO, (None, *MeetingState), YES_NO, YES_NO)]


def rows_of(case):
    return [
        row
        for row in ROWS
        if all(cell == "*" or word in cell.split("/") for cell, word in zip(row[:-1], case.words(), strict=True))
    ]


def test_table_has_one_row_for_each_combination_and_no_idle_row():
    used = [rows_of(case) for case in CASES]

    assert len(CASES) == 1440
    assert [rows for rows in used if len(rows) != 1] == []
    assert {tuple(rows[0]) for rows in used} == {tuple(row) for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=" ".join)
def test_status_for_agrees_with_the_table(row):
    cases = [case for case in CASES if rows_of(case) == [row]]

    assert {case.status() for case in cases} == {row[-1]}


@pytest.mark.parametrize("side", [Viewer.ASKER, Viewer.ORGANISER])
def test_the_askers_and_the_organisers_status_cannot_depend_on_the_veto_of_the_asked(side):
    """The other's veto is no argument; the organiser's own would be nobody's and changes nothing."""
    without = [case for case in CASES if case.viewer is side and not case.own_veto]
    same = [case._replace(viewer=Viewer.ORGANISER, own_veto=True) for case in without]

    assert [case.status() for case in without] == [case.status() for case in same]


def test_only_the_asked_is_told_to_answer():
    assert {case.viewer for case in CASES if case.status() is Status.TO_ANSWER} == {Viewer.ASKED}


def test_every_status_can_be_reached_and_has_a_word():
    assert {case.status() for case in CASES} == set(Status)
    assert list(LABELS) == list(Status)
    assert len(set(LABELS.values())) == len(Status) == 13
