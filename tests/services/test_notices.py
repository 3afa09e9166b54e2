"""What the clock tells everybody: in its hours, once, and what came too late is said and not sent."""

from datetime import date, datetime, time, timedelta

import pytest
from structlog.testing import capture_logs

from matchmaker import models
from matchmaker.domain import zones
from matchmaker.domain.states import Channel, MeetingState, Phase, VersionKind
from matchmaker.errors import MailOutOfDateError
from matchmaker.extensions import db
from matchmaker.mail.letters import letter
from matchmaker.mail.messages import build_mail
from matchmaker.paper.agenda import agenda_pdf
from matchmaker.queries import links
from matchmaker.services import notices
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.factories import FIRST_DAY
from tests.published import a_day, meeting, publish

DAY = timedelta(days=1)


@pytest.fixture
def day(app):
    """A day of three people, of whom the reader and the first meet."""
    day = a_day(phase=Phase.FINAL)
    publish(day, meeting(0))
    return day


def at(hour, on=FIRST_DAY, minute=0):
    return zones.instant(datetime.combine(on, time(hour, minute)), "Africa/Casablanca")


def mails(kind):
    db.session.rollback()
    return list(db.session.scalars(db.select(models.Mail).where(models.Mail.kind == kind)))


def verbs():
    return list(db.session.scalars(db.select(models.LogEntry.verb)))


def change(row, **values):
    with unit_of_work() as session:
        for name, value in values.items():
            setattr(session.get(type(row), row.id), name, value)


def test_on_the_eve_at_six_those_who_have_a_meeting_are_told_once(day):
    early = notices.tell(now=at(17, FIRST_DAY - DAY, 59))
    at_six = notices.tell(now=at(18, FIRST_DAY - DAY))
    again = [notices.tell(now=at(18, FIRST_DAY - DAY) + timedelta(minutes=minutes)) for minutes in (1, 300)]

    assert (early, at_six, again) == (0, 2, [0, 0])
    assert {mail.participation_id for mail in mails("tomorrow")} == {day.reader.id, day.others[0].id}


def test_a_laptop_that_slept_tells_in_the_night_what_still_helps(day):
    assert notices.tell(now=at(6)) == 2


def test_what_came_too_late_is_noted_and_not_sent(day):
    assert notices.tell(now=at(23)) == 0

    assert mails("tomorrow") == []
    assert verbs() == ["notice.late"]
    assert notices.tell(now=at(23)) == 0
    assert verbs() == ["notice.late"]


@pytest.mark.parametrize(("hour", "minutes"), [(18, None), (6, 12 * 60), (23, 29 * 60)])
def test_what_comes_late_is_said_in_the_log_of_the_worker(day, hour, minutes):
    with capture_logs() as lines:
        for _ in range(2):
            notices.tell(now=at(hour, FIRST_DAY - DAY if hour == 18 else FIRST_DAY))

    late = [(line["kind"], line["of"], line["minutes"]) for line in lines if line["event"] == "late"]
    assert late == ([("tomorrow", day.event.id, minutes)] if minutes else [])


def test_what_could_not_be_told_before_is_not_late(app):
    day = a_day(phase=Phase.FINAL)
    publish(day, meeting(0), at=at(6))

    with capture_logs() as lines:
        assert notices.tell(now=at(6, minute=5)) == 2

    assert [line for line in lines if line["event"] == "late"] == []


def test_what_is_long_over_is_nobodys_concern(day):
    assert notices.tell(now=at(9) + timedelta(days=100)) == 0
    assert verbs() == []


def test_who_listens_to_a_talk_is_told_of_the_day_as_well(day):
    talk = factories.SessionFactory(event=day.event, day=FIRST_DAY, for_everybody=False)
    factories.SessionSeatFactory(of_session=talk, participation=day.others[1])

    assert notices.tell(now=at(18, FIRST_DAY - DAY)) == 3


@pytest.mark.parametrize("kind", [VersionKind.PROVISIONAL])
def test_what_may_still_move_is_told_to_nobody(app, kind):
    day = a_day(phase=Phase.FINAL)
    publish(day, meeting(0), kind=kind)

    assert notices.tell(now=at(18, FIRST_DAY - DAY)) == 0


def test_who_wants_none_or_has_no_mail_is_sent_none(day):
    change(day.reader, wants_reminders=False)
    change(day.others[0], channel=Channel.PAPER)

    assert notices.tell(now=at(18, FIRST_DAY - DAY)) == 0


def test_afterwards_those_who_met_are_thanked(day):
    told = [notices.tell(now=at(8, FIRST_DAY + DAY)), notices.tell(now=at(9, FIRST_DAY + DAY))]

    assert told == [0, 2]
    assert len(mails("thanks")) == 2


def test_who_met_nobody_is_not_asked_how_it_was(app):
    day = a_day(phase=Phase.AFTER)
    publish(day, meeting(0, state=MeetingState.CANCELLED))

    notices.tell(now=at(9, FIRST_DAY + DAY))

    assert mails("thanks") == []


def test_a_week_before_it_everybody_is_told_that_their_data_goes(day):
    goes = FIRST_DAY + timedelta(days=60)
    change(day.event, delete_after=goes)
    change(day.others[1], wants_reminders=False)

    told = [notices.tell(now=at(hour, goes - timedelta(days=7))) for hour in (8, 9, 10)]

    assert told == [0, 3, 0]


def a_mail(day, kind, on=FIRST_DAY):
    notices.tell(now=at(18, on - DAY))
    return next(mail for mail in mails(kind) if mail.participation_id == day.reader.id)


def test_the_mail_of_the_eve_holds_that_day_only(app):
    day = a_day(phase=Phase.FINAL, day_count=2)
    publish(day, meeting(0), meeting(1, "11:10", "11:30", on=FIRST_DAY + DAY))
    mail = a_mail(day, "tomorrow", FIRST_DAY + DAY)

    text = letter(mail, agenda_pdf, now=at(18)).text

    assert ("11:10" in text, "09:00" in text) == (True, False)


@pytest.mark.parametrize("late", ["the day has begun", "nothing is arranged"])
def test_a_mail_of_the_eve_that_waited_too_long_is_not_sent(day, late):
    mail = a_mail(day, "tomorrow")
    if late == "nothing is arranged":
        publish(day, number=2)

    with pytest.raises(MailOutOfDateError, match=late):
        letter(mail, agenda_pdf, now=at(9) if late == "the day has begun" else at(7))


def test_a_reminder_is_ended_by_one_press_of_a_mail_program(day):
    mail = a_mail(day, "tomorrow")
    address = links.reminders_url(day.reader)

    built = build_mail(letter(mail, agenda_pdf, now=at(20, FIRST_DAY - DAY)), now=at(20, FIRST_DAY - DAY))

    assert (
        f"\r\nList-Unsubscribe: <{address}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n".encode() in built
    )
    assert address in letter(mail, agenda_pdf, now=at(20, FIRST_DAY - DAY)).text


def test_what_must_be_known_cannot_be_ended(day, now):
    change(day.event, delete_after=date(2026, 12, 31))
    notices.tell(now=at(9, date(2026, 12, 24)))
    mail = next(mail for mail in mails("deletion") if mail.participation_id == day.reader.id)

    assert letter(mail, agenda_pdf, now=now).unsubscribe == ""


def test_one_press_ends_reminders_and_another_brings_them_back(client, day):
    """As RFC 8058 has it: a POST without a cookie and without a page before it."""
    path = links.reminders_url(day.reader).removeprefix("http://localhost")

    assert client.get(path).status_code == 200
    wants = []
    for data in ({"List-Unsubscribe": "One-Click"}, {"wants": "yes"}, {"wants": "no"}):
        assert client.post(path, data=data).status_code == 303
        db.session.rollback()
        wants.append(db.session.get(models.Participation, day.reader.id).wants_reminders)

    assert wants == [False, True, False]
    assert verbs() == ["reminders.unwanted", "reminders.wanted", "reminders.unwanted"]
    assert client.post("/u/1-0", data={}).status_code == 404
