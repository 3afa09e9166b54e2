"""Colleagues in each other's place: at once, once, told to two people, and never in two places at a time."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from matchmaker import models
from matchmaker.domain.states import ChangeAsked, ChangeState, MeetingState, Phase, Role, VersionKind
from matchmaker.errors import MeetingOver, NotFound, NotFree, PhaseForbids
from matchmaker.extensions import db
from matchmaker.models import (
    ChangeRequest,
    Delegation,
    Event,
    LogEntry,
    Mail,
    Organisation,
    Participation,
    PublishedMeeting,
)
from matchmaker.queries.agenda import agenda
from matchmaker.services import changes, handing_over
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.published import a_day, meeting, publish
from tests.swapping import a_colleague, change, codes, publish_for, told
from tests.web.desks import member

FINAL = VersionKind.FINAL


@pytest.fixture
def day(app):
    return a_day(2, phase=Phase.FINAL)


@pytest.fixture
def colleague(day):
    return a_colleague(day)


def hand(day, taker, now, *, actor=None, code=None, giver=None):
    account_id = day.reader.account_id if actor is None else actor
    handing_over.hand_over(
        day.event.id, code or codes()[0], (giver or day.reader).id, taker.id, actor_id=account_id, now=now
    )


def attending(row):
    return [(seat.participation_id, seat.side) for seat in row.attendances]


def names_of_log():
    return [(one.verb, one.for_participation_id, one.actor_id) for one in told(LogEntry)]


def test_a_colleague_comes_instead_and_the_calendar_learns_of_it(day, colleague, now):
    publish(day, meeting(0))

    hand(day, colleague, now)

    (row,) = told()
    assert attending(row) == [(colleague.id, 1), (day.others[0].id, 2)]
    assert (row.sequence, row.state, row.languages) == (1, MeetingState.CONFIRMED, ["fr"])
    assert db.session.scalars(db.select(models.Version.number)).all() == [1]


def test_both_are_told_once_and_the_other_side_is_not(day, colleague, now):
    publish(day, meeting(0))

    hand(day, colleague, now)

    mails = {(mail.participation_id, mail.kind) for mail in told(Mail)}
    assert mails == {(day.reader.id, "changes"), (colleague.id, "changes")}
    assert len({mail.message_id for mail in told(Mail)}) == 2


def test_handing_back_is_told_anew_under_another_name(day, colleague, now):
    publish(day, meeting(0))
    hand(day, colleague, now)

    hand(day, day.reader, now, giver=colleague)

    assert attending(told()[0]) == [(day.reader.id, 1), (day.others[0].id, 2)]
    assert len({mail.message_id for mail in told(Mail)}) == 4


def test_the_log_says_who_swapped_whom(day, colleague, now):
    publish(day, meeting(0))
    desk = member(day.event, Role.DESK)

    hand(day, colleague, now, actor=desk.id)

    assert names_of_log() == [("handed_over", day.reader.id, desk.id), ("took_over", colleague.id, desk.id)]
    assert {one.subject for one in told(LogEntry)} == set(codes())


def test_the_giver_sees_it_no_more_and_their_calendar_is_told_so(day, colleague, now):
    publish(day, meeting(0))
    before = agenda(day.reader).meetings[0]

    hand(day, colleague, now)

    after = agenda(day.reader)
    assert after.meetings == ()
    assert [(one.code, one.sequence, one.stands) for one in after.gone] == [(before.code, 1, False)]
    assert [one.code for one in agenda(colleague).meetings] == [before.code]


def test_what_is_handed_back_is_newer_than_its_cancellation(day, colleague, now):
    publish(day, meeting(0))
    hand(day, colleague, now)
    gone = agenda(day.reader).gone[0].sequence

    hand(day, day.reader, now, giver=colleague)

    again = agenda(day.reader)
    assert (again.meetings[0].sequence > gone, again.gone) == (True, ())
    assert agenda(colleague).gone[0].sequence == again.meetings[0].sequence


def test_a_later_version_still_tells_the_givers_calendar(day, colleague, now):
    publish(day, meeting(0))
    hand(day, colleague, now)
    publish(day, meeting(0, reader_present=False, sequence=1), number=2)

    assert [(one.sequence, one.stands) for one in agenda(day.reader).gone] == [(1, False)]


def test_the_other_side_reads_the_new_name_at_once(day, colleague, now):
    publish(day, meeting(0))

    hand(day, colleague, now)

    (seen,) = agenda(day.others[0]).meetings
    assert [one.names for one in seen.people] == [colleague.account.names]


def test_what_the_giver_had_asked_is_thereby_taken_back(day, colleague, now):
    publish(day, meeting(0))
    by = {"actor_id": day.reader.account_id, "now": now}
    changes.ask(day.event.id, codes()[0], day.reader.id, ChangeAsked.CANNOT, **by)

    hand(day, colleague, now)

    assert [one.state for one in told(ChangeRequest)] == [ChangeState.TAKEN_BACK]


def test_one_more_colleague_comes_along(day, colleague, now):
    publish(day, meeting(0))
    by = {"actor_id": day.reader.account_id, "now": now}

    handing_over.add(day.event.id, codes()[0], day.reader.organisation_id, colleague.id, **by)

    (row,) = told()
    assert attending(row) == [(day.reader.id, 1), (colleague.id, 1), (day.others[0].id, 2)]
    assert (row.sequence, row.languages) == (1, ["fr"])
    assert [mail.participation_id for mail in told(Mail)] == [colleague.id]
    assert [one.verb for one in told(LogEntry)] == ["joined_meeting"]


# ── who may ─────────────────────────────────────────────────────────────────


def actors(day, colleague):
    """Return accounts by who they are; the delegation is that of the reader's organisation."""
    head = factories.ParticipationFactory(event=day.event)
    elsewhere = factories.ParticipationFactory(event=day.event)
    with unit_of_work() as session:
        ours = Delegation(event_id=day.event.id, code="n", names={"fr": "Nord"}, head_id=head.id)
        theirs = Delegation(event_id=day.event.id, code="s", names={"fr": "Sud"}, head_id=elsewhere.id)
        session.add_all([ours, theirs])
        session.flush()
        session.get_one(Organisation, day.reader.organisation_id).delegation_id = ours.id
    return {
        "themselves": day.reader.account_id,
        "a colleague": colleague.account_id,
        "the head": head.account_id,
        "the desk": member(day.event, Role.DESK).id,
        "the head of another": elsewhere.account_id,
        "the other side": day.others[0].account_id,
        "a reader of the staff": member(day.event, Role.VIEWER).id,
        "the desk of another event": member(factories.EventFactory(), Role.DESK).id,
        "a colleague who withdrew": a_colleague(day, withdrawn=True).account_id,
    }


@pytest.mark.parametrize("who", ["themselves", "a colleague", "the head", "the desk"])
def test_who_may_swap(day, colleague, now, who):
    publish(day, meeting(0))

    hand(day, colleague, now, actor=actors(day, colleague)[who])

    assert told()[0].sequence == 1


@pytest.mark.parametrize(
    "who",
    [
        "the head of another",
        "the other side",
        "a reader of the staff",
        "the desk of another event",
        "a colleague who withdrew",
    ],
)
def test_nobody_else_may(day, colleague, now, who):
    publish(day, meeting(0))
    actor = actors(day, colleague)[who]

    with pytest.raises(NotFound):
        hand(day, colleague, now, actor=actor)

    assert (told()[0].sequence, told(Mail), told(LogEntry)) == (0, [], [])


def test_a_head_who_withdrew_heads_nothing(day, colleague, now):
    publish(day, meeting(0))
    head = actors(day, colleague)["the head"]
    with unit_of_work() as session:
        session.scalars(db.select(Participation).where(Participation.account_id == head)).one().withdrawn = True

    with pytest.raises(NotFound):
        hand(day, colleague, now, actor=head)


# ── who can ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("fields", [{"withdrawn": True}, {"represents": False}])
def test_who_represents_nobody_takes_nothing(day, now, fields):
    publish(day, meeting(0))
    one = a_colleague(day, **fields)

    with pytest.raises(NotFound):
        hand(day, one, now)


def test_only_a_colleague_takes_it_and_only_who_attends_gives_it(day, colleague, now):
    publish(day, meeting(0))

    with pytest.raises(NotFound):
        hand(day, day.others[1], now)
    with pytest.raises(NotFound):
        hand(day, day.reader, now, giver=colleague)
    with pytest.raises(NotFound):
        hand(day, colleague, now, code="nothing")


def elsewhere_met(day, colleague):
    publish_for(day, colleague, "09:10", "09:30")


def away(day, colleague):
    factories.UnavailabilityFactory(participation=colleague, in_slot=day.event.slots[0])


def seated(day, colleague):
    talk = factories.SessionFactory(event=day.event)
    factories.SessionSeatFactory(participation=colleague, of_session=talk, speaks=True)


def everybody_sits(day, colleague):
    factories.SessionFactory(event=day.event, for_everybody=True)


def busy_for_another_firm(day, colleague):
    """The same person takes part for a second organisation, which marked the slot as not free."""
    other = factories.ParticipationFactory(event=day.event, account=colleague.account)
    factories.UnavailabilityFactory(participation=other, in_slot=day.event.slots[0])


@pytest.mark.parametrize("busy", [elsewhere_met, away, seated, everybody_sits, busy_for_another_firm])
def test_who_has_something_else_then_is_not_free(day, colleague, now, busy):
    publish(day, meeting(0, "09:00", "09:20"))
    busy(day, colleague)

    with pytest.raises(NotFree):
        hand(day, colleague, now)

    assert told()[0].sequence == 0


def test_what_touches_or_is_cancelled_is_in_nobodys_way(day, colleague, now):
    publish(day, meeting(0, "09:00", "09:20"))
    publish_for(day, colleague, "09:10", "09:30", state=MeetingState.CANCELLED)
    factories.UnavailabilityFactory(participation=colleague, in_slot=day.event.slots[1])
    late = factories.SessionFactory(event=day.event, start=time(9, 20), end=time(9, 40))
    factories.SessionSeatFactory(participation=colleague, of_session=late)

    hand(day, colleague, now)

    assert told()[0].sequence == 1


def test_who_attends_already_cannot_come_again(day, colleague, now):
    publish(day, meeting(0))
    by = {"actor_id": day.reader.account_id, "now": now}
    handing_over.add(day.event.id, codes()[0], day.reader.organisation_id, colleague.id, **by)

    with pytest.raises(NotFree):
        hand(day, colleague, now)
    with pytest.raises(NotFree):
        handing_over.add(day.event.id, codes()[0], day.reader.organisation_id, colleague.id, **by)


# ── when ────────────────────────────────────────────────────────────────────


def test_a_meeting_that_has_begun_or_stands_no_more_is_left_alone(day, colleague):
    publish(day, meeting(0, "09:00", "09:20"))
    begins = datetime.combine(factories.FIRST_DAY, time(9), tzinfo=UTC)  # Morocco keeps UTC in Ramadan 2026

    with pytest.raises(MeetingOver):
        hand(day, colleague, begins)
    change(PublishedMeeting, told()[0].id, state=MeetingState.CANCELLED)
    with pytest.raises(MeetingOver):
        hand(day, colleague, begins - timedelta(days=1))


def test_while_no_agenda_is_in_force_only_staff_swap(day, colleague, now):
    publish(day, meeting(0))
    change(Event, day.event.id, phase=Phase.SCHEDULING)

    with pytest.raises(PhaseForbids):
        hand(day, colleague, now)
    hand(day, colleague, now, actor=member(day.event, Role.DESK).id)

    assert told()[0].sequence == 1
