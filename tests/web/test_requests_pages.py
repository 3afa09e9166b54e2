"""Who asks and whom one asks, with a yes and a no: by htmx, without a script, and by the staff for somebody."""

import re

import pytest

from matchmaker.domain.states import Asking, Phase, Role, WishLevel
from matchmaker.extensions import db
from matchmaker.models import Event, Wish
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.web.desks import LOCALES, member
from tests.web.visitors import Visitor, another, now, words  # noqa: F401 -- a fixture

HTMX = {"HX-Request": "true"}


@pytest.fixture
def event(app):
    return factories.EventFactory(must_quota=3, like_quota=1)


@pytest.fixture
def person(event):
    return factories.ParticipationFactory(event=event)


@pytest.fixture
def page(event):
    return f"/e/{event.slug}/requests"


@pytest.fixture
def asking(event, person):
    """Somebody who asks for the person."""
    one = another(event, names={"fr": "Chaudronnerie Atlas", "ar": "مراجل الأطلس"})
    factories.WishFactory(organisation=one, wanted_organisation=person.organisation)
    return one


def stored(person):
    return {
        wish.wanted_id: wish.level for wish in db.session.query(Wish).filter_by(organisation_id=person.organisation_id)
    }


def change(event, **values):
    with unit_of_work() as session:
        for name, value in values.items():
            setattr(session.get(Event, event.id), name, value)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_page_names_who_asks_with_a_yes_and_a_no(app, person, page, asking, locale):
    shown = words(Visitor(app, person.account).get(f"{page}?lang={locale}"))

    expected = {
        "ar": ("مراجل الأطلس", "طلب واحد بانتظار ردّكم (1)", "نعم، بكل سرور", "لا، شكرا"),
        "fr": ("Chaudronnerie Atlas", "1 attend votre réponse", "Oui, volontiers", "Non, merci"),
        "en": ("Chaudronnerie Atlas", "1 waits for your answer", "Yes, gladly", "No, thank you"),
    }
    assert [text for text in expected[locale] if text not in shown] == []


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_an_answer_is_one_tap_and_the_row_comes_back(app, person, page, asking, answer):
    piece = Visitor(app, person.account).post(f"{page}/{asking.code}?lang=en", {"answer": answer}, headers=HTMX)

    assert stored(person) == {asking.id: WishLevel.YES if answer == "yes" else WishLevel.VETO}
    assert ("Accepted, to be scheduled" if answer == "yes" else "Declined") in words(piece)
    assert "Take the answer back" in words(piece)
    assert piece.get_data(as_text=True).count("data-takes-focus") == 1


def test_without_a_script_the_page_comes_back_at_the_row(app, person, page, asking):
    answer = Visitor(app, person.account).post(f"{page}/{asking.code}", {"answer": "yes"})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{page}#request-{asking.code}")
    assert stored(person) == {asking.id: WishLevel.YES}


def test_an_answer_is_taken_back(app, person, page, asking):
    visitor = Visitor(app, person.account)
    visitor.post(f"{page}/{asking.code}", {"answer": "no"})

    visitor.post(f"{page}/{asking.code}", {"answer": ""})

    assert stored(person) == {}


def test_who_does_not_ask_cannot_be_answered(app, event, person, page):
    silent = another(event)
    vetoing = another(event)
    factories.WishFactory(organisation=vetoing, wanted_organisation=person.organisation, level=WishLevel.VETO)

    found = [
        Visitor(app, person.account).post(f"{page}/{code}", {"answer": "yes"}).status_code
        for code in (silent.code, vetoing.code, "nobody")
    ]

    assert found == [404, 404, 404]


def test_the_asker_sees_a_no_only_where_both_must_consent(app, event, person, page, asking):
    asker = factories.ParticipationFactory(organisation=asking)
    Visitor(app, person.account).post(f"{page}/{asking.code}", {"answer": "no"})
    private = words(Visitor(app, asker.account).get(f"{page}?lang=en"))

    change(event, asking=Asking.REQUESTS)
    Visitor(app, person.account).post(f"{page}/{asking.code}", {"answer": ""})
    Visitor(app, person.account).post(f"{page}/{asking.code}", {"answer": "no"})
    told = words(Visitor(app, asker.account).get(f"{page}?lang=en"))

    assert ("Awaiting reply" in private, "Declined" in private) == (True, False)
    assert "Declined" in told


def test_an_expired_request_says_so_and_how_to_go_on(app, event, person, page, asking):
    change(event, asking=Asking.REQUESTS, answer_days=1)

    shown = words(Visitor(app, person.account).get(f"{page}?lang=en"))
    answer = Visitor(app, person.account).post(f"{page}/{asking.code}?lang=en", {"answer": "yes"})

    assert ("Expired" in shown, "Yes, gladly" in shown) == (True, False)
    assert (answer.status_code, "You can ask for the meeting yourselves" in words(answer)) == (409, True)
    assert stored(person) == {}


def test_a_closed_phase_keeps_the_list_and_takes_no_answer(app, event, person, page, asking):
    change(event, phase=Phase.SCHEDULING)

    shown = words(Visitor(app, person.account).get(f"{page}?lang=en"))
    piece = Visitor(app, person.account).post(f"{page}/{asking.code}?lang=en", {"answer": "yes"}, headers=HTMX)

    assert ("To answer" in shown, "Yes, gladly" in shown) == (True, False)
    assert (piece.status_code, "not possible in the present phase" in words(piece)) == (422, True)


def test_a_request_is_withdrawn_once_and_again_without_harm(app, event, person, page):
    wanted = another(event)
    factories.WishFactory(organisation=person.organisation, wanted_organisation=wanted)

    answers = [Visitor(app, person.account).post(f"{page}/{wanted.code}/withdraw").status_code for _ in range(2)]

    assert (answers, stored(person)) == ([303, 303], {})


def test_the_place_of_a_declined_request_is_free_again_on_the_page_of_wishes(app, event, person):
    wanted, other = another(event), another(event)
    factories.WishFactory(organisation=person.organisation, wanted_organisation=wanted)
    factories.WishFactory(organisation=wanted, wanted_organisation=person.organisation, level=WishLevel.NO)
    visitor = Visitor(app, person.account)

    before = words(visitor.get(f"/e/{event.slug}/wishes?lang=en"))
    visitor.post(f"/e/{event.slug}/wishes/{other.code}", {f"wish-{other.code}": "like"}, headers=HTMX)

    assert "Like: 0 of 1" in before
    assert stored(person) == {wanted.id: WishLevel.LIKE, other.id: WishLevel.LIKE}


def test_an_answer_given_shows_in_the_directory_and_is_not_lost_there(app, event, person, asking):
    visitor = Visitor(app, person.account)
    visitor.post(f"/e/{event.slug}/requests/{asking.code}", {"answer": "yes"})

    shown = words(visitor.get(f"/e/{event.slug}/wishes?lang=en"))
    visitor.fill(f"/e/{event.slug}/wishes")

    assert "you said yes" in shown
    assert stored(person) == {asking.id: WishLevel.YES}


@pytest.mark.parametrize("level", ["yes", "no", "maybe"])
def test_the_directory_takes_no_answers(app, event, person, asking, level):
    path = f"/e/{event.slug}/wishes/{asking.code}"

    Visitor(app, person.account).post(path, {f"wish-{asking.code}": level}, headers=HTMX)

    assert stored(person) == {}


def test_the_first_page_counts_who_waits(app, event, person, page, asking):
    visitor = Visitor(app, person.account)
    path = f"/e/{event.slug}/?lang=en"

    before = words(visitor.get(path))
    visitor.post(f"{page}/{asking.code}", {"answer": "yes"})
    after = words(visitor.get(path))

    assert "1 asks for you: yes or no?" in before
    assert "Everybody who asks for you has your answer." in after


def test_nobody_is_told_of_requests_where_there_are_none(app, event, person):
    assert "Answer who asks for you" not in words(Visitor(app, person.account).get(f"/e/{event.slug}/?lang=en"))


def test_the_desk_answers_for_somebody_and_sees_no_veto(app, event, person, asking):
    desk = Visitor(app, member(event, Role.DESK))
    path = f"/o/{event.slug}/people/{person.code}/requests"

    piece = desk.post(f"{path}/{asking.code}?lang=en", {"answer": "no"}, headers=HTMX)
    later = words(desk.get(f"{path}?lang=en"))
    desk.post(f"{path}/{asking.code}", {"answer": ""})

    assert "Declined" in words(piece)
    assert "To answer" in later or "Yes, gladly" in later
    assert stored(person) == {asking.id: WishLevel.VETO}


def test_names_are_isolated_and_escaped(app, event, person, page):
    nasty = another(event, names={"fr": "<script>x</script> שלום", "ar": "<script>x</script>"})
    factories.WishFactory(organisation=nasty, wanted_organisation=person.organisation)

    html = Visitor(app, person.account).get(page).get_data(as_text=True)

    assert "<script>x" not in html
    assert re.search(r"<bdi>&lt;script&gt;x&lt;/script&gt;[^<]*</bdi>", html)
