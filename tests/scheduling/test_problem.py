"""What the solver is told, and what it is never told."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from sqlalchemy import event as sqlalchemy_event

from matchmaker.domain.disclosure import Reason
from matchmaker.domain.states import Asking, RequestState, Silence
from matchmaker.extensions import db
from matchmaker.models import (
    AudienceWindow,
    LocationOwner,
    OrganisationTopic,
    Participation,
    Request,
    Walk,
    Wish,
)
from matchmaker.scheduling import rows as event_rows
from matchmaker.scheduling.presets import preset
from matchmaker.scheduling.problem import build, kept_back, packed, unpacked
from matchmaker.services.steps import requests
from matchmaker.unit_of_work import unit_of_work
from solver import Engagement
from tests.factories import (
    AccountFactory,
    LocationFactory,
    OrganisationFactory,
    ParticipantTypeFactory,
    ParticipationFactory,
    SessionFactory,
    SessionSeatFactory,
    UnavailabilityFactory,
    ZoneFactory,
)
from tests.forum import a_forum, wish

QUERIES = 18
"""One a kind of row, and one each for owners and closures."""

pytestmark = pytest.mark.usefixtures("app")


def built(forum, now, code="fairness"):
    with unit_of_work() as session:
        requests.refresh(session, forum.id, now=now)
    return build(event_rows.read(db.session(), forum.id), preset(code))


def change(row, **fields):
    with unit_of_work() as session:
        kept = session.get_one(type(row), row.id)
        for name, value in fields.items():
            setattr(kept, name, value)


def person(problem, forum, letter):
    return problem.participants[forum.people[letter].code]


def sides(problem):
    return sorted(sorted(side[0] for side in request.sides) for request in problem.requests.values())


def test_problem_holds_each_wanted_pair_once_with_its_weight(now):
    forum = a_forum("a!b b!a a+c")

    problem = built(forum, now)

    assert sorted(request.weight for request in problem.requests.values()) == [10, 100]
    a, b, c = (forum.people[letter].code for letter in "abc")
    assert sides(problem) == sorted([sorted([a, b]), sorted([a, c])])


def test_problem_never_hears_of_a_vetoed_pair_nor_of_the_veto(now):
    forum = a_forum("a!b b-a a+c")

    problem = built(forum, now)

    a, c = forum.people["a"].code, forum.people["c"].code
    assert sides(problem) == [sorted([a, c])]
    assert b"veto" not in packed(problem)


def test_kept_back_gives_a_veto_the_reason_that_silence_would_have(now):
    refusing = a_forum("a!b b-a c d c!d")
    kind = ParticipantTypeFactory(event=refusing.event, silence=Silence.REFUSES)
    for letter in "bd":
        change(refusing.organisations[letter], type_id=kind.id)
    built(refusing, now)

    reasons = kept_back(event_rows.read(db.session(), refusing.id))

    assert list(reasons.values()) == [Reason.UNANSWERED, Reason.UNANSWERED]


def test_kept_back_says_that_a_veto_kept_an_offered_pair_back(now):
    forum = a_forum("a!b b-a")
    built(forum, now)

    assert list(kept_back(event_rows.read(db.session(), forum.id)).values()) == [Reason.NOT_OFFERED]


def test_a_yes_weighs_as_a_like_and_a_no_leaves_nothing_to_schedule(now):
    forum = a_forum("a!b b=a a+c c/a b=d")

    problem = built(forum, now)

    assert [request.weight for request in problem.requests.values()] == [80]
    assert {row.state for row in db.session.scalars(db.select(Request))} == {
        RequestState.ACCEPTED,
        RequestState.DECLINED,
    }


def test_by_mutual_consent_only_what_both_sides_accept_is_scheduled(now):
    forum = a_forum("a!b b=a a+c c+d d+c a+d", asking=Asking.REQUESTS)

    problem = built(forum, now)

    a, b, c, d = (forum.people[letter].code for letter in "abcd")
    assert sides(problem) == sorted([sorted([a, b]), sorted([c, d])])


def test_requests_expire_and_are_asked_anew(now):
    forum = a_forum("a+b", asking=Asking.REQUESTS, answer_days=3)
    states = []
    for made_at in (now - timedelta(days=2), now - timedelta(days=3), now):
        change(db.session.scalars(db.select(Wish)).one(), made_at=made_at)
        built(forum, now)
        states.append(db.session.scalars(db.select(Request.state)).one())

    assert states == [RequestState.ASKED, RequestState.EXPIRED, RequestState.ASKED]


def test_problem_is_none_where_nothing_may_be_scheduled(now):
    assert built(a_forum("a!b b-a"), now) is None


def test_limits_are_the_persons_else_the_types_else_the_events(now):
    forum = a_forum("a!b", max_consecutive=6)
    kind = ParticipantTypeFactory(event=forum.event, max_meetings=9, max_per_day=8, min_meetings=2)
    change(forum.organisations["a"], type_id=kind.id)
    change(forum.people["a"], max_per_day=3)

    a = person(built(forum, now), forum, "a")

    assert (a.max_meetings, a.max_per_day, a.max_consecutive, a.min_meetings) == (9, 3, 6, 2)


def test_sessions_engage_those_who_sit_in_them_in_every_slot_they_touch(now):
    forum = a_forum("a!b")
    zone = ZoneFactory(event=forum.event, code="amphi")
    talk = SessionFactory(event=forum.event, start=time(9, 10), end=time(9, 30), zone_id=zone.id)
    SessionSeatFactory(participation=forum.people["a"], of_session=talk)
    SessionFactory(event=forum.event, start=time(11, 0), end=time(11, 1), for_everybody=True)
    problem = built(forum, now)

    opening = Engagement(frozenset({"1-1100"}))
    assert person(problem, forum, "a").engagements == (Engagement(frozenset({"1-0900", "1-0925"}), "amphi"), opening)
    assert person(problem, forum, "b").engagements == (opening,)


def test_times_that_are_not_free_and_ties_and_languages_reach_the_problem(now):
    forum = a_forum("a!b")
    UnavailabilityFactory(participation=forum.people["a"], in_slot=forum.slots[0])
    change(forum.people["a"], location_id=forum.hall.id, parallel=3, languages=["ar"])

    a = person(built(forum, now), forum, "a")

    assert a.unavailable_slots == {forum.slots[0].code}
    assert (a.location, a.parallel, a.languages) == (forum.hall.code, 3, {"ar"})


def test_bonuses_are_for_those_who_asked_or_accepted_enough(now):
    forum = a_forum("a!b a+c a+d b+a")

    problem = built(forum, now)

    assert person(problem, forum, "a").bonuses is None
    assert person(problem, forum, "b").bonuses == ()
    assert problem.bonuses == (1000, 200, 50)


def test_a_side_names_all_representatives_who_are_there(now):
    forum = a_forum("a!b")
    colleague = ParticipationFactory(organisation=forum.organisations["a"])
    ParticipationFactory(organisation=forum.organisations["a"], withdrawn=True)
    ParticipationFactory(organisation=forum.organisations["a"], represents=False)

    (request,) = built(forum, now).requests.values()

    assert request.sides[0] == (forum.people["a"].code, colleague.code)


def test_one_person_of_two_organisations_is_one_participant(now):
    forum = a_forum("a!c b!c")
    change(forum.people["b"], account_id=forum.people["a"].account_id, max_meetings=1)

    problem = built(forum, now)

    assert len(problem.participants) == 2
    assert {request.sides[0] for request in problem.requests.values()} == {(forum.people["a"].code,)}
    assert person(problem, forum, "a").max_meetings == 1


def test_a_host_keeps_slots_for_a_theme(now):
    forum = a_forum("a!h b!h")
    first, second, *others = forum.slots
    with unit_of_work() as session:
        host = forum.organisations["h"]
        session.add(AudienceWindow(event_id=forum.id, organisation_id=host.id, slot_id=first.id, topic="argan"))
        session.add(AudienceWindow(event_id=forum.id, organisation_id=host.id, slot_id=second.id, topic="textile"))
        a = forum.organisations["a"]
        session.add(OrganisationTopic(event_id=forum.id, organisation_id=a.id, kind="offer", topic="argan"))

    problem = built(forum, now)

    starts = {request.sides[0][0]: request.slots for request in problem.requests.values()}
    rest = {slot.code for slot in others}
    assert starts == {forum.people["a"].code: rest | {first.code}, forum.people["b"].code: rest}


def test_a_meeting_is_as_long_as_the_longer_side_takes(now):
    forum = a_forum("a!b")
    change(forum.organisations["b"], meeting_slots=2)

    assert [request.length for request in built(forum, now).requests.values()] == [2]


def test_a_stand_is_its_owners_and_closed_where_they_sent_nobody(now):
    forum = a_forum("a!b")
    stands = [LocationFactory(event=forum.event, is_stand=True, capacity=1) for _ in range(2)]
    nobody = OrganisationFactory(event=forum.event)
    with unit_of_work() as session:
        for stand, owner in zip(stands, (forum.organisations["a"], nobody), strict=True):
            session.add(LocationOwner(event_id=forum.id, location_id=stand.id, organisation_id=owner.id))

    problem = built(forum, now)

    assert problem.locations[stands[0].code].owners == {forum.people["a"].code}
    assert problem.locations[stands[1].code].closed_slots == set(problem.slots)


def test_walking_stands_between_zones(now):
    forum = a_forum("a!b")
    here, there = ZoneFactory(event=forum.event), ZoneFactory(event=forum.event)
    with unit_of_work() as session:
        session.add(Walk(event_id=forum.id, zone_a_id=here.id, zone_b_id=there.id, minutes=7))

    assert built(forum, now).walking == {frozenset({here.code, there.code}): 7}


def test_presets_weigh_differently(now):
    forum = a_forum("a!b")

    fair, total, quiet = (built(forum, now, code).weights for code in ("fairness", "total", "quiet"))

    assert (fair.bonus, total.bonus, total.shortfall) == (1, 0, -150)
    assert quiet.idle_slots < fair.idle_slots < total.idle_slots


def test_a_stored_problem_comes_back_equal_and_names_nobody(now):
    forum = a_forum("a!b b!a a+c")
    problem = built(forum, now)

    data = packed(problem)

    assert unpacked(data) == problem
    assert packed(problem) == data


@pytest.mark.parametrize("size", ["abc", "abcdefghij"])
def test_reading_takes_the_same_number_of_queries_for_any_size(now, size):
    forum = a_forum(" ".join(size))
    for letter in size[1:]:
        wish(forum, "a", "+", letter)
    built(forum, now)
    event_id, seen = forum.id, []
    db.session.remove()

    def note(_connection, _cursor, sql, *_rest):
        seen.append(sql)

    sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
    try:
        build(event_rows.read(db.session(), event_id), preset("fairness"))
    finally:
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)

    assert len([sql for sql in seen if sql.startswith("SELECT")]) == QUERIES


def test_requests_keep_code_and_priority_and_follow_the_wishes(now):
    forum = a_forum("a!b b!a")
    built(forum, now)
    row = db.session.scalars(db.select(Request)).one()
    code, weight = row.code, row.weight
    change(row, priority=True)
    assert (weight, row.klass, row.state) == (100, "must+must", "accepted")

    with unit_of_work() as session:
        session.execute(db.text("DELETE FROM wish WHERE organisation_id = :b"), {"b": forum.organisations["b"].id})
    built(forum, now)
    row = db.session.scalars(db.select(Request)).one()
    assert (row.code, row.weight, row.klass, row.state) == (code, 45, "must alone", "asked")

    with unit_of_work() as session:
        session.execute(db.text("DELETE FROM wish"))
    assert built(forum, now) is None
    assert db.session.scalars(db.select(Request.state)).all() == ["withdrawn"]


def test_the_rows_of_a_vetoed_request_are_those_of_an_unanswered_one(now):
    silent, vetoed = a_forum("a!b"), a_forum("a!b b-a")

    def stored(forum):
        built(forum, now)
        row = db.session.scalars(db.select(Request).where(Request.event_id == forum.id)).one()
        return row.state, row.weight, row.klass, row.priority, row.priority_reason, row.created_at

    assert stored(silent) == stored(vetoed)


def test_an_account_without_address_is_as_good_as_any(now):
    forum = a_forum("a!b")
    change(forum.people["a"], account_id=AccountFactory(email=None).id)

    assert len(built(forum, now).participants) == db.session.query(Participation).count()
