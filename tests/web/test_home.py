from datetime import timedelta

from matchmaker.domain.states import MailState, Phase
from matchmaker.domain.zones import edition
from matchmaker.models import Mail
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.web.desks import member
from tests.web.visitors import Visitor, now, words  # noqa: F401 -- a fixture


def test_start_page_shows_events_that_take_registrations_only(app):
    factories.EventFactory(names={"en": "The open one"}, phase=Phase.REGISTRATION)
    factories.EventFactory(names={"en": "The closed one"}, phase=Phase.FINAL)

    page = words(Visitor(app).get("/?lang=en"))

    assert "The open one" in page
    assert "The closed one" not in page


def test_start_page_shows_one_s_own_events_in_any_phase_and_once(app):
    event = factories.EventFactory(names={"en": "The event"}, phase=Phase.WISHES)
    person = factories.ParticipationFactory(event=event)
    factories.ParticipationFactory(
        event=factories.EventFactory(names={"en": "The late one"}, phase=Phase.ON_THE_DAY), account=person.account
    )

    page = Visitor(app, person.account).get("/?lang=en").get_data(as_text=True)

    assert page.count(f'href="/e/{event.slug}/"') == 1
    assert f"/e/{event.slug}/register" not in page
    assert "The late one" in page


def test_start_page_leads_staff_to_their_events(app):
    event = factories.EventFactory()

    assert 'href="/o/"' in Visitor(app, member(event)).get("/").get_data(as_text=True)
    assert 'href="/o/"' not in Visitor(app).get("/").get_data(as_text=True)


def test_health_tells_the_age_of_the_oldest_mail_that_waits(app, now):  # noqa: F811
    event = factories.EventFactory()
    with unit_of_work() as session:
        session.add_all(
            Mail(
                event_id=event.id,
                kind="agenda",
                key=str(state),
                message_id=str(state),
                recipient="reader@example.org",
                locale="fr",
                state=state,
                next_try_at=now,
                created_at=now - age,
            )
            for state, age in (
                (MailState.SENT, timedelta(hours=9)),
                (MailState.QUEUED, timedelta(minutes=2)),
                (MailState.CLAIMED, timedelta(minutes=1)),
            )
        )

    answer = Visitor(app).get("/health")

    assert (answer.status_code, answer.json) == (
        200,
        {"ok": True, "database": True, "time_zones": edition(), "time_zones_from": "tzdata", "oldest_unsent_mail": 120},
    )


def test_health_with_nothing_waiting(app):
    assert Visitor(app).get("/health").json["oldest_unsent_mail"] is None
