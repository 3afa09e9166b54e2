"""Paper is made once for each version, by itself on the eve; old files go, and with a person's data all of them."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from pypdf import PdfReader
from structlog.testing import capture_logs

from matchmaker.domain.states import PaperState, Phase
from matchmaker.errors import NotFound
from matchmaker.extensions import current_settings, db
from matchmaker.models import LogEntry, PaperPack
from matchmaker.queries import paper as queries
from matchmaker.services import deletion, links, paper
from tests.published import a_day, meeting, publish

pytestmark = pytest.mark.usefixtures("app")
EVE = datetime(2026, 3, 9, tzinfo=UTC)
"""The day before the first; in that month Morocco's clocks show UTC."""


def packs():
    db.session.rollback()
    return db.session.scalars(db.select(PaperPack).order_by(PaperPack.id)).all()


def folders():
    place = current_settings().paper
    return {folder.name for folder in place.iterdir()} if place.is_dir() else set()


def a_published_day(**event):
    day = a_day(1, phase=Phase.FINAL, **event)
    publish(day, meeting(0))
    return day


def made(day, now, holder="worker"):
    paper.ask(day.event.id, actor_id=day.reader.account_id, now=now)
    return paper.make_next(holder=holder, now=now)


def test_what_is_asked_for_is_made_and_offered(now):
    day = a_published_day()

    assert made(day, now) is not None

    (pack,) = packs()
    assert (pack.state, pack.version_number, pack.made_at) == (PaperState.READY, 1, now)
    assert set(pack.files) == {"agendas", "tables", "doors", "badges"}
    assert all(queries.access_file(day.event.id, kind).startswith(b"%PDF-") for kind in pack.files)
    with pytest.raises(NotFound):
        queries.access_file(day.event.id, "interpreters")
    assert db.session.scalars(db.select(LogEntry.verb)).all() == ["paper.asked"]
    assert paper.make_next(holder="worker", now=now) is None


def test_many_agendas_stand_in_several_files(now, monkeypatch):
    day = a_published_day()
    monkeypatch.setattr(paper, "AT_ONCE", 1)

    made(day, now)

    first, second = (queries.access_file(day.event.id, "agendas", part) for part in (1, 2))
    assert [len(PdfReader(io.BytesIO(file)).pages) for file in (first, second)] == [1, 1]
    assert first != second
    with pytest.raises(NotFound):
        queries.access_file(day.event.id, "agendas", 3)


def test_the_cards_of_many_tables_stand_in_several_files_each_table_in_one(now, monkeypatch):
    day = a_day(3, phase=Phase.FINAL)
    at = [("09:00", "09:20", 1), ("09:25", "09:45", 2), ("10:35", "10:55", 1)]
    publish(day, *(meeting(other, *hours, table_number=table) for other, (*hours, table) in enumerate(at)))
    monkeypatch.setattr(paper, "SITTINGS_AT_ONCE", 1)

    made(day, now)

    (pack,) = packs()
    files = [PdfReader(io.BytesIO(queries.access_file(day.event.id, "tables", part))) for part in (1, 2)]
    said = [" ".join(page.extract_text() for page in file.pages) for file in files]
    assert [name for name in pack.files if name.startswith("tables")] == ["tables", "tables-2"]
    assert [[hour in text for hour in ("09:00", "09:25", "10:35")] for text in said] == [
        [True, False, True],
        [False, True, False],
    ]


def test_to_ask_twice_makes_it_once(now):
    day = a_published_day()
    for _ in range(2):
        paper.ask(day.event.id, actor_id=day.reader.account_id, now=now)

    assert [paper.make_next(holder="worker", now=now) is None for _ in range(2)] == [False, True]


@pytest.mark.parametrize(
    ("published", "hour", "due"), [(-24, 12, 0), (-24, 17, 0), (-24, 18, 1), (9, 10, 1), (-24, 62, 0)]
)
def test_it_is_made_by_itself_from_the_eve_on_once_for_each_version(published, hour, due):
    day = a_day(1, phase=Phase.FINAL)
    publish(day, meeting(0), at=EVE + timedelta(hours=published))

    asked = [paper.ask_on_the_eve(now=EVE + timedelta(hours=hour)) for _ in range(2)]

    assert asked == [due, 0]


@pytest.mark.parametrize(
    ("published", "hour", "minutes"), [(-24, 18, []), (-24, 20, [120]), (9, 9, []), (9, 20, [660]), (20, 20, [])]
)
def test_paper_that_is_asked_for_late_is_said_in_the_log(published, hour, minutes):
    day = a_day(1, phase=Phase.FINAL)
    publish(day, meeting(0), at=EVE + timedelta(hours=published))

    with capture_logs() as lines:
        for _ in range(2):
            paper.ask_on_the_eve(now=EVE + timedelta(hours=hour))

    late = [(line["kind"], line["of"], line["minutes"]) for line in lines if line["event"] == "late"]
    assert late == [("paper", day.event.id, one) for one in minutes]


def test_a_version_that_comes_later_takes_the_place_of_what_was_made(now):
    day = a_published_day()
    made(day, now)
    publish(day, meeting(0), number=2)
    old = folders()

    made(day, now)
    paper.sweep()

    assert [pack.version_number for pack in packs()] == [2]
    assert folders() & old == set()
    assert {packs()[0].folder} <= folders()


def test_with_a_persons_data_goes_all_that_was_printed(now):
    day = a_published_day()
    made(day, now)
    (folder,) = [pack.folder for pack in packs()]

    deletion.delete_person(day.event.id, day.reader.id, actor_id=day.reader.account_id, now=now)
    paper.sweep()

    assert (packs(), folder in folders()) == ([], False)
    with pytest.raises(NotFound):
        queries.access_file(day.event.id, "agendas")


def test_what_a_dead_worker_left_is_made_by_another_and_given_up_after_three(now):
    day = a_published_day()
    paper.ask(day.event.id, actor_id=day.reader.account_id, now=now)
    claims = [paper._claim("dead", now + n * paper.CLAIM_LASTS) for n in range(4)]  # as if it died then

    assert [claim is None for claim in claims] == [False, False, False, True]
    assert packs()[0].state is PaperState.FAILED


def test_the_page_is_told_what_happened_since(now):
    day = a_published_day()
    made(day, now)
    links.renew(day.reader.id, actor_id=day.reader.account_id, now=now + timedelta(minutes=1))

    found = queries.shelf(day.event.id)
    assert (found.latest, found.on_offer.version_number, found.since) == (1, 1, {"person.link_renewed": 1})
