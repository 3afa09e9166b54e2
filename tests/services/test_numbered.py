"""A host's numbered queue: numbers in order, called in order, seen in the agenda of whoever has one."""

from __future__ import annotations

import pytest

from matchmaker.domain.states import Locale, Phase, Role
from matchmaker.errors import NobodyWaits, NotFound, QueueClosed
from matchmaker.extensions import db
from matchmaker.models import LogEntry
from matchmaker.queries import links, numbered
from matchmaker.services import numbered as service
from tests.factories import AccountFactory
from tests.forum import a_forum
from tests.swapping import change
from tests.web.desks import member
from tests.web.visitors import Visitor, now, words  # noqa: F401 -- the clock of the visitors


@pytest.fixture
def forum(app):
    return a_forum("m a b", phase=Phase.ON_THE_DAY)


def places(person):
    return [(one.number, one.ahead, one.minutes, one.is_called) for one in numbered.places(person.id)]


def test_numbers_are_given_and_called_in_order_and_their_holders_see_how_long_it_takes(forum, now):  # noqa: F811
    host, by = forum.organisations["m"].code, {"actor_id": forum.organiser.id, "now": now}
    with pytest.raises(QueueClosed):
        service.give(forum.id, host, **by)
    service.open_for(forum.id, host, 10, **by)
    a, b = forum.people["a"], forum.people["b"]

    given = [service.give(forum.id, host, who, **by) for who in (None, a.id, None, b.id, a.id)]
    before = places(a), places(b)
    called = [service.call_next(forum.id, host, **by) for _ in range(2)]
    after = places(a), places(b)
    rest = [service.call_next(forum.id, host, **by) for _ in range(2)]

    assert given == [1, 2, 3, 4, 2]  # who has a number still to come keeps it
    assert before == ([(2, 1, 10, False)], [(4, 3, 30, False)])
    assert called == [1, 2]
    assert after == ([(2, 0, 0, True)], [(4, 2, 20, False)])
    assert rest == [3, 4]
    with pytest.raises(NobodyWaits):
        service.call_next(forum.id, host, **by)
    service.close(forum.id, host, **by)
    assert places(b) == []
    service.open_for(forum.id, host, 5, **by)
    assert service.give(forum.id, host, b.id, **by) == 1
    assert db.session.scalars(db.select(LogEntry.verb)).all().count("queue.number") == 5


def test_only_the_host_and_the_staff_may_call(forum, now):  # noqa: F811
    host = forum.organisations["m"].code
    service.open_for(forum.id, host, 10, actor_id=forum.organiser.id, now=now)

    assert service.give(forum.id, host, actor_id=forum.people["m"].account_id, now=now) == 1
    with pytest.raises(NotFound):
        service.give(forum.id, host, actor_id=forum.people["a"].account_id, now=now)
    with pytest.raises(NotFound):
        service.give(forum.id, host, None, actor_id=AccountFactory().id, now=now)


def test_the_desk_opens_a_queue_gives_a_number_and_the_agenda_shows_it(app, forum):
    desk = Visitor(app, member(forum.event, Role.DESK, locale=Locale.ENGLISH))
    path, host, guest = f"/o/{forum.event.slug}/day", forum.organisations["m"].code, forum.people["a"]
    change(type(guest.account), guest.account_id, locale=Locale.ENGLISH)

    desk.post(f"{path}/queues", {"host": host, "minutes": "10"})
    desk.post(f"{path}/queues/{host}", {"act": "give"})
    desk.post(f"{path}/queues/{host}", {"act": "give", "person": guest.code})
    card = words(desk.get(f"{path}?person={guest.code}"))
    shown = words(Visitor(app).get(links.agenda_url(guest)))
    own = Visitor(app, forum.people["m"].account)
    own.post(f"/e/{forum.event.slug}/queue", {"act": "next"})
    after = words(own.get(f"/e/{forum.event.slug}/queue"))

    assert "Number 2 at" in card
    assert "1 is before you, about 10 minutes." in shown
    assert "1" in after
    assert Visitor(app, guest.account).get(f"/e/{forum.event.slug}/queue").status_code == 404
