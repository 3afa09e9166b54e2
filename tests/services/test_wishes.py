from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.domain.states import Asking, Phase, Role, WishLevel
from matchmaker.errors import NotFound, PhaseForbids, QuotaUsed, RequestExpired, WishesClosed
from matchmaker.extensions import db
from matchmaker.models import Event, LogEntry, Organisation, Wish
from matchmaker.services import wishes
from matchmaker.services.wishes import WishInput
from matchmaker.unit_of_work import unit_of_work
from tests.factories import EventFactory, MembershipFactory, OrganisationFactory, ParticipationFactory, WishFactory

MUST, LIKE, YES, NO, VETO = WishLevel


@pytest.fixture
def event(app):
    return EventFactory(must_quota=3, like_quota=2)


@pytest.fixture
def asker(event):
    return ParticipationFactory(event=event)


@pytest.fixture
def others(event):
    return [OrganisationFactory(event=event).id for _ in range(5)]


def stored(organisation_id):
    """Return the wishes as {wanted id: (level, rank)}."""
    db.session.rollback()
    rows = db.session.scalars(select(Wish).where(Wish.organisation_id == organisation_id))
    return {wish.wanted_id: (wish.level, wish.rank) for wish in rows}


def give(asker, wanted_id, level, now):
    wishes.give(asker.organisation_id, wanted_id, level, actor_id=asker.account_id, now=now)


def test_give_ranks_musts_as_they_come_and_nothing_else(asker, others, now):
    a, b, c, d, _ = others
    for wanted_id, level in ((a, MUST), (b, LIKE), (c, MUST), (d, VETO)):
        give(asker, wanted_id, level, now)

    assert stored(asker.organisation_id) == {a: (MUST, 1), b: (LIKE, None), c: (MUST, 2), d: (VETO, None)}


def test_give_none_takes_the_wish_back_and_closes_the_gap(asker, others, now):
    a, b, *_ = others
    give(asker, a, MUST, now)
    give(asker, b, MUST, now)

    give(asker, a, None, now)

    assert stored(asker.organisation_id) == {b: (MUST, 1)}


def test_give_the_same_wish_again_keeps_its_rank(asker, others, now):
    a, b, *_ = others
    give(asker, a, MUST, now)
    give(asker, b, MUST, now)

    give(asker, a, MUST, now)

    assert stored(asker.organisation_id) == {a: (MUST, 1), b: (MUST, 2)}


def test_give_beyond_the_quota_is_refused_and_changes_nothing(asker, others, now):
    a, b, c, *_ = others
    give(asker, a, LIKE, now)
    give(asker, b, LIKE, now)
    give(asker, c, MUST, now)

    with pytest.raises(QuotaUsed, match="all 2 wishes of level like"):
        give(asker, c, LIKE, now)

    assert stored(asker.organisation_id) == {a: (LIKE, None), b: (LIKE, None), c: (MUST, 1)}


def test_give_a_withdrawn_wish_frees_its_place(asker, others, now):
    a, b, c, *_ = others
    give(asker, a, LIKE, now)
    give(asker, b, LIKE, now)
    give(asker, a, None, now)

    give(asker, c, LIKE, now)

    assert stored(asker.organisation_id) == {b: (LIKE, None), c: (LIKE, None)}


def test_give_a_veto_costs_no_place(asker, others, now):
    for wanted_id in others:
        give(asker, wanted_id, VETO, now)

    assert set(stored(asker.organisation_id).values()) == {(VETO, None)}


def test_give_by_two_colleagues_is_one_list_of_the_organisation(asker, others, now):
    a, b, *_ = others
    colleague = ParticipationFactory(organisation=asker.organisation)
    give(asker, a, MUST, now)

    give(colleague, b, MUST, now)
    give(colleague, a, LIKE, now)

    assert stored(asker.organisation_id) == {a: (LIKE, None), b: (MUST, 1)}
    assert [entry.actor_id for entry in db.session.scalars(select(LogEntry).order_by(LogEntry.id))] == [
        asker.account_id,
        colleague.account_id,
        colleague.account_id,
    ]


def test_give_raced_by_colleagues_keeps_the_quota(app, asker, others, now):
    organisation_id = asker.organisation_id

    def like(wanted_id):
        with app.app_context():
            try:
                wishes.give(organisation_id, wanted_id, LIKE, actor_id=None, now=now)
            except QuotaUsed:
                return "refused"
            finally:
                db.session.remove()
            return "given"

    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(like, others))

    assert sorted(answers) == ["given"] * 2 + ["refused"] * 3
    assert len(stored(organisation_id)) == 2


def test_give_to_the_second_of_the_deadline(event, asker, others, now):
    a, b, *_ = others
    closing = now.replace(day=6, hour=18)
    give(asker, a, LIKE, closing - timedelta(seconds=1))

    with pytest.raises(WishesClosed, match="2026-03-06 at 18:00"):
        give(asker, b, LIKE, closing)
    desk = MembershipFactory(event=event, role=Role.DESK)
    wishes.give(asker.organisation_id, b, LIKE, actor_id=desk.account_id, now=closing)

    assert stored(asker.organisation_id) == {a: (LIKE, None), b: (LIKE, None)}


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.WISHES])
def test_give_in_another_phase_is_refused(app, now, phase):
    asker = ParticipationFactory(event=EventFactory(phase=phase, wishes_close_at=None))

    with pytest.raises(PhaseForbids, match=phase):
        give(asker, asker.organisation_id, LIKE, now)


def test_give_to_oneself_a_stranger_or_the_unlisted_does_not_exist(event, asker, now):
    unlisted = OrganisationFactory(event=event, listed=False)

    for wanted_id in (asker.organisation_id, OrganisationFactory().id, unlisted.id, 0):
        with pytest.raises(NotFound):
            give(asker, wanted_id, LIKE, now)

    assert stored(asker.organisation_id) == {}


def test_replace_makes_this_the_whole_list_in_order(asker, others, now):
    a, b, c, d, _ = others
    give(asker, a, MUST, now)
    give(asker, d, LIKE, now)

    wishes.replace(
        asker.organisation_id,
        [WishInput(b, MUST, 2), WishInput(c, MUST, 1), WishInput(a, VETO)],
        actor_id=asker.account_id,
        now=now,
    )

    assert stored(asker.organisation_id) == {c: (MUST, 1), b: (MUST, 2), a: (VETO, None)}


def test_replace_with_too_many_keeps_the_old_list(asker, others, now):
    give(asker, others[0], LIKE, now)

    with pytest.raises(QuotaUsed):
        wishes.replace(
            asker.organisation_id, [WishInput(id_, LIKE) for id_ in others], actor_id=asker.account_id, now=now
        )

    assert stored(asker.organisation_id) == {others[0]: (LIKE, None)}


def test_replace_under_a_quota_that_was_lowered_since_may_keep_what_is_there(app, now):
    event = EventFactory(like_quota=0)
    asker, a, b = ParticipationFactory(event=event), OrganisationFactory(event=event), OrganisationFactory(event=event)
    wishes.replace(asker.organisation_id, [WishInput(a.id, VETO)], actor_id=asker.account_id, now=now)

    with pytest.raises(QuotaUsed):
        give(asker, b.id, LIKE, now)

    assert stored(asker.organisation_id) == {a.id: (VETO, None)}


def test_answer_says_several_at_once_or_none(asker, others, now):
    a, b, c, d, e = others
    wishes.answer(asker.organisation_id, {a: MUST, b: LIKE, c: None}, actor_id=asker.account_id, now=now)

    with pytest.raises(QuotaUsed):
        wishes.answer(asker.organisation_id, {a: None, d: LIKE, e: LIKE}, actor_id=asker.account_id, now=now)

    assert stored(asker.organisation_id) == {a: (MUST, 1), b: (LIKE, None)}


def test_rank_puts_the_named_first(asker, others, now):
    a, b, c, *_ = others
    wishes.answer(asker.organisation_id, {a: MUST, b: MUST, c: MUST}, actor_id=asker.account_id, now=now)

    wishes.rank(asker.organisation_id, [c], actor_id=asker.account_id, now=now)

    assert stored(asker.organisation_id) == {c: (MUST, 1), a: (MUST, 2), b: (MUST, 3)}


@pytest.mark.parametrize(("steps", "order"), [(-1, "bac"), (1, "acb"), (-9, "bac"), (9, "acb")])
def test_move_goes_as_far_as_the_list(asker, others, now, steps, order):
    names = dict(zip("abc", others, strict=False))
    wishes.answer(asker.organisation_id, dict.fromkeys(names.values(), MUST), actor_id=asker.account_id, now=now)

    wishes.move(asker.organisation_id, names["b"], steps, actor_id=asker.account_id, now=now)

    ranks = {wanted_id: rank for wanted_id, (_, rank) in stored(asker.organisation_id).items()}
    assert "".join(sorted(names, key=lambda name: ranks[names[name]])) == order


def test_rank_and_move_know_only_musts(asker, others, now):
    give(asker, others[0], LIKE, now)

    with pytest.raises(NotFound):
        wishes.rank(asker.organisation_id, [others[0]], actor_id=asker.account_id, now=now)
    with pytest.raises(NotFound):
        wishes.move(asker.organisation_id, others[0], 1, actor_id=asker.account_id, now=now)


def asks(others, asker, level=LIKE, **said):
    """Let one of the others ask for the asker; return its id."""
    wanted = db.session.get(Organisation, asker.organisation_id)
    asking = db.session.get(Organisation, others[0])
    WishFactory(organisation=asking, wanted_organisation=wanted, level=level, **said)
    return asking.id


def reply(asker, asking_id, yes, now):
    wishes.reply(asker.organisation_id, asking_id, yes=yes, actor_id=asker.account_id, now=now)


def take_requests(event, days=None):
    with unit_of_work() as session:
        row = session.get(Event, event.id)
        row.asking, row.answer_days = Asking.REQUESTS, days


def test_a_yes_takes_no_place_of_the_quota(asker, others, now):
    asking_id = asks(others, asker)
    for wanted_id in others[1:3]:
        give(asker, wanted_id, LIKE, now)

    reply(asker, asking_id, True, now)

    assert stored(asker.organisation_id)[asking_id] == (YES, None)


def test_a_no_is_private_where_wishes_are_weighed_and_told_where_both_consent(event, asker, others, now):
    asking_id = asks(others, asker)

    reply(asker, asking_id, False, now)
    private = stored(asker.organisation_id)
    take_requests(event)
    reply(asker, asking_id, False, now)

    assert (private, stored(asker.organisation_id)) == ({asking_id: (VETO, None)}, {asking_id: (NO, None)})


def test_an_answer_can_be_changed_and_taken_back(asker, others, now):
    asking_id = asks(others, asker)

    reply(asker, asking_id, False, now)
    reply(asker, asking_id, True, now)
    changed = stored(asker.organisation_id)
    reply(asker, asking_id, None, now)

    assert (changed, stored(asker.organisation_id)) == ({asking_id: (YES, None)}, {})


@pytest.mark.parametrize("yes", [True, None])
def test_a_wish_of_ones_own_says_yes_already_and_stays(asker, others, now, yes):
    asking_id = asks(others, asker)
    give(asker, asking_id, MUST, now)

    reply(asker, asking_id, yes, now)

    assert stored(asker.organisation_id) == {asking_id: (MUST, 1)}


def test_a_no_in_place_of_a_must_closes_the_gap(asker, others, now):
    asking_id = asks(others, asker)
    give(asker, asking_id, MUST, now)
    give(asker, others[1], MUST, now)

    reply(asker, asking_id, False, now)

    assert stored(asker.organisation_id) == {asking_id: (VETO, None), others[1]: (MUST, 1)}


@pytest.mark.parametrize("level", [None, VETO, WishLevel.YES, WishLevel.NO])
def test_who_does_not_ask_cannot_be_answered(asker, others, now, level):
    asking_id = others[0] if level is None else asks(others, asker, level)

    with pytest.raises(NotFound):
        reply(asker, asking_id, True, now)


def test_an_answer_comes_in_time_or_not_at_all(event, asker, others, now):
    take_requests(event, days=2)
    asking_id = asks(others, asker, made_at=now - timedelta(days=2))

    with pytest.raises(RequestExpired):
        reply(asker, asking_id, True, now)

    reply(asker, asking_id, True, now - timedelta(seconds=1))
    assert stored(asker.organisation_id) == {asking_id: (YES, None)}


def test_who_is_not_listed_may_be_answered(asker, others, now):
    asking_id = asks(others, asker)
    with unit_of_work() as session:
        session.get(Organisation, asking_id).listed = False

    reply(asker, asking_id, True, now)

    assert stored(asker.organisation_id) == {asking_id: (YES, None)}


def test_a_declined_request_gives_its_place_back(asker, others, now):
    a, b, c, *_ = others
    give(asker, a, LIKE, now)
    give(asker, b, LIKE, now)
    asks(others, asker, NO)

    give(asker, c, LIKE, now)

    assert set(stored(asker.organisation_id)) == {a, b, c}


@pytest.mark.parametrize("answer", [VETO, YES, None])
def test_a_veto_gives_no_more_back_than_silence(asker, others, now, answer):
    a, b, c, *_ = others
    give(asker, a, LIKE, now)
    give(asker, b, LIKE, now)
    if answer:
        asks(others, asker, answer)

    with pytest.raises(QuotaUsed):
        give(asker, c, LIKE, now)


@pytest.mark.parametrize("answer", [VETO, None])
def test_an_expired_request_gives_its_place_back_whatever_was_said_in_private(event, asker, others, now, answer):
    take_requests(event, days=2)
    a, b, c, *_ = others
    give(asker, a, LIKE, now)
    give(asker, b, LIKE, now + timedelta(days=1))
    if answer:
        asks(others, asker, answer)

    with pytest.raises(QuotaUsed):
        give(asker, c, LIKE, now + timedelta(days=1, hours=23))
    give(asker, c, LIKE, now + timedelta(days=2))

    assert set(stored(asker.organisation_id)) == {a, b, c}
