"""Publishing: frozen once, told once, to those concerned and to nobody else."""

from __future__ import annotations

import threading

import pytest

from matchmaker.domain.states import Channel, MailState, MeetingState, Phase, VersionKind
from matchmaker.errors import ChangedMeanwhile, DraftChanged, PhaseForbids
from matchmaker.extensions import db
from matchmaker.models import (
    DraftMeeting,
    Mail,
    PublishedMeeting,
    PublishedUnscheduled,
    TableBooking,
    Version,
)
from matchmaker.queries import telling, versions
from matchmaker.services import grid, publishing
from matchmaker.unit_of_work import unit_of_work
from tests.forum import a_forum, wish
from tests.solved import solved

pytestmark = pytest.mark.usefixtures("app")
FINAL, PROVISIONAL = VersionKind.FINAL, VersionKind.PROVISIONAL


def published(forum, draft, now, kind=FINAL, expected=None):
    number = publishing.publish(
        forum.id, draft.number, kind, expected_version=expected, actor_id=forum.organiser.id, now=now
    )
    return db.session.scalars(db.select(Version).where(Version.event_id == forum.id, Version.number == number)).one()


def change(row, **fields):
    with unit_of_work() as session:
        kept = session.get_one(type(row), row.id)
        for name, value in fields.items():
            setattr(kept, name, value)


def mails(version):
    rows = db.session.scalars(db.select(Mail).where(Mail.version_id == version.id))
    return {mail.recipient[0]: mail.kind for mail in rows}


def meeting_of(version, forum, *letters):
    ids = {forum.people[letter].id for letter in letters}
    (found,) = [row for row in version.meetings if {one.participation_id for one in row.attendances} == ids]
    return found


def move_to_a_free_table(forum, draft, *letters):
    """Put a meeting of the draft at table 4, which nobody uses, and return it."""
    ids = {forum.people[letter].id for letter in letters}
    (found,) = [row for row in draft.meetings if {one.participation_id for one in row.people} == ids]
    with unit_of_work() as session:
        session.get_one(DraftMeeting, found.id).table_number = 4
        for booking in session.scalars(db.select(TableBooking).where(TableBooking.meeting_id == found.id)):
            booking.table_number = 4
    return found


def test_first_version_freezes_words_and_times_and_tells_everybody_concerned(now):
    forum = a_forum("a!b b!a a+c d")

    version = published(forum, solved(forum, now), now)

    row = meeting_of(version, forum, "a", "b")
    assert (version.number, version.kind, row.state, row.sequence) == (1, FINAL, MeetingState.CONFIRMED, 0)
    assert (row.location_names, row.languages) == (forum.hall.names, ["ar", "fr"])
    assert mails(version) == {"a": "agenda", "b": "agenda", "c": "agenda"}
    assert db.session.get(type(forum.event), forum.id).phase is Phase.FINAL


def test_later_edits_of_the_frame_do_not_reach_what_was_told(now):
    forum = a_forum("a!b")
    version = published(forum, solved(forum, now), now)
    told = version.meetings[0].location_names

    change(forum.hall, names={"en": "Another name"})

    assert db.session.scalars(db.select(PublishedMeeting.location_names)).one() == told


def test_second_version_without_changes_tells_nobody(now):
    forum = a_forum("a!b b!a")
    draft = solved(forum, now)
    published(forum, draft, now)

    version = published(forum, draft, now, expected=1)

    assert mails(version) == {}
    assert [(row.state, row.sequence, row.moved) for row in version.meetings] == [(MeetingState.CONFIRMED, 0, False)]


def test_a_moved_meeting_says_where_it_was_and_only_its_people_are_told(now):
    forum = a_forum("a!b c!d")
    draft = solved(forum, now)
    first = published(forum, draft, now)
    before = meeting_of(first, forum, "a", "b")
    move_to_a_free_table(forum, draft, "a", "b")

    version = published(forum, draft, now, expected=1)

    row = meeting_of(version, forum, "a", "b")
    assert (row.moved, row.sequence, row.was_day, row.was_start) == (True, 1, before.day, before.start)
    assert meeting_of(version, forum, "c", "d").sequence == 0
    assert mails(version) == {"a": "changes", "b": "changes"}
    facts = db.session.scalars(db.select(Mail.facts).where(Mail.version_id == version.id)).first()
    assert facts == {"version": 2, "added": [], "moved": [row.request_id], "cancelled": []}


def test_a_cancelled_meeting_stays_as_a_row_and_comes_back_newer(now):
    forum = a_forum("a!b a+c")
    whole = solved(forum, now)
    first = published(forum, whole, now)
    request_id = meeting_of(first, forum, "a", "c").request_id
    change(forum.people["c"], withdrawn=True)
    second = published(forum, whole, now, expected=1)
    third = published(forum, whole, now, expected=2)
    change(forum.people["c"], withdrawn=False)

    fourth = published(forum, whole, now, expected=3)

    def row(version):
        found = [row for row in version.meetings if row.request_id == request_id]
        return [(row.state, row.sequence) for row in found]

    assert row(second) == [(MeetingState.CANCELLED, 1)]
    assert row(third) == []
    assert row(fourth) == [(MeetingState.CONFIRMED, 2)]
    assert mails(second) == {"a": "changes", "c": "changes"}


def test_a_meeting_vetoed_since_the_run_is_left_out_and_reads_as_any_other(now):
    forum = a_forum("a!b a+c")
    draft = solved(forum, now)
    wish(forum, "b", "-", "a")

    version = published(forum, draft, now)

    assert len(version.meetings) == 1
    reasons = db.session.scalars(
        db.select(PublishedUnscheduled.reason).where(PublishedUnscheduled.version_id == version.id)
    )
    assert reasons.all() == ["not_offered"]


def test_provisional_becomes_confirmed_and_what_is_confirmed_stays_so(now):
    forum = a_forum("a!b")
    draft = solved(forum, now)

    states = []
    for expected, kind in enumerate([PROVISIONAL, FINAL, PROVISIONAL]):
        version = published(forum, draft, now, kind=kind, expected=expected or None)
        states += [(version.meetings[0].state, version.meetings[0].sequence)]

    assert states == [(MeetingState.PROVISIONAL, 0), (MeetingState.CONFIRMED, 1), (MeetingState.CONFIRMED, 1)]


def test_a_final_version_is_told_once_to_all_whose_meetings_it_confirms(now):
    forum = a_forum("a!b c!d")
    draft = solved(forum, now)
    published(forum, draft, now, kind=PROVISIONAL)
    move_to_a_free_table(forum, draft, "a", "b")

    final = published(forum, draft, now, expected=1)
    again = published(forum, draft, now, expected=2)

    assert mails(final) == {"a": "changes", "b": "changes", "c": "agenda", "d": "agenda"}
    assert mails(again) == {}


def test_whom_a_page_calls_concerned_is_true_of_the_last_version_and_of_the_draft_as_it_is(now):
    forum = a_forum("a!b c!d")
    draft = solved(forum, now)

    def concerned(number=draft.number):
        db.session.rollback()
        ids = telling.concerned(versions.looked_at(forum.id, number, FINAL))
        return {letter for letter, person in forum.people.items() if person.id in ids}

    def take_out(number, *letters):
        code = meeting_of(first, forum, *letters).request.code
        of = {"revision": versions.draft(forum.id, number).revision, "actor_id": forum.organiser.id, "now": now}
        return grid.take_out(forum.id, number, code, **of)

    first = published(forum, draft, now, kind=PROVISIONAL)
    assert concerned() == {"a", "b", "c", "d"}

    published(forum, draft, now, expected=1)
    assert concerned() == set()

    by_hand = take_out(draft.number, "a", "b")
    assert concerned(by_hand) == {"a", "b"}

    assert take_out(by_hand, "c", "d") == by_hand
    assert concerned(by_hand) == {"a", "b", "c", "d"}


def test_a_meeting_that_took_place_is_not_moved_by_a_later_version(now):
    forum = a_forum("a!b c!d", phase=Phase.ON_THE_DAY)
    draft = solved(forum, now)
    first = published(forum, draft, now)
    held = meeting_of(first, forum, "a", "b")
    change(held, state=MeetingState.HELD)
    move_to_a_free_table(forum, draft, "a", "b")

    version = published(forum, draft, now, expected=1)

    again = meeting_of(version, forum, "a", "b")
    assert (again.state, again.table_number, again.moved) == (MeetingState.HELD, held.table_number, False)
    assert db.session.get(type(forum.event), forum.id).phase is Phase.ON_THE_DAY


def test_no_mail_without_an_address_or_for_those_who_chose_another_way(now):
    forum = a_forum("a!b c+a")
    change(forum.people["b"], channel=Channel.PAPER)
    with unit_of_work() as session:
        session.get_one(type(forum.people["c"]), forum.people["c"].id).account.email = None
    draft = solved(forum, now)

    told = telling.audience(versions.candidate(forum.id, draft.number, FINAL))
    version = published(forum, draft, now)

    assert told.silent == {forum.people["b"].id, forum.people["c"].id}
    assert mails(version) == {"a": "agenda"}


def test_people_who_join_later_get_their_agenda_and_not_a_list_of_changes(now):
    forum = a_forum("a!b c d")
    published(forum, solved(forum, now), now)
    wish(forum, "c", "!", "d")

    version = published(forum, solved(forum, now), now, expected=1)

    assert mails(version) == {"c": "agenda", "d": "agenda"}


def test_of_two_publishers_the_second_is_refused_with_the_difference(now):
    forum = a_forum()
    draft = solved(forum, now)
    published(forum, draft, now)

    with pytest.raises(ChangedMeanwhile) as refused:
        published(forum, draft, now)

    assert (refused.value.difference, refused.value.revision) == ({"revision": (1, 0)}, 1)


def test_a_draft_that_was_changed_since_it_was_read_is_not_published(now):
    forum = a_forum()
    draft = solved(forum, now)
    change(draft, revision=draft.revision + 1)
    by = {"expected_version": None, "actor_id": forum.organiser.id, "now": now}

    with pytest.raises(DraftChanged):
        publishing.publish(forum.id, draft.number, FINAL, draft_revision=draft.revision - 1, **by)

    assert db.session.scalar(db.select(db.func.count(Version.id))) == 0
    assert publishing.publish(forum.id, draft.number, FINAL, draft_revision=draft.revision, **by) == 1


def test_a_race_of_ten_publishers_leaves_one_version_and_one_mail_each(app, now):
    forum = a_forum("a!b")
    number = solved(forum, now).number
    gate, ends = threading.Barrier(10), []

    def race(event_id):
        with app.app_context():
            gate.wait()
            try:
                publishing.publish(event_id, number, FINAL, expected_version=None, actor_id=None, now=now)
                ends.append("published")
            except ChangedMeanwhile:
                ends.append("refused")

    event_id = forum.id
    threads = [threading.Thread(target=race, args=(event_id,)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ends) == ["published", *["refused"] * 9]
    db.session.rollback()
    assert db.session.scalars(db.select(Version.number)).all() == [1]
    assert sorted(db.session.scalars(db.select(Mail.recipient))) == ["a@example.org", "b@example.org"]


def test_publishing_that_fails_at_its_last_step_leaves_nothing(now, monkeypatch):
    forum = a_forum()
    draft = solved(forum, now)

    def break_down(*_args, **_kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(publishing, "record", break_down)

    with pytest.raises(RuntimeError):
        published(forum, draft, now)

    left = [
        db.session.scalar(db.select(db.func.count()).select_from(kind)) for kind in (Version, PublishedMeeting, Mail)
    ]
    assert left == [0, 0, 0]


def test_publish_refuses_after_the_event(now):
    forum = a_forum()
    draft = solved(forum, now)
    change(forum.event, phase=Phase.AFTER)

    with pytest.raises(PhaseForbids):
        published(forum, draft, now)


def test_mails_wait_in_the_outbox_and_name_their_version(now):
    forum = a_forum("a!b")

    version = published(forum, solved(forum, now), now)

    rows = db.session.scalars(db.select(Mail).where(Mail.version_id == version.id)).all()
    assert {mail.state for mail in rows} == {MailState.QUEUED}
    assert len({mail.message_id for mail in rows}) == 2
