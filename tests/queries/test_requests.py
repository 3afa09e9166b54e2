"""How requests stand for each side, and that a veto of the other side shows in nothing."""

from datetime import timedelta

import pytest

from matchmaker.domain.states import Asking, VersionKind, WishLevel
from matchmaker.domain.statuses import Status
from matchmaker.extensions import db
from matchmaker.models import Event, Organisation
from matchmaker.queries.requests import Requests, in_vain, requests, waiting
from tests import factories
from tests.forum import a_forum, wish
from tests.journeys.travelling import publish, solve
from tests.web.desks import queries

pytestmark = pytest.mark.usefixtures("app")


def of(forum, letter, now, **kwargs) -> Requests:
    db.session.rollback()
    event = db.session.get(Event, forum.id)
    organisation = db.session.get(Organisation, forum.organisations[letter].id)
    return requests(event, organisation, now=now, **kwargs)


def told(forum, lines):
    """Return the statuses by the letter of the other side."""
    letters = {organisation.code: letter for letter, organisation in forum.organisations.items()}
    return {letters[line.entry.code]: line.status for line in lines}


def test_each_side_reads_its_own_status(now):
    forum = a_forum("a!b a+c c=a a+d d/a e+a")

    mine = of(forum, "a", now)

    assert told(forum, mine.sent) == {"b": Status.AWAITING, "c": Status.ACCEPTED, "d": Status.DECLINED}
    assert told(forum, mine.received) == {"e": Status.TO_ANSWER}
    assert told(forum, of(forum, "b", now).received) == {"a": Status.TO_ANSWER}
    assert told(forum, of(forum, "c", now).received) == {"a": Status.ACCEPTED}
    assert told(forum, of(forum, "d", now).received) == {"a": Status.DECLINED}


def test_who_asks_as_well_has_received_nothing_to_answer(now):
    forum = a_forum("a!b b+a")

    assert told(forum, of(forum, "a", now).sent) == {"b": Status.ACCEPTED}
    assert of(forum, "a", now).received == []


@pytest.mark.parametrize("asking", Asking)
@pytest.mark.parametrize("after", [0, 9])
def test_the_asker_cannot_tell_a_veto_from_silence(now, asking, after):
    later = now + timedelta(days=after)
    seen = []
    for wishes in ("a!b b", "a!b b-a"):
        forum = a_forum(wishes, asking=asking, answer_days=5)
        lines = of(forum, "a", later).sent
        seen.append((told(forum, lines), [line.until for line in lines]))

    assert seen[0] == seen[1]


def test_a_veto_is_an_answer_to_its_giver_and_hidden_from_staff(now):
    forum = a_forum("a!b b-a")

    assert told(forum, of(forum, "b", now).received) == {"a": Status.DECLINED}
    assert told(forum, of(forum, "b", now, vetoes=False).received) == {"a": Status.TO_ANSWER}


def test_a_request_says_until_when_it_waits_and_expires_for_both(now):
    forum = a_forum("", asking=Asking.REQUESTS, answer_days=2, wishes_close_at=None)
    for letter in "ab":
        forum.organisations[letter] = factories.ParticipationFactory(event=forum.event).organisation
    factories.WishFactory(
        organisation=forum.organisations["a"], wanted_organisation=forum.organisations["b"], made_at=now
    )
    end = now + timedelta(days=2)

    before, after = of(forum, "b", end - timedelta(seconds=1)), of(forum, "b", end)

    assert [(line.status, line.until) for line in before.received] == [(Status.TO_ANSWER, end)]
    assert told(forum, of(forum, "a", end).sent) == {"b": Status.EXPIRED}
    assert (told(forum, after.received), after.to_answer) == ({"a": Status.EXPIRED}, [])


def test_after_publication_what_was_placed_and_what_was_not_are_told(now):
    forum = a_forum("a!b b=a a+c c=a", capacity=1)
    for letter in "bc":
        for slot in list(forum.slots)[1:]:
            factories.UnavailabilityFactory(participation=forum.people[letter], in_slot=slot)
    solve(forum.id, 3, now=now)
    publish(forum.id, 1, kind=VersionKind.FINAL, now=now)

    mine = told(forum, of(forum, "a", now + timedelta(hours=1)).sent)

    assert mine == {"b": Status.CONFIRMED, "c": Status.NOT_SCHEDULED}


def test_waiting_counts_who_has_no_answer_of_any_kind(now):
    forum = a_forum("a+b c+b d+b b=c b-d a+e e+a f+a")
    event = db.session.get(Event, forum.id)

    found = waiting(event, now=now)

    names = {organisation.id: letter for letter, organisation in forum.organisations.items()}
    assert {names[id_]: len(asked) for id_, asked in found.items()} == {"b": 1, "a": 1}
    assert list(waiting(event, now=now, organisation_id=forum.organisations["b"].id)) == [forum.organisations["b"].id]


def test_who_has_withdrawn_waits_no_more(now):
    forum = a_forum("a+b c+b")
    with_one = factories.ParticipationFactory(event=forum.event, withdrawn=True).organisation
    factories.WishFactory(organisation=with_one, wanted_organisation=forum.organisations["b"])

    found = waiting(db.session.get(Event, forum.id), now=now)

    assert len(found[forum.organisations["b"].id]) == 2
    assert len(of(forum, "b", now).received) == 2


def test_in_vain_counts_by_level(now):
    forum = a_forum("a!b b/a a+c c/a a+d")
    event, organisation = db.session.get(Event, forum.id), forum.organisations["a"]

    assert in_vain(event, organisation, now=now) == {WishLevel.MUST: 1, WishLevel.LIKE: 1}


def test_more_requests_ask_no_more_queries(now):
    forum = a_forum("a+b c+a")
    counts = []
    for letters in ("", "defghi"):
        for letter in letters:
            forum.organisations[letter] = factories.ParticipationFactory(event=forum.event).organisation
            wish(forum, letter, "+", "a")
        with queries() as asked:
            of(forum, "a", now)
        counts.append(len(asked))

    assert counts[0] == counts[1]
