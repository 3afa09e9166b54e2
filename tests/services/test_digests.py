"""The digest: once a day at nine of the event's clock, to whom somebody waits for, and only if there is news."""

from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from matchmaker.domain import zones
from matchmaker.domain.states import Asking, Channel, Phase
from matchmaker.extensions import db
from matchmaker.mail.letters import letter
from matchmaker.models import Event, Mail, Participation, Wish
from matchmaker.paper.agenda import agenda_pdf
from matchmaker.services import digests, wishes
from matchmaker.services.outbox import send_due
from matchmaker.unit_of_work import unit_of_work
from tests import factories, ticking
from tests.forum import a_forum

pytestmark = pytest.mark.usefixtures("app")


def nine(day=3):
    """Return the instant at which it is nine in Casablanca, on a day of March."""
    return zones.instant(datetime(2026, 3, day, 9, 0), "Africa/Casablanca")  # noqa: DTZ001 -- wall time


def told():
    """Return whom mails of digests are for, by the letter of the address."""
    db.session.rollback()
    return sorted(mail.recipient[0] for mail in db.session.scalars(db.select(Mail).where(Mail.kind == "waiting")))


def test_who_is_waited_for_is_told_at_nine_and_once():
    a_forum("a+b a+c c=a d")

    early = digests.tell_who_waits(now=nine() - timedelta(seconds=1))
    at_nine = digests.tell_who_waits(now=nine())
    again = [digests.tell_who_waits(now=nine() + timedelta(hours=hour)) for hour in range(15)]

    assert (early, at_nine, again) == (0, 1, [0] * 15)
    assert told() == ["b"]


@pytest.mark.parametrize(("minutes", "said"), [(9, []), (11, [11]), (26 * 60, [26 * 60])])
def test_a_digest_that_comes_late_is_said_in_the_log(minutes, said):
    forum = a_forum("a+b")
    digests.tell_who_waits(now=nine())

    with capture_logs() as lines:
        for _ in range(2):
            digests.tell_who_waits(now=nine(4) + timedelta(minutes=minutes))

    late = [line for line in lines if line["event"] == "late"]
    assert [line["minutes"] for line in late] == said
    assert all(line["kind"] == "waiting" and line["of"] == forum.event.id for line in late)


def test_the_next_day_only_what_is_new_is_told():
    forum = a_forum("a+b a+c d e", wishes_close_at=None)
    digests.tell_who_waits(now=nine())
    factories.WishFactory(
        organisation=forum.organisations["d"],
        wanted_organisation=forum.organisations["c"],
        made_at=nine() + timedelta(hours=1),
    )

    digests.tell_who_waits(now=nine(4))

    assert told() == ["b", "c", "c"]


def test_who_has_not_answered_is_told_again_before_the_end():
    forum = a_forum("a+b", wishes_close_at=None, asking=Asking.REQUESTS, answer_days=4)
    with unit_of_work() as session:
        session.get(Event, forum.id).digest_on = nine(3).date()
        session.scalars(db.select(Wish)).one().made_at = nine(1)

    nothing = digests.tell_who_waits(now=nine(3) + timedelta(hours=1))
    last = digests.tell_who_waits(now=nine(4))

    assert (nothing, last) == (0, 1)


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.WISHES])
def test_only_while_wishes_are_open(phase):
    a_forum("a+b", phase=phase)

    assert digests.tell_who_waits(now=nine()) == 0


def test_not_after_the_deadline():
    a_forum("a+b")

    assert digests.tell_who_waits(now=nine(7)) == 0


def test_paper_phone_withdrawn_and_without_address_get_none():
    forum = a_forum("a+b")
    organisation = forum.organisations["b"]
    for channel in (Channel.PAPER, Channel.PHONE):
        factories.ParticipationFactory(organisation=organisation, channel=channel)
    factories.ParticipationFactory(organisation=organisation, withdrawn=True)
    factories.ParticipationFactory(organisation=organisation, represents=False)
    factories.ParticipationFactory(organisation=organisation, account=factories.AccountFactory(email=None))

    assert digests.tell_who_waits(now=nine()) == 1
    assert told() == ["b"]


@pytest.mark.parametrize(
    ("locale", "subject"),
    [
        ("ar", "هيئتان تطلبان لقاءكم (2)"),
        ("fr", "2 organisations demandent à vous rencontrer"),
        ("en", "2 organisations ask to meet you"),
    ],
)
def test_the_mail_names_who_asks_and_leads_to_the_answers(locale, subject):
    forum = a_forum("a+b c+b")
    with unit_of_work() as session:
        session.get(Participation, forum.people["b"].id).account.locale = locale
    digests.tell_who_waits(now=nine())
    mail = db.session.scalars(db.select(Mail)).one()

    made = letter(mail, agenda_pdf, now=nine())

    assert made.subject.strip() == subject
    names = [forum.organisations[asking].names.get("en") for asking in "ac"]
    for text in (made.text, made.html):
        assert f"?next=/e/{forum.event.slug}/requests" in text
        assert locale != "en" or all(name in text for name in names)


def test_a_digest_that_nobody_needs_any_more_is_not_sent():
    forum = a_forum("a+b")
    digests.tell_who_waits(now=nine())
    b, a = forum.people["b"], forum.organisations["a"]
    wishes.reply(b.organisation_id, a.id, yes=True, actor_id=b.account_id, now=nine())

    send_due(holder="test", clock=ticking.since(nine()))

    mail = db.session.scalars(db.select(Mail)).one()
    assert (mail.state, mail.answer) == ("failed", "not sent: nobody waits for an answer any more")


def test_a_veto_is_an_answer_and_its_giver_is_not_asked_again():
    a_forum("a+b b-a c+b b=c")

    assert digests.tell_who_waits(now=nine()) == 0
