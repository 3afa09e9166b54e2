"""The organiser's pages of runs, drafts and publishing, as an organiser reads them."""

from __future__ import annotations

import json
import re

import pytest

from matchmaker.domain.states import Role, RunState, VersionKind
from matchmaker.extensions import db
from matchmaker.models import Account, Draft, DraftMeeting, Participation, Request, Run, RunProgress, Version
from matchmaker.queries import drafts as draft_queries
from matchmaker.services import publishing, runs
from matchmaker.unit_of_work import unit_of_work
from matchmaker.web import publishing as publishing_pages
from matchmaker.web import run_words
from matchmaker.web import runs as pages
from tests.factories import AccountFactory, MembershipFactory
from tests.forum import a_forum, wish
from tests.solved import solved, started
from tests.swapping import change
from tests.web.visitors import Visitor, words

pytestmark = pytest.mark.usefixtures("app")
LOCALES = ("ar", "fr", "en")


@pytest.fixture
def forum():
    return a_forum("a!b b!a a+c c+b d-a a+d")


@pytest.fixture
def client(app, forum):
    return Visitor(app, forum.organiser)


def address(forum, rest=""):
    return f"/o/{forum.event.slug}/{rest}"


def test_an_organiser_starts_a_run_by_the_form_and_sees_it_wait(client, forum):
    answer = client.post(address(forum, "runs"), data={"preset": "fairness", "seconds": "30", "draft": ""})

    assert (answer.status_code, answer.location) == (303, address(forum, "runs/1"))
    assert "Waiting to start" in words(client.get(address(forum, "runs/1?lang=en")))


@pytest.mark.parametrize("data", [{}, {"preset": "luck", "seconds": "5"}, {"preset": "total", "seconds": "0"}])
def test_a_wrong_form_comes_back_with_what_was_typed(client, forum, data):
    answer = client.post(address(forum, "runs"), data=data)

    assert answer.status_code == 422
    assert db.session.scalar(db.select(db.func.count()).select_from(Run)) == 0


def test_a_second_run_is_refused_in_words(client, forum, now):
    started(forum, now)

    answer = client.post(address(forum, "runs?lang=en"), data={"preset": "total", "seconds": "5", "draft": ""})

    assert answer.status_code == 409
    assert "A run is in progress" in words(answer)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_page_reads_well_in_every_language(client, forum, now, locale):
    draft = solved(forum, now)
    other = solved(forum, now, draft_number=1)
    publishing.publish(forum.id, draft.number, VersionKind.FINAL, expected_version=None, actor_id=None, now=now)
    pages_of = [
        "runs",
        "runs/1",
        f"drafts/{other.number}",
        "drafts/1?by=person",
        "drafts/1?by=unscheduled",
        "drafts/compare?draft=1&draft=2",
        "drafts/2/publish",
    ]
    for page in pages_of:
        joint = "&" if "?" in page else "?"
        assert client.get(address(forum, f"{page}{joint}lang={locale}")).status_code == 200, page


@pytest.mark.parametrize("failure", ["conflict", "bad_problem", "memory", "time", "crashed", "worker", "wrong_answer"])
def test_a_failed_run_says_why_and_what_to_do(client, forum, now, failure):
    started(forum, now)
    code = db.session.scalars(db.select(Request.code).order_by(Request.id).limit(1)).one()
    with unit_of_work() as session:
        run = session.scalars(db.select(Run)).one()
        run.state, run.failure, run.failure_detail = RunState.FAILED, failure, {"requests": [code]}

    page = client.get(address(forum, "runs/1?lang=en"))

    assert 'class="box box--stop"' in page.get_data(as_text=True)
    assert "Firm a" in words(page)


def test_the_heading_says_the_bound_and_the_value(client, forum, now):
    started(forum, now)
    with unit_of_work() as session:
        run = session.scalars(db.select(Run)).one()
        run.state = RunState.RUNNING
        session.add(RunProgress(run_id=run.id, seconds=1.0, phase="search", value=2100.0, bound=None))
        session.add(RunProgress(run_id=run.id, seconds=2.0, phase="search", value=2164.0, bound=2203.7))

    english = words(client.get(address(forum, "runs/1?lang=en")))
    french = client.get(address(forum, "runs/1?lang=fr")).get_data(as_text=True)

    assert "No schedule can exceed 2,203; this one has 2,164" in english
    assert "2\u00a0203" in french


def events(response):
    return [block.split("\n") for block in response.get_data(as_text=True).strip().split("\n\n")]


def test_progress_streams_what_is_new_and_ends_with_the_run(client, forum, now):
    solved(forum, now)
    last = db.session.scalars(db.select(db.func.max(RunProgress.id))).one()

    whole = client.get(address(forum, "runs/1/progress"))
    rest = client.get(address(forum, "runs/1/progress"), headers={"Last-Event-ID": str(last)})

    retry, news, over = events(whole)
    assert (whole.mimetype, retry, news[0], over[0]) == (
        "text/event-stream",
        ["retry: 1000"],
        f"id: {last}",
        "event: over",
    )
    points = json.loads(news[1].removeprefix("data: "))["points"]
    assert points[-1][1] == db.session.scalars(db.select(Draft.value)).one()
    assert [event[0] for event in events(rest)] == ["retry: 1000", "event: over"]


def test_progress_of_a_run_that_goes_on_ends_and_lets_the_browser_come_back(client, forum, now, monkeypatch):
    monkeypatch.setattr(pages, "STREAM_SECONDS", 0.0)
    started(forum, now)

    waiting = events(client.get(address(forum, "runs/1/progress?state=queued")))
    runs.claim("worker", now)
    begun = events(client.get(address(forum, "runs/1/progress?state=queued")))

    assert waiting == [["retry: 1000"]]
    assert [event[0] for event in begun] == ["retry: 1000", "event: over"]


def test_stop_and_cancel_are_buttons(client, forum, now):
    started(forum, now)
    runs.claim("worker", now)

    client.post(address(forum, "runs/1/stop"))
    client.post(address(forum, "runs/1/cancel"))

    run = db.session.scalars(db.select(Run)).one()
    assert (run.stop_asked_at is not None, run.cancel_asked) == (True, True)


def test_the_log_names_both_sides_of_a_locked_meeting(client, forum, now):
    meeting = solved(forum, now).meetings[0]
    request = db.session.get(Request, meeting.request_id)
    sides = [next(iter(side.names.values())) for side in (request.first, request.second)]

    client.post(address(forum, "drafts/1/lock"), data={"lock": meeting.id})

    assert re.search(f"Locked a meeting.* {sides[0]} – {sides[1]}", words(client.get(address(forum, "log?lang=en"))))


@pytest.mark.parametrize(
    ("asked", "state", "word"), [(True, "done", "Stopped"), (False, "done", "Finished"), (True, "failed", "Failed")]
)
def test_a_run_that_was_stopped_reads_so(app, now, asked, state, word):
    run = Run(state=RunState(state), stop_asked_at=now if asked else None)

    assert run_words.state(run)[1] == word


def test_a_lock_is_a_button_and_the_next_run_is_offered_with_it(client, forum, now):
    draft = solved(forum, now)
    meeting = draft.meetings[0]

    client.post(address(forum, "drafts/1/lock"), data={"lock": meeting.id})
    page = client.get(address(forum, "drafts/1?lang=en"))
    form = client.get(address(forum, "runs?draft=1"))

    assert db.session.scalars(db.select(DraftMeeting.id).where(DraftMeeting.locked)).all() == [meeting.id]
    assert "1 locked meeting" in words(page)
    assert re.search(r'<option selected value="1">', form.get_data(as_text=True))
    client.post(address(forum, "drafts/1/lock"), data={"unlock": meeting.id})
    assert db.session.scalars(db.select(DraftMeeting.id).where(DraftMeeting.locked)).all() == []


@pytest.mark.parametrize("view", ["time", "person", "unscheduled"])
def test_a_draft_comes_a_page_at_a_time(client, forum, now, monkeypatch, view):
    wish(forum, "b", "-", "c")
    solved(forum, now)
    monkeypatch.setattr(draft_queries, "PAGE", 1)
    monkeypatch.setattr(draft_queries, "PEOPLE", 1)

    first, second = (client.get(address(forum, f"drafts/1?by={view}&lang=en&page={page}")) for page in (1, 2))

    assert re.search(r"1 to 1 of [2-4]\b", words(first))
    assert re.search(r"2 to 2 of [2-4]\b", words(second))
    assert first.get_data() != second.get_data()


def test_only_the_owner_reads_that_a_veto_kept_a_request_back(app, client, forum, now):
    solved(forum, now)
    owner = AccountFactory()
    MembershipFactory(event=forum.event, account=owner, role=Role.OWNER)

    organiser_reads = words(client.get(address(forum, "drafts/1?by=unscheduled&lang=en")))
    owner_reads = words(Visitor(app, owner).get(address(forum, "drafts/1?by=unscheduled&lang=en")))

    assert "Meetings with more weight came first" in organiser_reads
    assert "veto" not in organiser_reads
    assert "Kept back by a veto" in owner_reads


def test_two_drafts_are_compared_in_words(client, forum, now):
    solved(forum, now)
    wish(forum, "d", "!", "c")
    solved(forum, now)

    page = words(client.get(address(forum, "drafts/compare?draft=1&draft=2&lang=en")))

    assert "Draft 2 beside draft 1" in page
    assert "1 more, better" in page


@pytest.mark.parametrize("query", ["", "?draft=1", "?draft=1&draft=1", "?draft=x&draft=1"])
def test_compare_wants_two_drafts(client, forum, query):
    assert client.get(address(forum, f"drafts/compare{query}")).status_code == 303


def test_the_preview_names_who_is_told_and_who_is_not(client, forum, now):
    with unit_of_work() as session:
        session.get_one(type(forum.people["c"]), forum.people["c"].id).account.email = None
    solved(forum, now)

    page = words(client.get(address(forum, "drafts/1/publish?lang=en")))

    assert "3 people to tell, 3 new meetings" in page
    assert "2 people get a message" in page
    assert "1 person gets none: hand it over" in page


def test_publishing_is_one_button_and_the_second_of_two_is_told_so(client, forum, now):
    solved(forum, now)
    data = {"kind": "final", "revision": "0"}

    first = client.post(address(forum, "drafts/1/publish"), data=data)
    second = client.post(address(forum, "drafts/1/publish?lang=en"), data=data)

    assert (first.status_code, second.status_code) == (303, 409)
    assert "Not saved yet" in words(second)
    assert db.session.scalars(db.select(Version.number)).all() == [1]


@pytest.mark.parametrize(("role", "starts"), [(Role.VIEWER, 404), (Role.DESK, 404), (Role.ORGANISER, 303)])
def test_viewers_read_and_organisers_act(app, forum, role, starts):
    reader = MembershipFactory(event=forum.event, account=AccountFactory(), role=role).account
    client = Visitor(app, reader)

    assert client.get(address(forum, "runs")).status_code == 200
    data = {"preset": "total", "seconds": "5", "draft": ""}
    assert client.post(address(forum, "runs"), data=data).status_code == starts


def test_a_stranger_finds_nothing(app, forum):
    client = Visitor(app, AccountFactory())

    for page in ("runs", "runs/1", "runs/1/progress", "drafts/1", "drafts/1/publish"):
        assert client.get(address(forum, page)).status_code == 404


def test_the_preview_is_as_new_as_what_it_tells_of(client, forum, now):
    solved(forum, now)
    page = address(forum, "drafts/1/publish?lang=en")
    before = words(client.get(page))
    change(Account, forum.people["c"].account_id, email=None)
    without_address = words(client.get(page))
    change(Participation, forum.people["c"].id, withdrawn=True)

    after = words(client.get(page))

    assert ("3 new meetings" in before, "is left out" in before) == (True, False)
    assert ("3 people get a message" in before, "1 person gets none" in without_address) == (True, True)
    assert "2 people to tell, 1 new meeting" in after
    assert "2 meetings of this draft are left out" in after


def test_a_long_list_of_changes_is_read_page_by_page(client, forum, now, monkeypatch):
    monkeypatch.setattr(publishing_pages, "MOST", 2)
    solved(forum, now)

    first = client.get(address(forum, "drafts/1/publish?lang=en"))
    second = client.get(address(forum, "drafts/1/publish?lang=en&added=2&told=2"))

    assert ("1 to 2 of 3" in words(first), "3 to 3 of 3" in words(second)) == (True, True)
    tables = [page.get_data(as_text=True).split("</table>")[0].count('<th scope="row">') for page in (first, second)]
    assert tables == [2, 1]
    assert '<details id="told" open>' in second.get_data(as_text=True)
