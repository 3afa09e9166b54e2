"""Fairness against total as organisers read it: picture, table and solver say the same; a point is chosen."""

from __future__ import annotations

import re

import pytest

from matchmaker import clock
from matchmaker.domain.states import StudyKind
from matchmaker.extensions import db
from matchmaker.models import Run, Study
from matchmaker.queries import studies as queries
from matchmaker.scheduling.problem import unpacked
from matchmaker.services import studies
from matchmaker.web import frontier_chart
from solver import SearchLimits, frontier
from tests.forum import a_forum
from tests.solved import CAPACITY
from tests.web.desks import LOCALES
from tests.web.visitors import Visitor, words

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def forum():
    return a_forum("a!b b!a a+c c+a a+d d+a e+f", capacity=1)


@pytest.fixture
def client(app, forum):
    return Visitor(app, forum.organiser)


def address(forum, rest="", lang="en"):
    return f"/o/{forum.event.slug}/runs/{rest}?lang={lang}"


@pytest.fixture
def points(client, forum):
    """Let the frontier be asked for by the page and worked out; return its points as the solver gives them."""
    client.post(address(forum, "frontier/ask"))
    now = clock.now()
    studies.execute(studies.claim("worker", now), holder="worker", capacity=CAPACITY, clock=clock.now)
    db.session.rollback()
    study = queries.shown(forum.id, StudyKind.FRONTIER).answered
    return frontier(unpacked(db.session.get(Study, study.id).problem), SearchLimits(seconds=60, workers=1))


@pytest.mark.parametrize("lang", LOCALES)
def test_table_and_picture_say_what_the_solver_found(client, forum, points, lang):
    page = client.get(address(forum, "frontier", lang)).get_data(as_text=True)

    table = page[page.index("<tbody>") : page.index("</tbody>")]
    rows = [re.findall(r'<td class="n">(\d+)</td>', row) for row in table.split("</tr>")[:-1]]
    assert [[int(text) for text in row] for row in rows] == [[point.weight, *point.people] for point in points]
    picture = page[page.index('<svg class="frontier"') :]
    assert [int(text) for text in re.findall(r"<circle[^>]*/><text[^>]*>(\d+)<", picture)] == [p.weight for p in points]
    bars = [int(text) for text in re.findall(r'class="n small"[^>]*>(\d+)<', picture)]
    assert bars == [count for point in points for count in point.people[:3]]


def test_in_arabic_the_picture_is_mirrored():
    points = [{"times": times, "weight": 10 * n, "people": [n, 1, 2, 0]} for n, times in enumerate((0.0, 1.0, 2.0))]

    there, back = (frontier_chart.columns(points, mirrored=mirrored) for mirrored in (False, True))

    assert [one.x + other.x for one, other in zip(there, back, strict=True)] == [frontier_chart.WIDTH] * 3
    middle = frontier_chart.BAR / 2
    for one, other in zip(there, back, strict=True):
        for bar, mirror in zip(one.bars, other.bars, strict=True):
            assert bar.x + mirror.x + 2 * middle == pytest.approx(frontier_chart.WIDTH)
    assert [(one.percent, one.y) for one in there] == [(one.percent, one.y) for one in back]


def test_choosing_a_point_starts_a_run_with_its_weights(client, forum, points):
    answer = client.post(
        f"/o/{forum.event.slug}/runs",
        data={"preset": "fairness", "seconds": "5", "draft": "", "bonus_percent": "200"},
    )

    run = db.session.scalars(db.select(Run)).one()
    assert (answer.status_code, run.bonus_percent) == (303, 200)
    assert unpacked(run.problem).bonuses == (2000, 400, 100)
    assert "Fairness first, fairness ×2" in words(client.get(address(forum, "1")))


def test_a_point_fills_the_form(client, forum):
    page = client.get(f"/o/{forum.event.slug}/runs?fairness=500").get_data(as_text=True)

    assert '<option selected value="500">×5</option>' in page
