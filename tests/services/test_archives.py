"""An archived event is read by its owners and seen by nobody else, and comes back as it was."""

import pytest
from sqlalchemy import select

from matchmaker import clock, jobs
from matchmaker.domain.links import Purpose
from matchmaker.domain.states import MailState, Role
from matchmaker.errors import DataDeleted, InvalidValue
from matchmaker.extensions import db
from matchmaker.models import Account, Event, LogEntry, Mail, Participation
from matchmaker.queries import links
from matchmaker.services import archives, claims, deletion, digests, invitations, outbox
from tests import factories
from tests.estate import a_logo
from tests.forum import a_forum
from tests.web.desks import member
from tests.web.visitors import Visitor, now, words  # noqa: F401 -- the clock stands still for pages


@pytest.fixture
def event(app):
    return factories.EventFactory()


def test_only_owners_see_it_until_it_is_restored(app, event, now):  # noqa: F811
    person = factories.ParticipationFactory(event=event)
    owner, organiser = member(event, Role.OWNER), member(event, Role.ORGANISER)
    slug, logo = event.slug, a_logo(event)
    own, agenda, feed = (links.token(person, one) for one in (Purpose.READ_ONLY, Purpose.AGENDA, Purpose.FEED))
    ways = {
        "the page of a participant": (person.account, f"/e/{slug}/"),
        "registration": (None, f"/e/{slug}/register"),
        "the way in": (None, f"/sign-in?event={slug}"),
        "a logo": (None, f"/e/{slug}/logos/{logo}.png"),
        "a personal link": (None, f"/a/{agenda}"),
        "a link to forward": (None, f"/r/{own}"),
        "a calendar": (None, f"/f/{feed}.ics"),
        "the page of an organiser": (organiser, f"/o/{slug}/"),
        "the page of an owner": (owner, f"/o/{slug}/"),
        "what an owner changes": (owner, f"/o/{slug}/frame"),
    }

    def seen():
        found = {name: Visitor(app, account).get(path).status_code for name, (account, path) in ways.items()}
        return found | {"a change": Visitor(app, owner).post(f"/o/{slug}/phase", {"phase": "after"}).status_code}

    before = seen()
    archives.archive(event.id, actor_id=owner.id, now=now)
    archived = seen()
    archives.restore(event.id, actor_id=owner.id, now=now)

    owners = {"the page of an owner": 200, "what an owner changes": 200}
    assert set(before.values()) == {200, 303}
    assert archived == dict.fromkeys(ways, 404) | owners | {"a change": 409}
    assert seen() == before
    told = db.session.scalars(select(LogEntry.verb).where(LogEntry.verb.like("event.%")).order_by(LogEntry.id)).all()
    assert [verb for verb in told if verb != "event.phase"] == ["event.archived", "event.restored"]


def test_it_is_out_of_the_lists_and_no_mail_leaves(app, event, now):  # noqa: F811
    owner, organiser = member(event, Role.OWNER, locale="en"), member(event, locale="en")
    person = factories.ParticipationFactory(event=event)
    invitations.invite(event.id, 1, actor_id=owner.id, now=now)

    archives.archive(event.id, actor_id=owner.id, now=now)

    name = event.names["en"]
    pages = {
        "nobody": Visitor(app).get("/", headers={"Accept-Language": "en"}),
        "participant": Visitor(app, person.account).get("/", headers={"Accept-Language": "en"}),
        "organiser": Visitor(app, organiser).get("/o/"),
        "owner": Visitor(app, owner).get("/o/"),
    }
    assert {who for who, page in pages.items() if name in words(page)} == {"owner"}
    assert [mail.state for mail in db.session.scalars(select(Mail))] == [MailState.HELD]


def test_nobody_is_told_who_waits_in_an_archived_event(app, now):  # noqa: F811
    open_, archived = (a_forum("a+b") for _ in range(2))
    archives.archive(archived.event.id, actor_id=None, now=now)

    digests.tell_who_waits(now=now)

    assert db.session.scalars(select(Mail.event_id)).all() == [open_.event.id]


def test_personal_data_goes_at_once_where_the_address_was_typed(event, now):  # noqa: F811
    person = factories.ParticipationFactory(event=event)
    by = {"actor_id": member(event, Role.OWNER).id, "now": now}

    with pytest.raises(InvalidValue, match="not over yet"):
        deletion.order(event.id, event.slug, **by)
    archives.archive(event.id, **by)
    with pytest.raises(InvalidValue, match="not the address"):
        deletion.order(event.id, "event", **by)
    deletion.order(event.id, event.slug, **by)
    for _batch in range(3):
        jobs.delete_announced_data()

    assert clock.now() == now
    assert db.session.get(Event, event.id, populate_existing=True).data_deleted_at == now
    assert db.session.get(Participation, person.id, populate_existing=True).deleted_at == now
    assert db.session.get(Account, person.account_id, populate_existing=True).email is None
    with pytest.raises(DataDeleted):
        deletion.order(event.id, event.slug, **by)


def test_what_a_worker_had_in_hand_is_held_once_it_gives_it_back(app, event, now):  # noqa: F811
    owner = member(event, Role.OWNER)
    factories.ParticipationFactory(event=event)
    invitations.invite(event.id, 1, actor_id=owner.id, now=now)
    taken = claims.claim("holder", now)
    archives.archive(event.id, actor_id=owner.id, now=now)
    claims.give_back(taken, "holder")

    outbox.sweep(now=now)

    assert db.session.scalars(select(Mail.state).where(Mail.id.in_(taken))).all() == [MailState.HELD]
    assert claims.claim("holder", now) == []
