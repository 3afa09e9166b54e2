"""Every page of the organisers, in three languages, for each role; and what lists cost."""

import re

import pytest

from matchmaker.domain.states import MailState, Phase, Role
from matchmaker.models import Mail
from matchmaker.services.events import set_phase
from matchmaker.services.people import join_delegation
from matchmaker.unit_of_work import unit_of_work
from matchmaker.web.sections import GROUPS
from tests import factories
from tests.conftest import NOW
from tests.estate import a_delegation
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
    send(event, people[0], MailState)
    a_delegation(event)
    return event, people[0]


def send(event, person, states):
    with unit_of_work() as session:
        session.add_all(
            Mail(
                event_id=event.id,
                participation_id=person.id,
                kind="agenda",
                key=f"{person.id}/{state}",
                message_id=f"<{person.id}.{state}@localhost>",
                recipient="reader@example.org",
                locale="fr",
                state=state,
                next_try_at=NOW,
                created_at=NOW,
            )
            for state in states
        )


READ = {
    "/o/": Role.VIEWER,
    "/o/E/": Role.VIEWER,
    "/o/E/places": Role.VIEWER,
    "/o/E/sessions": Role.VIEWER,
    "/o/E/types": Role.VIEWER,
    "/o/E/people": Role.VIEWER,
    "/o/E/people?q=nobody+at+all": Role.VIEWER,
    "/o/E/people?only=silent": Role.VIEWER,
    "/o/E/people/P": Role.VIEWER,
    "/o/E/delegations": Role.VIEWER,
    "/o/E/delegations/1": Role.VIEWER,
    "/o/E/delegations/1?q=fr": Role.VIEWER,
    "/o/E/delegations/new": Role.ORGANISER,
    "/o/E/wishes": Role.VIEWER,
    "/o/E/messages": Role.DESK,
    "/o/E/messages?state=held": Role.DESK,
    "/o/E/frame": Role.ORGANISER,
    "/o/E/places/new": Role.ORGANISER,
    "/o/E/places/1": Role.ORGANISER,
    "/o/E/sessions/new": Role.ORGANISER,
    "/o/E/sessions/1": Role.ORGANISER,
    "/o/E/sessions/1/people": Role.ORGANISER,
    "/o/E/types/new": Role.ORGANISER,
    "/o/E/types/1": Role.ORGANISER,
    "/o/E/log": Role.ORGANISER,
    "/o/E/team": Role.OWNER,
}
WRITE = {
    "/o/E/phase": Role.ORGANISER,
    "/o/E/frame": Role.ORGANISER,
    "/o/E/places/new": Role.ORGANISER,
    "/o/E/places/1": Role.ORGANISER,
    "/o/E/places/1/remove": Role.ORGANISER,
    "/o/E/places/zones": Role.ORGANISER,
    "/o/E/places/zones/1/remove": Role.ORGANISER,
    "/o/E/places/walks": Role.ORGANISER,
    "/o/E/sessions/new": Role.ORGANISER,
    "/o/E/sessions/1/people": Role.ORGANISER,
    "/o/E/sessions/1/remove": Role.ORGANISER,
    "/o/E/types/new": Role.ORGANISER,
    "/o/E/types/1/remove": Role.ORGANISER,
    "/o/E/wishes/priority": Role.ORGANISER,
    "/o/E/wishes/priority/remove": Role.ORGANISER,
    "/o/E/people/P/limits": Role.ORGANISER,
    "/o/E/delegations/new": Role.ORGANISER,
    "/o/E/delegations/1": Role.ORGANISER,
    "/o/E/delegations/1/join": Role.ORGANISER,
    "/o/E/delegations/1/list": Role.ORGANISER,
    "/o/E/delegations/1/leave": Role.ORGANISER,
    "/o/E/delegations/1/dissolve": Role.ORGANISER,
    "/o/E/people/P/hosting": Role.ORGANISER,
    "/o/E/people/P/window": Role.ORGANISER,
    "/o/E/people/P/delegation": Role.ORGANISER,
    "/o/E/people/P/join": Role.ORGANISER,
    "/o/E/people/P/withdraw": Role.ORGANISER,
    "/o/E/people/P/readmit": Role.ORGANISER,
    "/o/E/people/P/link": Role.DESK,
    "/o/E/messages/1/again": Role.ORGANISER,
    "/o/E/messages/1/arrived": Role.ORGANISER,
    "/o/E/team": Role.OWNER,
    "/o/E/team/1/dismiss": Role.OWNER,
}
STRENGTH = (Role.VIEWER, Role.DESK, Role.ORGANISER, Role.OWNER)


def told(address, event, person):
    return address.replace("/E", f"/{event.slug}").replace("/P", f"/{person.code}")


def admitted(client, method, addresses, event, person):
    answers = {address: client.open(told(address, event, person), method=method).status_code for address in addresses}
    return {address for address, status in answers.items() if status != 404}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_page_reads_well(app, locale):
    event, person = furnished()
    client = staff(app, event, Role.OWNER)

    answers = {}
    for address in READ:
        joint = "&" if "?" in address else "?"
        answers[address] = client.get(f"{told(address, event, person)}{joint}lang={locale}").status_code

    assert {address: status for address, status in answers.items() if status != 200} == {}


@pytest.mark.parametrize("role", STRENGTH)
def test_each_role_reads_what_it_may(app, role):
    event, person = furnished()

    found = admitted(staff(app, event, role), "GET", READ, event, person)

    assert found == {address for address, needed in READ.items() if STRENGTH.index(needed) <= STRENGTH.index(role)}


@pytest.mark.parametrize("role", [Role.VIEWER, Role.DESK, Role.ORGANISER])
def test_no_role_writes_more_than_it_may(app, role):
    event, person = furnished()
    forbidden = {address for address, needed in WRITE.items() if STRENGTH.index(needed) > STRENGTH.index(role)}

    found = admitted(staff(app, event, role), "POST", forbidden, event, person)

    assert found == set()


def test_staff_of_another_event_find_nothing(app):
    event, person = furnished()
    stranger = staff(app, factories.EventFactory(), Role.OWNER)

    assert admitted(stranger, "GET", set(READ) - {"/o/"}, event, person) == set()
    assert admitted(stranger, "POST", WRITE, event, person) == set()


def test_who_is_not_signed_in_is_sent_to_the_door(app, client):
    event = factories.EventFactory()

    answer = client.get(f"/o/{event.slug}/people")

    assert (answer.status_code, answer.location.split("?")[0]) == (303, "/staff/sign-in")


def test_participants_make_no_events(app):
    one = factories.AccountFactory()

    assert sign_in(app.test_client(), one).get("/o/new").status_code == 404


def test_staff_may_make_an_event(app):
    one = factories.AccountFactory(login="nadia")

    assert sign_in(app.test_client(), one).get("/o/new").status_code == 200


def leads(html, part):
    return set(re.findall(r'href="([^"?]*)', html.split(part)[1].split("</nav>")[0]))


@pytest.mark.parametrize("role", STRENGTH)
def test_navigation_shows_what_the_role_may_open(app, role):
    event, _ = furnished()
    client = staff(app, event, role)
    pages = {
        app.url_map.bind("").build(endpoint, {"slug": event.slug})
        for sections in GROUPS.values()
        for endpoint, _label in sections.values()
        if endpoint in app.view_functions
    }

    menu = leads(client.get(f"/o/{event.slug}/").get_data(as_text=True), '<details class="nav-menu"')

    assert menu == {page for page in pages if client.get(page).status_code == 200}


def test_each_page_is_two_steps_from_each(app):
    event, _ = furnished()
    client = staff(app, event, Role.OWNER)
    rows = '<div class="nav-line nav-groups"'
    menu = leads(client.get(f"/o/{event.slug}/").get_data(as_text=True), "<details")

    first = leads(client.get(f"/o/{event.slug}/").get_data(as_text=True).split("<details")[0] + "</nav>", rows)
    second = set().union(
        *(leads(client.get(page).get_data(as_text=True).split("<details")[0] + "</nav>", rows) for page in first)
    )

    assert second == menu


def test_log_speaks_of_things_by_name(app):
    event, person = furnished()
    by = {"actor_id": None, "now": NOW}
    set_phase(event.id, Phase.ON_THE_DAY, **by)
    join_delegation(event.id, person.organisation_id, None, **by)
    name = person.organisation.names["fr"]

    page = staff(app, event).get(f"/o/{event.slug}/log?lang=fr").get_data(as_text=True)

    assert re.findall(r"</th>\s*<td>(?:<bdi>)?([^<]*)<", page) == [name, "Le jour même"]


# Each of these is what the page needs and no more, whatever the number of rows.
COSTS = {
    "people": 7, "sessions": 5, "places": 15, "types": 5, "wishes": 12, "messages": 10, "log": 6, "": 16,
    "delegations": 10,
}  # fmt: skip


@pytest.mark.parametrize("page", COSTS)
@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_however_long_they_are(app, page, count):
    event = factories.EventFactory()
    for person in crowd(event, count):
        send(event, person, [MailState.SENT])
        factories.SessionFactory(event=event)
        factories.LocationFactory(event=event, zone_id=factories.ZoneFactory(event=event).id)
        factories.ParticipantTypeFactory(event=event)
        join_delegation(event.id, person.organisation_id, a_delegation(event), actor_id=None, now=NOW)
    client = staff(app, event)
    client.get(f"/o/{event.slug}/{page}")

    with queries() as seen:
        assert client.get(f"/o/{event.slug}/{page}").status_code == 200

    assert len([one for one in seen if one.startswith("SELECT")]) == COSTS[page], "\n".join(seen)
