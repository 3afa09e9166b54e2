"""The organiser's priority for a few requests."""

import pytest

from matchmaker.errors import InvalidValue
from matchmaker.extensions import db
from matchmaker.models import LogEntry, Request
from matchmaker.services import priorities
from tests import factories


@pytest.fixture
def twenty(app):
    """One organisation that twenty-one others want: at most one priority."""
    event = factories.EventFactory()
    host = factories.OrganisationFactory(event=event)
    askers = factories.OrganisationFactory.create_batch(21, event=event)
    for asker in askers:
        factories.WishFactory(organisation=asker, wanted_organisation=host)
    return event, host, askers


def pair(host, asker):
    return (host.code, asker.code)


def test_mark_adds_fifteen_and_keeps_the_reason(twenty, now):
    event, host, askers = twenty

    priorities.mark(event.id, pair(host, askers[0]), " sponsor ", actor_id=None, now=now)

    marked = db.session.query(Request).filter_by(priority=True).one()
    assert ({marked.first_id, marked.second_id}, marked.weight, marked.priority_reason) == (
        {host.id, askers[0].id}, 25, "sponsor",
    )  # fmt: skip
    assert db.session.query(LogEntry).one().detail == {"reason": "sponsor"}


def test_mark_refuses_more_than_five_percent(twenty, now):
    event, host, askers = twenty
    priorities.mark(event.id, pair(host, askers[0]), "sponsor", actor_id=None, now=now)

    with pytest.raises(InvalidValue, match="5 %"):
        priorities.mark(event.id, pair(host, askers[1]), "sponsor", actor_id=None, now=now)
    priorities.mark(event.id, pair(host, askers[0]), "another reason", actor_id=None, now=now)

    assert [one.priority_reason for one in db.session.query(Request).filter_by(priority=True)] == ["another reason"]


def test_mark_refuses_without_a_reason(twenty, now):
    event, host, askers = twenty

    with pytest.raises(InvalidValue, match="reason"):
        priorities.mark(event.id, pair(host, askers[0]), "  ", actor_id=None, now=now)


def test_mark_refuses_two_who_do_not_want_each_other(twenty, now):
    event, _, askers = twenty

    with pytest.raises(InvalidValue, match="Neither"):
        priorities.mark(event.id, pair(askers[0], askers[1]), "sponsor", actor_id=None, now=now)


def test_unmark_gives_the_place_back(twenty, now):
    event, host, askers = twenty
    priorities.mark(event.id, pair(host, askers[0]), "sponsor", actor_id=None, now=now)

    priorities.unmark(event.id, pair(host, askers[0]), actor_id=None, now=now)
    priorities.mark(event.id, pair(host, askers[1]), "sponsor", actor_id=None, now=now)

    assert [one.weight for one in db.session.query(Request).order_by(Request.second_id)][:3] == [10, 25, 10]
