"""What people ask of the organiser about a published meeting, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from matchmaker import models
from matchmaker.domain.states import (
    ChangeAsked,
    ChangeState,
    Locale,
    MailState,
    MeetingState,
    Phase,
    RequestState,
    Role,
    VersionKind,
    WishLevel,
)
from matchmaker.errors import MeetingOver, NotFound, PhaseForbids, SettledAlready
from matchmaker.extensions import db
from matchmaker.mail.letters import letter
from matchmaker.models import ChangeRequest, Event, LogEntry, Mail, PublishedMeeting, Request, Wish
from matchmaker.paper.agenda import agenda_pdf
from matchmaker.queries import changes as queries
from matchmaker.queries.agenda import agenda
from matchmaker.services import changes, handing_over, publishing
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.forum import a_forum
from tests.published import a_day, at, meeting, publish
from tests.solved import solved
from tests.web.desks import member

CANCEL, CANNOT = ChangeAsked.CANCEL, ChangeAsked.CANNOT


@pytest.fixture
def day(app):
    day = a_day(2, phase=Phase.PROVISIONAL)
    publish(day, meeting(0), meeting(1, "09:25", "09:45"))
    return day


@pytest.fixture
def desk(day):
    return {"actor_id": member(day.event, Role.DESK).id}


def change(kind, id_, **fields):
    with unit_of_work() as session:
        row = session.get_one(kind, id_)
        for name, value in fields.items():
            setattr(row, name, value)


def code(number=0):
    return db.session.scalars(db.select(Request.code).order_by(Request.id)).all()[number]


def ask(day, now, kind=CANCEL, words="", *, who=None, actor=None, number=0, **kwargs):
    one = who or day.reader
    changes.ask(day.event.id, code(number), one.id, kind, words, actor_id=actor or one.account_id, now=now, **kwargs)


def rows(kind):
    db.session.rollback()
    return db.session.scalars(db.select(kind).order_by(kind.id)).all()


def asked():
    return [(one.kind, one.words, one.state) for one in rows(ChangeRequest)]


def test_asking_leaves_the_meeting_as_it_is_and_tells_nobody(day, now):
    ask(day, now, CANNOT, "Mon train arrive à 10 h.")

    assert asked() == [(CANNOT, "Mon train arrive à 10 h.", ChangeState.OPEN)]
    assert {(row.state, row.sequence) for row in rows(PublishedMeeting)} == {(MeetingState.CONFIRMED, 0)}
    assert rows(Mail) == []
    assert [(one.verb, one.subject, one.for_participation_id) for one in rows(LogEntry)] == [
        ("asked_change", code(), day.reader.id)
    ]


def test_asking_twice_leaves_one_open_row_with_the_last_words(day, now):
    ask(day, now, CANCEL, "Non", withdraw=True)
    ask(day, now, CANNOT, "Plutôt plus tard", withdraw=True)

    assert asked() == [(CANNOT, "Plutôt plus tard", ChangeState.OPEN)]
    assert [one.withdraw for one in rows(ChangeRequest)] == [False]


def test_the_database_itself_holds_one_open_row_only(day, now):
    ask(day, now)
    first = rows(ChangeRequest)[0]
    same = {name: getattr(first, name) for name in ("event_id", "request_id", "participation_id", "kind", "made_at")}

    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.add(ChangeRequest(**same))


def test_taken_back_it_may_be_asked_again(day, now):
    ask(day, now)
    by = {"actor_id": day.reader.account_id, "now": now}
    changes.take_back(day.event.id, code(), day.reader.id, **by)

    with pytest.raises(SettledAlready):
        changes.take_back(day.event.id, code(), day.reader.id, **by)
    ask(day, now, CANNOT)

    assert [state for _, _, state in asked()] == [ChangeState.TAKEN_BACK, ChangeState.OPEN]


def test_only_who_attends_asks_and_only_those_who_may_act_for_them(day, now):
    colleague = factories.ParticipationFactory(organisation=day.reader.organisation)

    with pytest.raises(NotFound):
        ask(day, now, who=colleague)
    with pytest.raises(NotFound):
        ask(day, now, actor=day.others[0].account_id)
    with pytest.raises(NotFound):
        changes.ask(day.event.id, "nothing", day.reader.id, CANCEL, actor_id=day.reader.account_id, now=now)
    ask(day, now, actor=colleague.account_id)

    assert len(asked()) == 1


def test_nobody_takes_back_for_others(day, now):
    ask(day, now)

    with pytest.raises(NotFound):
        changes.take_back(day.event.id, code(), day.reader.id, actor_id=day.others[0].account_id, now=now)


def test_nothing_is_asked_of_a_meeting_that_begins_or_in_another_phase(day, now):
    with pytest.raises(MeetingOver):
        ask(day, now + timedelta(days=9))
    change(Event, day.event.id, phase=Phase.WISHES)
    with pytest.raises(PhaseForbids):
        ask(day, now)


@pytest.mark.parametrize("phase", [Phase.PROVISIONAL, Phase.FINAL, Phase.ON_THE_DAY])
def test_after_comments_close_requests_go_on_to_the_desk(day, now, phase):
    change(Event, day.event.id, phase=phase, comments_close_at=at(now.date() - timedelta(days=1), "12:00"))

    ask(day, now, CANNOT)

    assert queries.open_count(day.event.id) == 1


@pytest.mark.parametrize(("act", "state"), [(changes.settle, ChangeState.DONE), (changes.refuse, ChangeState.REFUSED)])
def test_settled_with_a_sentence_back_and_the_meeting_stands(day, desk, now, act, state):
    ask(day, now)
    id_ = rows(ChangeRequest)[0].id

    act(day.event.id, id_, "Voyez l’accueil.", **desk, now=now)

    (row,) = rows(ChangeRequest)
    assert (row.state, row.answer, row.settled_by_id, row.settled_at) == (
        state, "Voyez l’accueil.", desk["actor_id"], now,
    )  # fmt: skip
    assert {one.state for one in rows(PublishedMeeting)} == {MeetingState.CONFIRMED}
    with pytest.raises(SettledAlready):
        act(day.event.id, id_, **desk, now=now)


def test_what_is_of_another_event_is_absent(day, desk, now):
    ask(day, now)
    other = factories.EventFactory()

    for act in (changes.settle, changes.refuse, changes.cancel):
        with pytest.raises(NotFound):
            act(other.id, rows(ChangeRequest)[0].id, **desk, now=now)


def cancelled(day, desk, now, **kwargs):
    ask(day, now, **kwargs)
    changes.cancel(day.event.id, rows(ChangeRequest)[0].id, **desk, now=now)
    return rows(PublishedMeeting)[0]


def test_cancelled_at_once_calendars_learn_and_both_sides_get_one_mail(day, desk, now):
    row = cancelled(day, desk, now)

    assert (row.state, row.sequence) == (MeetingState.CANCELLED, 1)
    assert rows(PublishedMeeting)[1].state is MeetingState.CONFIRMED
    told = {(mail.participation_id, mail.kind, mail.state) for mail in rows(Mail)}
    assert told == {(one.id, "changes", MailState.QUEUED) for one in (day.reader, day.others[0])}
    assert len({mail.message_id for mail in rows(Mail)}) == 2
    assert [one.state for one in rows(ChangeRequest)] == [ChangeState.DONE]
    assert "change.cancelled" in {one.verb for one in rows(LogEntry)}


def test_a_cancellation_settles_what_others_asked_of_the_meeting(day, desk, now):
    ask(day, now)
    ask(day, now, CANNOT, who=day.others[0])

    changes.cancel(day.event.id, rows(ChangeRequest)[0].id, **desk, now=now)

    assert [one.state for one in rows(ChangeRequest)] == [ChangeState.DONE] * 2


def test_what_stands_no_more_is_not_cancelled_again(day, desk, now):
    ask(day, now)
    change(PublishedMeeting, rows(PublishedMeeting)[0].id, state=MeetingState.CANCELLED)

    with pytest.raises(MeetingOver):
        changes.cancel(day.event.id, rows(ChangeRequest)[0].id, **desk, now=now)

    assert asked()[0][2] is ChangeState.OPEN


def test_only_what_was_asked_to_be_cancelled_is(day, desk, now):
    ask(day, now, CANNOT)

    with pytest.raises(NotFound):
        changes.cancel(day.event.id, rows(ChangeRequest)[0].id, **desk, now=now)

    assert (asked()[0][2], rows(PublishedMeeting)[0].state) == (ChangeState.OPEN, MeetingState.CONFIRMED)


def wishing(day, *levels):
    """Let the reader's organisation want the two others, and the first of them want it back."""
    own = day.reader.organisation
    for rank, (level, other) in enumerate(zip(levels, day.others, strict=True), 1):
        factories.WishFactory(
            organisation=own,
            wanted_organisation=other.organisation,
            level=level,
            rank=rank if level is WishLevel.MUST else None,
        )


@pytest.mark.parametrize("withdraw", [False, True])
def test_the_wish_goes_only_if_that_was_asked(day, desk, now, withdraw):
    wishing(day, WishLevel.MUST, WishLevel.MUST)

    cancelled(day, desk, now, withdraw=withdraw)

    left = [(wish.wanted_id, wish.rank) for wish in rows(Wish)]
    first, second = (other.organisation_id for other in day.others)
    assert left == ([(second, 1)] if withdraw else [(first, 1), (second, 2)])
    state = db.session.scalars(db.select(Request.state).where(Request.code == code())).one()
    assert state is (RequestState.WITHDRAWN if withdraw else RequestState.ACCEPTED)


def test_a_veto_given_meanwhile_stays(day, desk, now):
    wishing(day, WishLevel.VETO, WishLevel.LIKE)

    cancelled(day, desk, now, withdraw=True)

    assert WishLevel.VETO in {wish.level for wish in rows(Wish)}


# ── what goes out ───────────────────────────────────────────────────────────


def written(person, now):
    mail = db.session.scalars(
        db.select(Mail).where(Mail.participation_id == person.id).order_by(Mail.id.desc())
    ).first()
    return letter(mail, agenda_pdf, now=now)


@pytest.mark.parametrize(("locale", "word"), [("fr", "Annulé"), ("ar", "ملغى"), ("en", "Cancelled")])
def test_the_mail_says_what_is_cancelled_and_its_calendar_cancels_it(day, desk, now, locale, word):
    change(models.Account, day.reader.account_id, locale=Locale(locale))
    cancelled(day, desk, now)

    made = written(day.reader, now)

    assert (word in made.text, word in made.html) == (True, True)
    entries = made.attachments[1].content.decode()
    assert (entries.count("STATUS:CANCELLED"), entries.count("SEQUENCE:1")) == (1, 1)


@pytest.mark.parametrize(
    ("locale", "gave", "took"),
    [
        ("fr", "Confié à un collègue", "Nouveau rendez-vous"),
        ("en", "Handed to a colleague", "New meeting"),
        ("ar", "سُلِّم إلى زميل", None),
    ],
)
def test_the_mails_of_a_hand_over_say_who_has_it_now(day, now, locale, gave, took):
    one = factories.ParticipationFactory(
        organisation=day.reader.organisation, account=factories.AccountFactory(locale=Locale(locale))
    )
    change(models.Account, day.reader.account_id, locale=Locale(locale))
    by = {"actor_id": day.reader.account_id, "now": now}
    handing_over.hand_over(day.event.id, code(), day.reader.id, one.id, **by)

    giver, taker = written(day.reader, now), written(one, now)

    assert (gave in giver.text, gave in taker.text) == (True, False)
    assert took is None or (took in taker.text, took in giver.text) == (True, False)
    assert "STATUS:CANCELLED" in giver.attachments[1].content.decode()


def test_a_mail_that_waited_tells_no_plan_given_up_meanwhile(day, now):
    one = factories.ParticipationFactory(organisation=day.reader.organisation)
    by = {"actor_id": day.reader.account_id, "now": now}
    handing_over.hand_over(day.event.id, code(), day.reader.id, one.id, **by)
    first = db.session.scalars(db.select(Mail.id).where(Mail.participation_id == one.id)).one()
    handing_over.hand_over(day.event.id, code(), one.id, day.reader.id, **by)

    made = letter(db.session.get(Mail, first), agenda_pdf, now=now)

    assert made.text.count("* ") == 0


def test_both_sides_read_the_cancellation(day, desk, now):
    cancelled(day, desk, now)

    for one in (day.reader, day.others[0]):
        assert next(row.stands for row in agenda(one).meetings) is False


# ── what a later version makes of it ────────────────────────────────────────


@pytest.mark.parametrize(("draft_is_older", "states"), [(True, []), (False, [MeetingState.CONFIRMED])])
def test_a_draft_from_before_does_not_bring_a_cancelled_meeting_back(app, now, draft_is_older, states):
    forum = a_forum("a!b b!a")
    draft = solved(forum, now)
    change(models.Draft, draft.id, created_at=now + timedelta(hours=0 if draft_is_older else 2))
    publish_ = {"actor_id": None, "now": now}
    publishing.publish(forum.id, draft.number, VersionKind.PROVISIONAL, expected_version=None, **publish_)
    a, later = forum.people["a"], now + timedelta(hours=1)
    changes.ask(forum.id, code(), a.id, CANCEL, actor_id=a.account_id, now=later)
    changes.cancel(forum.id, rows(ChangeRequest)[0].id, actor_id=forum.organiser.id, now=later)

    publishing.publish(forum.id, draft.number, VersionKind.FINAL, expected_version=1, **publish_)

    last = db.session.scalars(db.select(models.Version).where(models.Version.number == 2)).one()
    assert [row.state for row in last.meetings] == states


# ── the organiser's list ────────────────────────────────────────────────────


def test_what_is_open_stands_first_with_the_meeting_as_it_is_now(day, desk, now):
    ask(day, now, CANNOT)
    changes.settle(day.event.id, rows(ChangeRequest)[0].id, **desk, now=now)
    ask(day, now, number=1)
    ask(day, now, CANNOT, who=day.others[1], number=1)

    lines = queries.box(day.event.id).lines

    assert [(line.change.state, line.change.participation_id) for line in lines] == [
        (ChangeState.OPEN, day.reader.id),
        (ChangeState.OPEN, day.others[1].id),
        (ChangeState.DONE, day.reader.id),
    ]
    assert [f"{line.meeting.start:%H:%M}" for line in lines] == ["09:25", "09:25", "09:00"]
    assert (queries.open_count(day.event.id), queries.asked(day.reader.id)) == (2, {code(1)})
