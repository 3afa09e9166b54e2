"""The grid as an organiser reads it: choose, see where and why not, move by the button of a cell or by the form."""

from __future__ import annotations

import re

import pytest

from matchmaker.domain.states import Phase, Role, VersionKind
from matchmaker.extensions import db
from matchmaker.models import Draft, DraftMeeting, Event, Participation, Request
from matchmaker.queries.grid import tray
from matchmaker.queries.standby import arrived
from matchmaker.scheduling import standby
from matchmaker.services import publishing
from matchmaker.unit_of_work import unit_of_work
from tests.factories import AccountFactory, LocationFactory, MembershipFactory, UnavailabilityFactory
from tests.forum import a_forum, wish
from tests.solved import solved
from tests.web.desks import queries
from tests.web.visitors import Visitor, words

pytestmark = pytest.mark.usefixtures("app")
LOCALES = ("ar", "fr", "en")


@pytest.fixture
def forum(now):
    forum = a_forum("a!b b!a a+c c+b d+a", capacity=3)
    solved(forum, now)
    return forum


@pytest.fixture
def client(app, forum):
    return Visitor(app, forum.organiser)


def grid(forum, number=1, **query):
    query = {"lang": "en", **query}
    return f"/o/{forum.event.slug}/drafts/{number}/grid?" + "&".join(f"{name}={value}" for name, value in query.items())


def act(forum, name, number=1):
    return f"/o/{forum.event.slug}/drafts/{number}/grid/{name}?lang=en"


def code_of(forum, first, second):
    pair = {forum.organisations[first].id, forum.organisations[second].id}
    return next(row.code for row in db.session.scalars(db.select(Request)) if {row.first_id, row.second_id} == pair)


def led(answer, locale="en"):
    """Return where an answer leads, in a language."""
    address, _, part = answer.location.partition("#")
    return f"{address}{'&' if '?' in address else '?'}lang={locale}#{part}"


def stands(code, number=1):
    row = db.session.scalars(
        db.select(DraftMeeting)
        .join(Draft, Draft.id == DraftMeeting.draft_id)
        .join(Request)
        .where(Draft.number == number, Request.code == code)
    ).one()
    return row.slot_id, row.location_id, row.table_number


def buttons(page):
    """Return what the buttons of the legal cells would send."""
    return re.findall(r'<button name="place" value="([0-9-]+)"', page.get_data(as_text=True))


@pytest.mark.parametrize("view", ["table", "person"])
@pytest.mark.parametrize("locale", LOCALES)
def test_every_view_reads_well_in_every_language(client, forum, locale, view):
    code = code_of(forum, "a", "b")
    UnavailabilityFactory(participation=forum.people["a"], in_slot=forum.slots[-1])

    for query in ({}, {"meeting": code}, {"words": "Firm"}, {"words": "nobody at all"}):
        assert client.get(grid(forum, lang=locale, by=view, **query)).status_code == 200


def test_cells_of_a_chosen_meeting_say_where_it_may_go_and_why_not_elsewhere(client, forum):
    code = code_of(forum, "a", "b")
    UnavailabilityFactory(participation=forum.people["a"], in_slot=forum.slots[-1])

    page = client.get(grid(forum, meeting=code))

    html = page.get_data(as_text=True)
    assert html.count('class="is-chosen"') == 1
    assert buttons(page)
    assert not [place for place in buttons(page) if place.startswith(f"{forum.slots[-1].id}-")]
    assert "Firm a: not free" in words(page)


def test_the_button_of_a_cell_moves_the_meeting(client, forum):
    code = code_of(forum, "a", "b")
    place = buttons(client.get(grid(forum, meeting=code)))[-1]

    answer = client.post(
        act(forum, "move"), data={"meeting": code, "place": place, "revision": "1", "at-meeting": code}
    )
    page = client.get(led(answer))

    assert answer.location == f"/o/{forum.event.slug}/drafts/2/grid?meeting={code}#held"
    assert page.get_data(as_text=True).count('id="held"') == 1
    assert stands(code, 2) == tuple(map(int, place.split("-")))
    assert "By hand, from draft 1" in words(page)
    assert "Draft 1 stays as it was: you now work on draft 2." in words(page)
    assert "Undo (1)" in words(page)


def test_the_form_moves_it_as_well_and_a_slot_is_enough(client, forum):
    code = code_of(forum, "a", "b")
    slot, location, _table = buttons(client.get(grid(forum, meeting=code)))[-1].split("-")

    client.post(act(forum, "move"), data={"meeting": code, "slot": slot, "table": "", "revision": "1"})
    there = stands(code, 2)
    client.post(act(forum, "move", 2), data={"meeting": code, "slot": slot, "table": f"{location}-3", "revision": "2"})

    assert there[0] == int(slot)
    assert stands(code, 2) == (int(slot), int(location), 3)


def test_a_refused_move_says_why_in_a_sentence(client, forum):
    code = code_of(forum, "a", "b")
    last = forum.slots[-1]
    UnavailabilityFactory(participation=forum.people["a"], in_slot=last)

    data = {"meeting": code, "place": f"{last.id}-{forum.hall.id}-1", "revision": "1"}
    page = client.get(client.post(act(forum, "move"), data=data).location + "?lang=en")

    assert "Both sides are not free at that time. Nothing was changed." in words(page)
    assert db.session.scalars(db.select(Draft.number)).all() == [1]


def test_the_second_of_two_organisers_is_told(client, forum):
    code = code_of(forum, "a", "b")
    place = buttons(client.get(grid(forum, meeting=code)))[-1]
    data = {"meeting": code, "place": place, "revision": "7"}

    page = client.get(client.post(act(forum, "move"), data=data).location + "?lang=en")

    assert "Somebody else changed this draft meanwhile." in words(page)


def test_tray_best_place_undo_redo_and_lock_are_buttons(client, forum):
    code = code_of(forum, "a", "b")
    before = stands(code)

    client.post(act(forum, "out"), data={"meeting": code, "revision": "1"})
    tray = words(client.get(grid(forum, 2)))
    client.post(act(forum, "best", 2), data={"meeting": code, "revision": "2"})
    placed = stands(code, 2)
    client.post(act(forum, "undo", 2), data={"revision": "3"})
    client.post(act(forum, "undo", 2), data={"revision": "4"})
    back = stands(code, 2)
    client.post(act(forum, "lock", 2), data={"meeting": code, "lock": "1", "revision": "5"})
    locked = client.get(grid(forum, 2, meeting=code))

    assert "Not scheduled 1" in tray
    assert (placed, back) == (before, before)
    assert "This meeting is locked. Unlock it to move it." in words(locked)
    assert buttons(locked) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_where_there_is_no_best_place_the_page_says_what_would_make_one(client, forum, locale):
    code = code_of(forum, "a", "b")
    client.post(act(forum, "out"), data={"meeting": code, "revision": "1"})
    for slot in forum.slots:
        UnavailabilityFactory(participation=forum.people["b"], in_slot=slot)

    answer = client.post(act(forum, "best", 2), data={"meeting": code, "revision": "2"})
    page = words(client.get(led(answer, locale)))

    free = {"ar": "متاحا حينها", "fr": "se libère à ce moment-là", "en": "is free then"}
    assert free[locale] in page


@pytest.mark.parametrize("query", [{"meeting": "nothing"}, {"number": 9}])
def test_what_does_not_exist_is_absent(client, forum, query):
    assert client.get(grid(forum, **query)).status_code == 404


@pytest.mark.parametrize("data", [{}, {"place": "x"}, {"place": "99999999999"}, {"slot": "0", "table": "1-2-3"}])
def test_strange_forms_change_nothing(client, forum, data):
    answer = client.post(act(forum, "move"), data={"meeting": code_of(forum, "a", "b"), "revision": "1", **data})

    assert answer.status_code in {303, 404}
    assert db.session.scalars(db.select(Draft.number)).all() == [1]


def test_a_viewer_reads_and_changes_nothing(app, forum):
    viewer = MembershipFactory(event=forum.event, account=AccountFactory(), role=Role.VIEWER).account
    page = Visitor(app, viewer).get(grid(forum, meeting=code_of(forum, "a", "b")))

    assert (page.status_code, buttons(page)) == (200, [])
    assert "Possible" in words(page)


def test_a_page_costs_as_many_queries_with_many_tables_as_with_few(app, client, forum):
    code = code_of(forum, "a", "b")
    client.get(grid(forum, meeting=code))
    with queries() as few:
        client.get(grid(forum, meeting=code))
    LocationFactory(event=forum.event, capacity=100)
    client.get(grid(forum, meeting=code))

    with queries() as many:
        client.get(grid(forum, meeting=code))

    assert len(many) == len(few)


def test_after_a_move_the_page_is_shown_on_which_the_meeting_stands(client, forum):
    far = LocationFactory(event=forum.event, capacity=60)
    code = code_of(forum, "a", "b")
    slot = buttons(client.get(grid(forum, meeting=code)))[-1].split("-")[0]
    data = {"meeting": code, "slot": slot, "table": f"{far.id}-58", "at-meeting": code, "at-page": "1", "revision": "1"}

    page = client.get(led(client.post(act(forum, "move"), data=data)))

    assert "51 to 63 of 63" in words(page)
    assert re.search(r'class="is-chosen"><a class="cell" [^>]*id="held"', page.get_data(as_text=True))


def test_cells_name_organisations_in_short_unless_two_are_called_alike(client, forum):
    long = {"a": "Coopérative féminine de l’arganier", "b": "Coopérative féminine du safran", "c": "Éts Atlas du Nord"}
    with unit_of_work() as session:
        for letter, name in long.items():
            session.merge(forum.organisations[letter]).names = {"fr": name}
        session.merge(forum.organisations["d"]).short_names = {"en": "D & Co"}

    table = client.get(grid(forum)).get_data(as_text=True).split("<tbody>")[1].split("</tbody>")[0]

    cells = set(re.findall(r"<bdi>([^<]+)</bdi>", table))
    assert {long["a"], long["b"], "Éts Atlas du…", "D &amp; Co"} <= cells
    assert long["c"] not in cells


def test_only_the_rows_of_the_page_are_shown(client, forum):
    LocationFactory(event=forum.event, capacity=100)

    page = words(client.get(grid(forum, page=2)))

    assert "26 to 50 of 103" in page


def test_a_veto_looks_like_want_of_a_place(app, forum):
    """Only the owner may know that a veto keeps a request back; who asks the grid learns no more than that."""
    wish(forum, "b", "-", "d")
    with unit_of_work() as session:
        row = db.session.scalars(db.select(Request)).first()
        parts = {"state": row.state, "weight": row.weight, "klass": row.klass, "created_at": row.created_at}
        pair = sorted([forum.organisations["b"].id, forum.organisations["d"].id])
        session.add(Request(event_id=forum.id, code="vetoed", first_id=pair[0], second_id=pair[1], **parts))
    client = Visitor(app, forum.organiser)

    page = words(client.get(grid(forum, meeting="vetoed")))
    answer = client.post(act(forum, "best"), data={"meeting": "vetoed", "revision": "1"})

    assert "There is no place for this meeting beside the others." in page
    assert "no place for it" in page
    assert "There is no place for this meeting beside the others. Nothing was changed." in words(
        client.get(answer.location + "?lang=en")
    )
    assert "veto" not in page.replace("vetoed", "")


def test_repair_is_a_button_that_leads_to_its_run(client, forum):
    code = code_of(forum, "a", "b")

    answer = client.post(act(forum, "repair"), data={"meeting": code, "revision": "1"})

    assert answer.location == f"/o/{forum.event.slug}/runs/2"
    assert "repair of draft 1" in words(client.get(answer.location + "?lang=en"))


# ── standby ─────────────────────────────────────────────────────────────────

WAITS = "On standby"


@pytest.fixture
def day(app, now):
    """An event under way: ab is out and in the tray of draft 2, ac and ad are held nowhere; all but ``d`` are there."""
    forum = a_forum("a!b b!a a!c c!a a!d d!a")
    for letter in "cd":
        for slot in forum.slots:
            UnavailabilityFactory(participation=forum.people[letter], in_slot=slot)
    solved(forum, now, seconds=10)
    publishing.publish(forum.id, 1, VersionKind.FINAL, expected_version=None, actor_id=None, now=now)
    taken_out = {"meeting": code_of(forum, "a", "b"), "revision": "1"}
    Visitor(app, forum.organiser).post(act(forum, "out"), data=taken_out)
    with unit_of_work() as session:
        for letter in "abc":
            session.get_one(Participation, forum.people[letter].id).arrived_at = now
        session.get_one(Event, forum.id).phase = Phase.ON_THE_DAY
    return forum


def waiting(page):
    """Return the requests of the tray that are marked."""
    items = re.findall(r"<li><a [^>]*>(.*?)</a>(.*?)</li>", page.get_data(as_text=True), re.DOTALL)
    return [re.sub("<[^>]*>", "", head) for head, rest in items if WAITS in rest]


def test_the_tray_marks_what_is_on_standby_on_the_day(app, day):
    marked = [waiting(Visitor(app, day.organiser).get(grid(day, number))) for number in (1, 2)]
    with unit_of_work() as session:
        session.get_one(Event, day.id).phase = Phase.FINAL
    before = waiting(Visitor(app, day.organiser).get(grid(day, 2)))

    assert marked == [["Firm a – Firm c"], ["Firm a – Firm c"]]  # d is not there; ab stands in what was published
    assert before == []


def test_the_tray_marks_those_whom_the_page_of_standby_has(app, day):
    board = standby.board(day.id, arrived(day.id))
    wanted = {one.request_id for one in board.wanted}

    loose, _ = tray(db.session.get(Draft, 2), Role.ORGANISER, "", 1, on_the_day=True)

    marked = {one.code for one in loose if one.on_standby}
    assert marked == set(db.session.scalars(db.select(Request.code).where(Request.id.in_(wanted)))) != set()


@pytest.mark.parametrize(("role", "leads"), [(Role.ORGANISER, True), (Role.VIEWER, False)])
def test_it_leads_to_the_page_of_standby_whoever_may_open_that(app, day, role, leads):
    somebody = MembershipFactory(event=day.event, role=role).account

    page = Visitor(app, somebody).get(grid(day, 2)).get_data(as_text=True)

    assert WAITS in page
    assert (f"/o/{day.event.slug}/day/standby" in page.split("plan-side")[-1]) is leads
