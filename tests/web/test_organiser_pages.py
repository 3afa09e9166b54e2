"""Every page of the organisers, in three languages, for each role; and what lists cost."""

import pytest

from matchmaker.domain.states import MailState, Role
from matchmaker.extensions import db
from matchmaker.models import Mail, Participation
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.conftest import NOW
from tests.web.desks import LOCALES, crowd, queries, sign_in, staff


def furnished():
    """An event with something in every list."""
    event = factories.EventFactory(day_count=2)
    people = crowd(event, 3)
    zone = factories.ZoneFactory(event=event)
    factories.ZoneFactory(event=event)
    factories.LocationFactory(event=event, zone_id=zone.id)
    factories.SessionFactory(event=event, for_everybody=True)
    factories.SessionFactory(event=event, capacity=20)
    factories.ParticipantTypeFactory(event=event)
    with unit_of_work() as session:
        session.add_all(
            Mail(
                event_id=event.id, participation_id=people[0].id, kind="agenda", key=state, message_id=f"<{state}@x>",
                recipient="a@example.org", locale="fr", state=state, next_try_at=NOW, created_at=NOW,
            )
            for state in MailState
        )  # fmt: skip
    return event, people[0]


def addresses(event, person):
    root = f"/o/{event.slug}"
    return [
        "/o/", "/o/new", f"{root}/", f"{root}/frame", f"{root}/places", f"{root}/places/new",
        f"{root}/places/1", f"{root}/sessions", f"{root}/sessions/new", f"{root}/sessions/1",
        f"{root}/sessions/1/people", f"{root}/types", f"{root}/types/new", f"{root}/types/1", f"{root}/people",
        f"{root}/people?q=nobody", f"{root}/people?only=silent", f"{root}/people/{person.code}", f"{root}/wishes",
        f"{root}/messages", f"{root}/messages?state=held", f"{root}/log", f"{root}/team",
    ]  # fmt: skip


@pytest.mark.parametrize("locale", LOCALES)
def test_every_page_reads_well(app, locale):
    event, person = furnished()
    owner = factories.AccountFactory(login="owner")
    factories.MembershipFactory(event=event, role=Role.OWNER, account=owner)
    client = sign_in(app.test_client(), owner)

    answers = {}
    for address in addresses(event, person):
        joint = "&" if "?" in address else "?"
        answers[address] = client.get(f"{address}{joint}lang={locale}").status_code

    assert {address: status for address, status in answers.items() if status != 200} == {}
