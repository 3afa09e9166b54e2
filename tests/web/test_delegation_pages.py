"""Heads of delegations: how their people stand, swapping and answering for them, and nobody else's business."""

from __future__ import annotations

import pytest

from matchmaker.domain.states import Phase, WishLevel
from matchmaker.extensions import db
from matchmaker.models import Delegation, LogEntry, Organisation, PublishedMeeting, Request, Unavailability, Wish
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.published import a_day, meeting, publish
from tests.web.desks import queries
from tests.web.visitors import Visitor, now, words  # noqa: F401 -- a fixture


@pytest.fixture
def day(app):
    return a_day(3, phase=Phase.WISHES)


@pytest.fixture
def head(day):
    return leading(day, factories.ParticipationFactory(event=day.event), day.reader)


def leading(day, head, *members):
    """Make somebody head of a delegation of their own organisation and these people's."""
    with unit_of_work() as session:
        made = Delegation(event_id=day.event.id, code="nord", names={"fr": "Délégation Nord"}, head_id=head.id)
        session.add(made)
        session.flush()
        for one in (head, *members):
            session.get_one(Organisation, one.organisation_id).delegation_id = made.id
    return head


def page(day, *parts):
    return "/".join([f"/e/{day.event.slug}/delegation", *parts])


def stored(kind):
    db.session.rollback()
    return db.session.scalars(db.select(kind).order_by(kind.id)).all()


def published(day, *rows):
    publish(day, *rows)
    with unit_of_work() as session:
        session.merge(day.event).phase = Phase.FINAL


def test_only_heads_have_the_page_and_the_way_to_it(app, day, head):
    way = f'href="{page(day)}"'

    shown = [
        Visitor(app, one.account).get(f"/e/{day.event.slug}/").get_data(as_text=True) for one in (head, day.reader)
    ]
    answers = [Visitor(app, one.account).get(page(day)).status_code for one in (head, day.reader, day.others[0])]

    assert [way in text for text in shown] == [True, False]
    assert answers == [200, 404, 404]


@pytest.mark.parametrize(("locale", "count"), [("fr", "2 rendez-vous"), ("ar", "لقاءان"), ("en", "2 meetings")])
def test_it_shows_each_one_with_their_next_meetings(app, day, head, locale, count):
    published(day, meeting(0), meeting(1, "09:25", "09:45"))

    shown = words(Visitor(app, head.account).get(f"{page(day)}?lang={locale}"))

    names = day.reader.account.names, day.others[0].organisation.names, day.others[1].organisation.names
    assert [texts.get(locale, texts["fr"]) in shown for texts in names] == [True] * 3
    assert [text in shown for text in (count, "09:00", "09:25")] == [True] * 3


def test_the_head_swaps_for_a_member(app, day, head):
    published(day, meeting(0))
    colleague = factories.ParticipationFactory(organisation=day.reader.organisation)
    code = db.session.scalars(db.select(Request.code)).one()
    address = page(day, day.reader.code, "meetings", code)
    visitor = Visitor(app, head.account)
    way = address in visitor.get(page(day)).get_data(as_text=True)

    answer = visitor.post(address, {"choice": "hand", "hand-takes": colleague.code})

    assert (way, answer.headers["Location"]) == (True, page(day))
    assert stored(PublishedMeeting)[0].attendances[0].participation_id == colleague.id
    assert [(one.verb, one.actor_id, one.for_participation_id) for one in stored(LogEntry)] == [
        ("handed_over", head.account_id, day.reader.id),
        ("took_over", head.account_id, colleague.id),
    ]


def test_the_head_answers_for_a_member_and_the_log_says_so(app, day, head):
    visitor, wanted = Visitor(app, head.account), day.others[0].organisation

    visitor.post(page(day, day.reader.code, "wishes"), {f"wish-{wanted.code}": "like"})
    visitor.post(page(day, day.reader.code, "times"), {"away": [str(day.event.slots[2].id)]})

    (wish,) = stored(Wish)
    assert (wish.organisation_id, wish.wanted_id, wish.made_by_id) == (
        day.reader.organisation_id,
        wanted.id,
        head.account_id,
    )
    assert [one.participation_id for one in stored(Unavailability)] == [day.reader.id]
    assert [(one.verb, one.actor_id) for one in stored(LogEntry)] == [
        ("changed_wishes", head.account_id),
        ("changed_times", head.account_id),
    ]


def test_pages_that_a_head_writes_say_for_whom(app, day, head):
    for part in ("wishes", "times"):
        shown = Visitor(app, head.account).get(f"{page(day, day.reader.code, part)}?lang=en")

        assert "You write for" in words(shown)
        assert page(day) in shown.get_data(as_text=True)


def test_a_members_veto_stays_hidden_from_the_head_and_is_not_taken_back(app, day, head):
    vetoed = day.others[0].organisation
    address = page(day, day.reader.code, "wishes")
    visitor = Visitor(app, head.account)
    before = visitor.get(address).get_data(as_text=True)
    factories.WishFactory(organisation=day.reader.organisation, wanted_organisation=vetoed, level=WishLevel.VETO)

    after = visitor.get(address).get_data(as_text=True)
    visitor.post(address, {f"wish-{vetoed.code}": ""})

    assert after == before
    assert [wish.level for wish in stored(Wish)] == [WishLevel.VETO]


def test_deadlines_bind_a_head_as_they_bind_the_members(app, day, head):
    with unit_of_work() as session:
        session.merge(day.event).phase = Phase.FINAL
    visitor, wanted = Visitor(app, head.account), day.others[0].organisation

    answers = [
        visitor.post(page(day, day.reader.code, "wishes"), {f"wish-{wanted.code}": "like"}),
        visitor.post(page(day, day.reader.code, "times"), {"away": [str(day.event.slots[2].id)]}),
    ]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert (stored(Wish), stored(Unavailability)) == ([], [])


def test_nobody_outside_the_delegation_is_written_for(app, day, head):
    published(day, meeting(0))
    code = db.session.scalars(db.select(Request.code)).one()
    strangers = [day.others[0], factories.ParticipationFactory()]
    parts = ("wishes", "times", f"meetings/{code}", "profile")

    answers = {
        Visitor(app, head.account).get(page(day, one.code, part)).status_code for one in strangers for part in parts
    }

    assert answers == {404}


def test_members_do_not_write_for_each_other(app, day, head):
    assert Visitor(app, day.reader.account).get(page(day, head.code, "wishes")).status_code == 404


def test_the_number_of_queries_does_not_grow(app, day, head):
    costs = []
    published(day, meeting(0), meeting(1, "09:25", "09:45"))
    for others in ([], day.others):
        with unit_of_work() as session:
            delegation_id = session.scalars(db.select(Delegation.id)).one()
            for one in others:
                session.get_one(Organisation, one.organisation_id).delegation_id = delegation_id
        visitor = Visitor(app, head.account)
        with queries() as seen:
            assert visitor.get(page(day)).status_code == 200
        costs.append(len(seen))

    assert costs[0] == costs[1]
