"""Saying how a meeting went: who may, when, what the meeting becomes, and that no word of it is lost."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func

from matchmaker.app import create_app
from matchmaker.domain.feedback import LONGEST_NOTE
from matchmaker.domain.states import MeetingState, VersionKind
from matchmaker.errors import NotFound
from matchmaker.extensions import db
from matchmaker.models import Base, Feedback, LogEntry, Mail, Participation, PublishedMeeting, Version
from matchmaker.queries.feedback import Said, said
from matchmaker.services import feedback, publishing
from matchmaker.settings import Settings
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.conftest import NOW
from tests.forum import a_forum
from tests.published import a_day, meeting, publish, request_of
from tests.solved import solved

BEGINS = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
"""Casablanca is on UTC in March 2026: the first slot of the factories' day."""
LATER = BEGINS + timedelta(minutes=30)
HELD, NO_SHOW, CONFIRMED = MeetingState.HELD, MeetingState.NO_SHOW, MeetingState.CONFIRMED


def code_of(day, other=0):
    with unit_of_work() as session:
        return request_of(session, day, other).code


def say(person, code, *, now=LATER, **answers):
    feedback.say(person.id, code, answers, actor_id=person.account_id, now=now)


def told(day):
    """Return how the meetings of the last version stand, by their requests."""
    db.session.rollback()
    last = db.select(func.max(Version.number)).where(Version.event_id == day.event.id).scalar_subquery()
    query = db.select(PublishedMeeting).join(Version, Version.id == PublishedMeeting.version_id)
    rows = db.session.scalars(query.where(Version.event_id == day.event.id, Version.number == last))
    return [(row.state, row.sequence) for row in sorted(rows, key=lambda row: row.request_id)]


def kept():
    db.session.rollback()
    return db.session.scalar(db.select(func.count(Feedback.id)))


@pytest.mark.parametrize(
    ("reader", "other", "state"),
    [(True, None, HELD), (False, None, NO_SHOW), (False, True, HELD), (True, False, HELD), (False, False, NO_SHOW)],
)
def test_the_meeting_becomes_what_its_sides_say(app, reader, other, state):
    day = a_day(1)
    publish(day, meeting(0))
    code = code_of(day)

    say(day.reader, code, took_place=reader)
    say(day.others[0], code, took_place=other)

    assert told(day) == [(state, 0)]


def test_what_is_said_again_changes_and_what_is_taken_back_is_nothing(app):
    day = a_day(1)
    publish(day, meeting(0))
    code = code_of(day)
    seen = []

    for answers in (
        {"took_place": False},
        {"took_place": True, "useful": True},
        {"useful": None},
        {"took_place": None},
    ):
        say(day.reader, code, **answers)
        seen.append((said(day.reader)[code], *told(day)))

    assert seen == [
        (Said(took_place=False), (NO_SHOW, 0)),
        (Said(took_place=True, useful=True), (HELD, 0)),
        (Said(took_place=True), (HELD, 0)),
        (Said(), (HELD, 0)),
    ]
    assert kept() == 1


def test_useful_counts_only_beside_one_s_own_yes(app):
    day = a_day(1)
    publish(day, meeting(0))
    code = code_of(day)
    say(day.others[0], code, took_place=True)

    say(day.reader, code, useful=True)
    alone = said(day.reader)[code]
    say(day.reader, code, took_place=True, useful=False)
    say(day.reader, code, took_place=False)

    assert (alone, said(day.reader)[code]) == (Said(), Said(took_place=False))


def test_what_is_not_named_stays(app):
    day = a_day(1)
    publish(day, meeting(0))
    code = code_of(day)

    say(day.reader, code, note="Rappeler lundi.")
    say(day.reader, code, took_place=True)
    say(day.reader, code, useful=False)

    assert said(day.reader) == {code: Said(took_place=True, useful=False, note="Rappeler lundi.")}


def test_a_provisional_meeting_that_has_begun_counts_as_confirmed_first(app):
    """Its calendar entry was provisional: that it stood is a change, and has a sequence of its own."""
    day = a_day(2)
    provisional = {"state": MeetingState.PROVISIONAL, "sequence": 3}
    publish(day, meeting(0, **provisional), meeting(1, "09:25", "09:45", **provisional), kind=VersionKind.PROVISIONAL)

    say(day.reader, code_of(day), took_place=True)
    say(day.reader, code_of(day), took_place=False)

    assert told(day) == [(NO_SHOW, 4), (MeetingState.PROVISIONAL, 3)]


def test_a_note_moves_nothing(app):
    day = a_day(1)
    publish(day, meeting(0))

    say(day.reader, code_of(day), note="Rappeler lundi.")

    assert told(day) == [(CONFIRMED, 0)]


@pytest.mark.parametrize("early", [timedelta(microseconds=1), timedelta(days=30)])
def test_nothing_can_be_said_before_it_begins(app, early):
    day = a_day(1)
    publish(day, meeting(0))

    with pytest.raises(NotFound):
        say(day.reader, code_of(day), took_place=True, now=BEGINS - early)

    assert kept() == 0
    say(day.reader, code_of(day), took_place=True, now=BEGINS)
    assert told(day) == [(HELD, 0)]


def test_the_event_s_own_clock_says_when_it_begins(app):
    day = a_day(1, zone="Asia/Riyadh")
    publish(day, meeting(0))

    say(day.reader, code_of(day), took_place=True, now=BEGINS - timedelta(hours=3))

    assert told(day) == [(HELD, 0)]


def withdraw(day):
    with unit_of_work() as session:
        session.get_one(Participation, day.reader.id).withdrawn = True


def test_only_those_who_attend_may_speak(app):
    day, elsewhere = a_day(2), a_day(1)
    publish(day, meeting(0), meeting(1, "09:25", "09:45", state=MeetingState.CANCELLED))
    publish(elsewhere, meeting(0))
    colleague = factories.ParticipationFactory(organisation=day.reader.organisation)
    met, cancelled = code_of(day), code_of(day, 1)

    for person, code in [
        (day.others[1], met),  # somebody of the event who was not there
        (colleague, met),  # of the same organisation, and not there either
        (day.reader, cancelled),
        (elsewhere.reader, met),  # a meeting of another event
        (day.reader, code_of(elsewhere)),
        (day.reader, "nothing"),
    ]:
        with pytest.raises(NotFound):
            say(person, code, took_place=True)
    withdraw(day)
    with pytest.raises(NotFound):
        say(day.reader, met, took_place=True)

    assert kept() == 0


def test_only_the_last_version_counts(app):
    """Whoever was replaced, or met nobody any more, has nothing to say; who came instead does."""
    day = a_day(2)
    publish(day, meeting(0), meeting(1, "09:25", "09:45"))
    publish(day, meeting(0, reader_present=False), number=2)

    for code in (code_of(day), code_of(day, 1)):
        with pytest.raises(NotFound):
            say(day.reader, code, took_place=True)
    say(day.others[0], code_of(day), took_place=True)

    assert told(day) == [(HELD, 0)]


def test_what_somebody_said_who_attends_no_more_does_not_count(app):
    day = a_day(1)
    publish(day, meeting(0))
    say(day.reader, code_of(day), took_place=True)
    publish(day, meeting(0, reader_present=False), number=2)

    say(day.others[0], code_of(day), took_place=False)

    assert told(day) == [(NO_SHOW, 0)]


def test_the_log_tells_the_outcome_and_neither_the_note_nor_whether_it_was_useful(app):
    day = a_day(1)
    publish(day, meeting(0))
    code = code_of(day)

    say(day.reader, code, took_place=True, useful=False, note="Secret.")
    say(day.reader, code, note="Plus secret.")
    say(day.reader, code, took_place=True)

    (line,) = db.session.scalars(db.select(LogEntry))
    assert (line.verb, line.subject, line.actor_id, line.for_participation_id, line.detail) == (
        "said_how_it_went",
        code,
        day.reader.account_id,
        day.reader.id,
        {"took_place": True, "state": "held"},
    )


def test_a_note_may_be_long(app):
    day = a_day(1)
    publish(day, meeting(0))

    say(day.reader, code_of(day), note="م" * LONGEST_NOTE)

    assert said(day.reader)[code_of(day)].note == "م" * LONGEST_NOTE


# ── what else reads how a meeting stands ────────────────────────────────────


def test_a_later_version_keeps_what_was_held_and_tells_nobody(app):
    forum = a_forum("a!b c!d")
    draft = solved(forum, NOW)
    by = {"actor_id": forum.organiser.id}
    publishing.publish(forum.id, draft.number, VersionKind.PROVISIONAL, expected_version=None, now=LATER, **by)
    first = meeting_of(forum, "a", "b")
    say(forum.people["a"], first.request.code, took_place=True, now=BEGINS + timedelta(days=1))

    publishing.publish(forum.id, draft.number, VersionKind.PROVISIONAL, expected_version=1, now=LATER, **by)

    db.session.rollback()
    again = meeting_of(forum, "a", "b")
    assert (again.version_id, again.state, again.sequence, again.moved) == (first.version_id + 1, HELD, 1, False)
    assert mails(2) == []
    publishing.publish(forum.id, draft.number, VersionKind.FINAL, expected_version=2, now=LATER, **by)
    assert (mails(3), meeting_of(forum, "a", "b").state) == (["c@example.org", "d@example.org"], HELD)


def meeting_of(forum, *letters):
    """Return the meeting of these two in the newest version."""
    query = db.select(PublishedMeeting).where(PublishedMeeting.event_id == forum.id)
    ids = {forum.people[letter].id for letter in letters}
    rows = db.session.scalars(query.order_by(PublishedMeeting.version_id.desc()))
    return next(row for row in rows if {one.participation_id for one in row.attendances} == ids)


def mails(number):
    query = db.select(Mail.recipient).join(Version, Version.id == Mail.version_id).where(Version.number == number)
    return sorted(db.session.scalars(query))


# ── at the same moment ──────────────────────────────────────────────────────


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def house(request, tmp_path):
    """An application with a database of its own, of either kind."""
    url = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else ""
    made = create_app(Settings(data_folder=tmp_path, secret_key="only for this test", database_url=url, demo=True))
    with made.app_context():
        Base.metadata.create_all(db.engine)
        yield made
        db.session.remove()
        db.engine.dispose()


def at_once(house, *acts):
    """Do these at the same moment, each in a thread of its own, and raise what goes wrong in any."""
    gate, wrong = threading.Barrier(len(acts)), []

    def run(act):
        with house.app_context():
            gate.wait()
            try:
                act()
            except Exception as error:  # noqa: BLE001 -- raised again below
                wrong.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    if wrong:
        raise wrong[0]


def saying(person_id, code, **answers):
    return lambda: feedback.say(person_id, code, answers, actor_id=None, now=LATER)


def test_two_sides_who_speak_at_the_same_moment_are_both_heard(house):
    """One says yes, the other no: whoever is later must count the other, and so the meeting is held."""
    count = 12
    day = a_day(count)
    publish(day, *(meeting(number) for number in range(count)))
    codes = [code_of(day, number) for number in range(count)]
    reader, others = day.reader.id, [other.id for other in day.others]

    for other, code in zip(others, codes, strict=True):
        at_once(house, saying(reader, code, took_place=True), saying(other, code, took_place=False))

    assert kept() == 2 * count
    assert told(day) == [(HELD, 0)] * count


def test_two_taps_of_one_person_at_the_same_moment_are_one_row(house):
    day = a_day(1)
    publish(day, meeting(0))
    taps = [saying(day.reader.id, code_of(day), took_place=True) for _ in range(4)]

    at_once(house, *taps)

    assert (kept(), told(day)) == (1, [(HELD, 0)])


def test_what_is_said_while_a_version_is_published_is_in_it(house):
    rounds = 8
    forum = a_forum("a!b c!d")
    draft = solved(forum, NOW).number
    publishing.publish(forum.id, draft, VersionKind.FINAL, expected_version=None, actor_id=None, now=LATER)
    code, person, event_id = meeting_of(forum, "a", "b").request.code, forum.people["a"].id, forum.id
    after = BEGINS + timedelta(days=1)
    ends = []

    for number in range(1, rounds + 1):
        answer = number % 2 == 1
        at_once(
            house,
            lambda number=number: publishing.publish(
                event_id, draft, VersionKind.FINAL, expected_version=number, actor_id=None, now=LATER
            ),
            lambda answer=answer: feedback.say(person, code, {"took_place": answer}, actor_id=None, now=after),
        )
        ends.append(meeting_of(forum, "a", "b").state)

    assert ends == [HELD, NO_SHOW] * (rounds // 2)
