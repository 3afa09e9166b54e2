"""The directory and its choices, by htmx and without a script; and that a veto shows to nobody."""

import re

import pytest

from matchmaker.domain.states import Phase, Role, WishLevel
from matchmaker.extensions import db
from matchmaker.models import Event, Wish
from tests import factories
from tests.web.desks import member
from tests.web.visitors import Visitor, agree, another, now, words  # noqa: F401 -- a fixture

HTMX = {"HX-Request": "true"}


@pytest.fixture
def event(app):
    return factories.EventFactory(must_quota=3, like_quota=1)


@pytest.fixture
def person(event):
    return factories.ParticipationFactory(
        organisation=factories.OrganisationFactory(event=event, offers=["machining"], needs=["machines"])
    )


@pytest.fixture
def page(event):
    return f"/e/{event.slug}/wishes"


def stored(person):
    return {
        wish.wanted_id: (wish.level, wish.rank)
        for wish in db.session.query(Wish).filter_by(organisation_id=person.organisation_id)
    }


def listed(response):
    return re.findall(r"<h2><bdi>([^<]*)</bdi></h2>", response.get_data(as_text=True))


def test_the_list_holds_others_that_are_listed_and_present(app, event, person, page):
    another(event, names={"fr": "Présente"})
    another(event, names={"fr": "Discrète"}, listed=False)
    another(factories.EventFactory(), names={"fr": "Ailleurs"})
    gone = factories.OrganisationFactory(event=event, names={"fr": "Partie"})
    factories.ParticipationFactory(organisation=gone, withdrawn=True)

    assert listed(Visitor(app, person.account).get(page)) == ["Présente"]


def test_suggestions_come_first_and_say_why(app, event, person, page):
    another(event, names={"fr": "A, sans rien"})
    another(event, names={"fr": "B, besoin"}, needs=["machining"])
    another(event, names={"fr": "C, les deux"}, offers=["machines"], needs=["machining"])

    answer = Visitor(app, person.account).get(f"{page}?lang=en")

    ours = "Machining and precision parts"
    assert listed(answer) == ["C, les deux", "B, besoin", "A, sans rien"]
    assert re.findall(r"Suggested because (they [^.]*\.)", words(answer)) == [
        f"they look for what you offer ({ours}) and offer what you look for (Machines and equipment).",
        f"they look for what you offer: {ours}.",
    ]


def test_a_person_is_named_only_if_they_agreed(app, event, person, page):
    for name, may_show in (("Fatima Visible", True), ("Karim Discret", False)):
        one = factories.ParticipationFactory(event=event, account=factories.AccountFactory(names={"fr": name}))
        if may_show:
            agree(one)

    shown = words(Visitor(app, person.account).get(page))

    assert "Fatima Visible" in shown
    assert "Karim Discret" not in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("words=tamount", ["Coopérative Tamount"]),
        ("words=COOPERATIVE", ["Coopérative Tamount"]),
        ("words=تعاونيه", ["Coopérative Tamount"]),
        ("words=fatima", ["Coopérative Tamount"]),
        ("words=argan", ["Coopérative Tamount"]),
        ("theme=terroir", ["Coopérative Tamount"]),
        ("language=en", ["Delta Froid"]),
        ("show=suggested", ["Delta Froid"]),
        ("show=chosen", ["Delta Froid"]),
        ("show=unanswered", ["Coopérative Tamount"]),
        ("show=nonsense&theme=", ["Delta Froid", "Coopérative Tamount"]),
        ("words=tamount&language=en", []),
    ],
)
def test_search_and_filters(app, person, page, query, found):
    event = db.session.get(Event, person.event_id)
    tamount = factories.OrganisationFactory(
        event=event, names={"fr": "Coopérative Tamount", "ar": "تعاونية تامونت"}, offers=["argan"]
    )
    fatima = factories.AccountFactory(names={"fr": "Fatima Aït Baha"})
    agree(factories.ParticipationFactory(organisation=tamount, account=fatima))
    delta = factories.OrganisationFactory(event=event, names={"fr": "Delta Froid"}, needs=["machining"])
    factories.ParticipationFactory(organisation=delta, languages=["en"])
    factories.WishFactory(organisation=person.organisation, wanted_organisation=delta)

    assert listed(Visitor(app, person.account).get(f"{page}?{query}")) == found


def test_the_pager_keeps_the_filters_and_ends_where_the_list_ends(app, event, person, page):
    for number in range(21):
        another(event, names={"fr": f"Société {number:02}"})
    visitor = Visitor(app, person.account)

    first = visitor.get(f"{page}?words=société&lang=en")
    second = visitor.get(f"{page}?words=société&page=2")

    assert (len(listed(first)), len(listed(second))) == (20, 1)
    assert "1 to 20 of 21" in words(first)
    assert "words=soci%C3%A9t%C3%A9" in first.get_data(as_text=True)
    assert listed(visitor.get(f"{page}?page=99")) == listed(second)


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_a_choice_is_kept_at_once_and_answered_with_row_and_list(app, event, person, page, lang):
    wanted = another(event)

    answer = Visitor(app, person.account).post(
        f"{page}/{wanted.code}?lang={lang}", {f"wish-{wanted.code}": "must"}, headers=HTMX
    )

    piece = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert stored(person) == {wanted.id: (WishLevel.MUST, 1)}
    assert re.findall(r'<div [^>]*id="([a-z]+)[^"]*"', piece) == ["choice", "mine", "bar"]
    assert 'value="must" checked' in piece


def test_a_choice_beyond_the_quota_is_refused_at_the_button(app, event, person, page):
    kept, refused = another(event), another(event)
    factories.WishFactory(organisation=person.organisation, wanted_organisation=kept)

    answer = Visitor(app, person.account).post(
        f"{page}/{refused.code}?lang=en", {f"wish-{refused.code}": "like"}, headers=HTMX
    )

    assert answer.status_code == 422
    assert "All 1 of these wishes are given. Withdraw one to free its place." in words(answer)
    assert 'value="like" checked' not in answer.get_data(as_text=True)
    assert stored(person) == {kept.id: (WishLevel.LIKE, None)}


def test_without_a_script_the_whole_page_is_kept_or_nothing(app, event, person, page):
    a, b, c = (another(event) for _ in range(3))
    visitor = Visitor(app, person.account)

    assert (
        visitor.post(page, {f"wish-{a.code}": "must", f"wish-{b.code}": "veto", f"wish-{c.code}": ""}).status_code
        == 303
    )
    refused = visitor.post(f"{page}?lang=en", {f"wish-{a.code}": "like", f"wish-{b.code}": "like"})

    assert refused.status_code == 409
    assert stored(person) == {a.id: (WishLevel.MUST, 1), b.id: (WishLevel.VETO, None)}


def test_musts_are_moved_by_buttons(app, event, person, page):
    a, b = another(event), another(event)
    visitor = Visitor(app, person.account)
    visitor.post(page, {f"wish-{a.code}": "must", f"wish-{b.code}": "must"})
    before = stored(person)

    plain = visitor.post(f"{page}/{a.code}/move", {"way": "down" if before[a.id][1] == 1 else "up"})
    piece = visitor.post(f"{page}/{a.code}/move", {"way": "up"}, headers=HTMX)

    assert plain.headers["Location"] == page
    assert piece.status_code == 200
    assert sorted(stored(person).values()) == [(WishLevel.MUST, 1), (WishLevel.MUST, 2)]


def test_a_stranger_s_code_does_not_exist(app, event, person, page):
    stranger = another(factories.EventFactory())
    visitor = Visitor(app, person.account)

    for code in (stranger.code, person.organisation.code, "nobody"):
        assert visitor.post(f"{page}/{code}", {f"wish-{code}": "like"}).status_code == 404
        assert visitor.post(page, {f"wish-{code}": "like"}).status_code == 404


@pytest.mark.parametrize("phase", [Phase.REGISTRATION, Phase.SCHEDULING])
def test_when_choosing_is_not_open_the_list_can_be_read_only(app, phase):
    event = factories.EventFactory(phase=phase)
    person, wanted = factories.ParticipationFactory(event=event), another(event)
    visitor, page = Visitor(app, person.account), f"/e/{event.slug}/wishes"

    answer = visitor.post(f"{page}/{wanted.code}", {f"wish-{wanted.code}": "like"}, headers=HTMX)

    assert 'type="radio"' not in visitor.get(page).get_data(as_text=True)
    assert answer.status_code == 422
    assert stored(person) == {}


def test_the_desk_chooses_for_somebody_after_the_deadline(app):
    event = factories.EventFactory(phase=Phase.SCHEDULING)
    person, wanted = factories.ParticipationFactory(event=event), another(event)
    desk = Visitor(app, member(event, Role.DESK))
    page = f"/o/{event.slug}/people/{person.code}/wishes"

    answer = desk.post(f"{page}/{wanted.code}", {f"wish-{wanted.code}": "must"}, headers=HTMX)

    assert answer.status_code == 200
    assert f'hx-post="{page}/{wanted.code}"' in answer.get_data(as_text=True)
    assert stored(person) == {wanted.id: (WishLevel.MUST, 1)}


def test_nothing_that_the_asker_sees_depends_on_a_veto(app, event, person, page):
    wanted = another(event, needs=["machining"])
    factories.WishFactory(organisation=person.organisation, wanted_organisation=wanted, level=WishLevel.MUST)
    pages = [page, f"{page}?show=suggested", f"/e/{event.slug}/", f"/e/{event.slug}/times"]
    visitor = Visitor(app, person.account)
    choose = (f"{page}/{wanted.code}", {f"wish-{wanted.code}": "must"})

    without = [visitor.get(one).get_data() for one in pages], visitor.post(*choose, headers=HTMX).get_data()
    factories.WishFactory(organisation=wanted, wanted_organisation=person.organisation, level=WishLevel.VETO)
    vetoed = [visitor.get(one).get_data() for one in pages], visitor.post(*choose, headers=HTMX).get_data()

    assert db.session.query(Wish).filter_by(level=WishLevel.VETO).count() == 1
    assert vetoed == without


def test_a_veto_is_in_no_list_of_one_s_own_wishes_but_at_its_row(app, event, person, page):
    wanted = another(event, names={"fr": "Écartée"})
    factories.WishFactory(organisation=person.organisation, wanted_organisation=wanted, level=WishLevel.VETO)

    html = Visitor(app, person.account).get(page).get_data(as_text=True)

    assert 'value="veto" checked' in html
    assert "Écartée" not in html.partition('id="mine"')[2]


@pytest.mark.parametrize("role", [Role.DESK, Role.ORGANISER])
def test_staff_who_write_for_somebody_see_no_veto_and_take_none_back(app, event, person, role):
    wanted, other = another(event), another(event)
    page = f"/o/{event.slug}/people/{person.code}/wishes"
    staff = Visitor(app, member(event, role))
    shows = ("all", "unanswered", "chosen")

    without = [staff.get(f"{page}?show={show}").get_data() for show in shows]
    factories.WishFactory(organisation=person.organisation, wanted_organisation=wanted, level=WishLevel.VETO)
    vetoed = [staff.get(f"{page}?show={show}").get_data() for show in shows]
    saved = staff.post(page, {f"wish-{wanted.code}": "", f"wish-{other.code}": "like"})
    staff.post(f"{page}/{wanted.code}", {f"wish-{wanted.code}": ""}, headers=HTMX)

    assert vetoed == without
    assert saved.status_code == 303
    assert stored(person) == {wanted.id: (WishLevel.VETO, None), other.id: (WishLevel.LIKE, None)}


def test_staff_see_the_veto_that_they_give_and_may_overrule_one(app, event, person):
    wanted = another(event)
    page = f"/o/{event.slug}/people/{person.code}/wishes"
    desk = Visitor(app, member(event, Role.DESK))

    given = desk.post(f"{page}/{wanted.code}", {f"wish-{wanted.code}": "veto"}, headers=HTMX).get_data(as_text=True)
    assert 'value="veto" checked' in given
    assert stored(person) == {wanted.id: (WishLevel.VETO, None)}

    desk.post(f"{page}/{wanted.code}", {f"wish-{wanted.code}": "must"}, headers=HTMX)
    assert stored(person) == {wanted.id: (WishLevel.MUST, 1)}


def test_the_owner_sees_vetoes_and_takes_them_back(app, event, person):
    wanted = another(event)
    factories.WishFactory(organisation=person.organisation, wanted_organisation=wanted, level=WishLevel.VETO)
    page = f"/o/{event.slug}/people/{person.code}/wishes"
    owner = Visitor(app, member(event, Role.OWNER))

    assert 'value="veto" checked' in owner.get(page).get_data(as_text=True)
    owner.post(page, {f"wish-{wanted.code}": ""})
    assert stored(person) == {}
