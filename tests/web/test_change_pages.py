"""Changing a published meeting: signed in and by link, and how organisers settle what was asked."""

from __future__ import annotations

import re

import pytest

from matchmaker.domain.links import Purpose
from matchmaker.domain.states import ChangeState, MeetingState, Phase, Role
from matchmaker.extensions import db
from matchmaker.models import ChangeRequest, Event, LogEntry, Mail, Participation, PublishedMeeting, Request
from matchmaker.queries import links
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.published import a_day, at, meeting, publish
from tests.web.desks import member, queries
from tests.web.visitors import Visitor, now, words  # noqa: F401 -- a fixture

LOCALES = ("ar", "fr", "en")


@pytest.fixture
def day(app):
    day = a_day(2, phase=Phase.PROVISIONAL)
    publish(day, meeting(0), meeting(1, "09:25", "09:45"))
    return day


@pytest.fixture
def colleague(day):
    account = factories.AccountFactory(names={"fr": "Karim Collègue"})
    return factories.ParticipationFactory(organisation=day.reader.organisation, account=account)


def code(number=0):
    return db.session.scalars(db.select(Request.code).order_by(Request.id)).all()[number]


def own(day, number=0):
    return f"/e/{day.event.slug}/meetings/{code(number)}/change"


def by_link(day, person=None, number=0):
    return f"/a/{links.token(person or day.reader, Purpose.AGENDA)}/meetings/{code(number)}/change"


def change(kind, id_, **fields):
    with unit_of_work() as session:
        row = session.get_one(kind, id_)
        for name, value in fields.items():
            setattr(row, name, value)


def stored(kind=ChangeRequest):
    db.session.rollback()
    return db.session.scalars(db.select(kind).order_by(kind.id)).all()


def attendees():
    return [seat.participation_id for seat in stored(PublishedMeeting)[0].attendances]


WAYS = pytest.mark.parametrize("way", ["signed in", "by link"])


def opened(app, day, way):
    """Return a visitor, the page's address and that of the agenda."""
    if way == "signed in":
        return Visitor(app, day.reader.account), own(day), f"/e/{day.event.slug}/agenda"
    return Visitor(app), by_link(day), f"/a/{links.token(day.reader, Purpose.AGENDA)}"


@WAYS
def test_each_meeting_to_come_leads_to_its_page(app, day, way):
    visitor, page, agenda = opened(app, day, way)

    shown = visitor.get(agenda).get_data(as_text=True)

    assert (page in shown, page.replace(code(0), code(1)) in shown) == (True, True)
    assert visitor.get(page).status_code == 200


def test_only_what_is_to_come_and_stands_can_be_changed(app, day, time_machine):
    change(PublishedMeeting, stored(PublishedMeeting)[1].id, state=MeetingState.CANCELLED)
    time_machine.move_to("2026-03-10T09:00:00+00:00")

    shown = Visitor(app, day.reader.account).get(f"/e/{day.event.slug}/agenda").get_data(as_text=True)

    assert "/change" not in shown
    for number in (0, 1):
        page = words(Visitor(app, day.reader.account).get(f"{own(day, number)}?lang=en"))
        assert "This meeting cannot be changed here any more" in page
        assert "Hand it to a colleague" not in page


def test_the_link_to_forward_leads_nowhere(app, day):
    read_only = links.token(day.reader, Purpose.READ_ONLY)

    page = Visitor(app).get(f"/r/{read_only}").get_data(as_text=True)

    assert "/meetings/" not in page
    assert Visitor(app).get(f"/a/{read_only}/meetings/{code()}/change").status_code == 404


@WAYS
def test_a_colleague_comes_instead(app, day, colleague, way):
    visitor, page, agenda = opened(app, day, way)

    answer = visitor.post(page, {"choice": "hand", "hand-takes": colleague.code})

    assert answer.headers["Location"] == agenda
    assert attendees() == [colleague.id, day.others[0].id]
    assert [entry.actor_id for entry in stored(LogEntry)] == [day.reader.account_id] * 2
    assert "Karim Collègue" in words(Visitor(app, day.others[0].account).get(f"/e/{day.event.slug}/agenda"))


@WAYS
def test_one_more_colleague_comes(app, day, colleague, way):
    visitor, page, agenda = opened(app, day, way)

    assert visitor.post(page, {"choice": "add", "add-takes": colleague.code}).headers["Location"] == agenda

    assert sorted(attendees()) == sorted([day.reader.id, colleague.id, day.others[0].id])


@pytest.mark.parametrize("locale", LOCALES)
def test_who_is_not_free_is_not_on_offer_and_is_refused_in_a_sentence(app, day, colleague, locale):
    factories.UnavailabilityFactory(participation=colleague, in_slot=day.event.slots[0])
    visitor = Visitor(app, day.reader.account)

    offered = visitor.get(f"{own(day)}?lang={locale}").get_data(as_text=True)
    answer = visitor.post(own(day), {"choice": "hand", "hand-takes": colleague.code})

    none = {"ar": "لا يوجد زميل متفرغ", "fr": "Aucun collègue", "en": "No colleague of your organisation is free"}
    assert (none[locale] in offered, colleague.code in offered) == (True, False)
    assert answer.status_code == 409
    assert attendees() == [day.reader.id, day.others[0].id]


def test_strange_choices_change_nothing(app, day, colleague):
    visitor, page = Visitor(app, day.reader.account), own(day)

    answers = [
        visitor.post(page, data).status_code
        for data in (
            {},
            {"choice": "fly"},
            {"choice": "hand", "hand-takes": ""},
            {"choice": "hand", "hand-takes": day.others[0].code},
            {"choice": "cannot", "cannot-words": "a" * 301},
        )
    ]

    assert answers == [422, 422, 422, 404, 422]
    assert (attendees(), stored(), stored(LogEntry)) == ([day.reader.id, day.others[0].id], [], [])


@WAYS
@pytest.mark.parametrize("locale", LOCALES)
def test_asked_the_agenda_says_so_and_the_other_side_does_not(app, day, way, locale):
    visitor, page, agenda = opened(app, day, way)
    theirs = f"/a/{links.token(day.others[0], Purpose.AGENDA)}?lang={locale}"
    before = Visitor(app).get(theirs).get_data(as_text=True)

    visitor.post(page, {"choice": "cannot", "cannot-words": "Mon train arrive à 10 h."})
    visitor.post(page, {"choice": "cancel", "cancel-words": "Non", "cancel-withdraw": "y"})

    said = {"ar": "طلبتم تغييرا", "fr": "Vous avez demandé un changement", "en": "You asked for a change"}[locale]
    assert [(one.kind, one.words, one.withdraw) for one in stored()] == [("cancel", "Non", True)]
    assert words(visitor.get(f"{agenda}?lang={locale}")).count(said) == 1
    assert said in words(visitor.get(f"{page}?lang={locale}"))
    assert Visitor(app).get(theirs).get_data(as_text=True) == before


@WAYS
def test_what_is_open_can_be_taken_back(app, day, way):
    visitor, page, _agenda = opened(app, day, way)
    visitor.post(page, {"choice": "cannot"})

    answer = visitor.post(page, {"choice": "take_back"})

    assert answer.headers["Location"] == page
    assert [one.state for one in stored()] == [ChangeState.TAKEN_BACK]
    assert visitor.post(page, {"choice": "take_back"}).status_code == 409


def test_colleagues_take_meetings_from_each_other(app, day, colleague):
    visitor = Visitor(app, colleague.account)
    listed = visitor.get(f"/e/{day.event.slug}/agenda/colleagues").get_data(as_text=True)
    page = words(visitor.get(f"{own(day)}?lang=en"))

    answer = visitor.post(own(day), {"choice": "hand", "hand-takes": colleague.code})

    assert own(day) in listed
    assert ("Hand it to a colleague" in page, "I cannot at this time" in page) == (True, False)
    assert answer.headers["Location"] == f"/e/{day.event.slug}/agenda/colleagues"
    assert attendees() == [colleague.id, day.others[0].id]


def test_where_two_attend_the_colleague_says_in_whose_place(app, day, colleague):
    third = factories.ParticipationFactory(organisation=day.reader.organisation)
    Visitor(app, day.reader.account).post(own(day), {"choice": "add", "add-takes": colleague.code})
    visitor, hand = Visitor(app, third.account), {"choice": "hand", "hand-takes": third.code}

    unsaid = visitor.post(own(day), hand)
    visitor.post(own(day), hand | {"hand-gives": colleague.code})

    assert unsaid.status_code == 422
    assert sorted(attendees()) == sorted([day.reader.id, third.id, day.others[0].id])


def test_strangers_find_nothing(app, day, colleague):
    stranger = factories.ParticipationFactory(event=day.event)
    paths = [own(day), own(day).replace(code(), "nothing")]

    assert [Visitor(app, stranger.account).get(path).status_code for path in paths] == [404, 404]
    assert Visitor(app).get(by_link(day, stranger)).status_code == 404
    assert Visitor(app).get(by_link(day, colleague)).status_code == 404


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ((Phase.PROVISIONAL, "18:00"), {"ar": "إلى غاية", "fr": "jusqu’au", "en": "into the final agenda until"}),
        ((Phase.PROVISIONAL, "09:00"), {"ar": "انتهى أجل", "fr": "étaient reçues", "en": "Comments closed on"}),
        ((Phase.FINAL, "18:00"), {"ar": "برنامج اللقاءات نهائي", "fr": "est définitif", "en": "The agenda is final"}),
    ],
)
def test_the_comment_window_is_told_in_a_sentence(app, day, locale, moment, told):
    phase, closes = moment
    change(Event, day.event.id, phase=phase, comments_close_at=at(factories.date(2026, 3, 2), closes))

    page = words(Visitor(app, day.reader.account).get(f"{own(day)}?lang={locale}"))

    assert told[locale] in page
    assert {"ar": "طلب الإلغاء", "fr": "Demander l’annulation", "en": "Ask to cancel it"}[locale] in page


def test_the_organiser_says_until_when_people_comment(app, day):
    organiser = Visitor(app, member(day.event, Role.ORGANISER))

    organiser.fill(f"/o/{day.event.slug}/frame", comments_close_at="2026-03-08T18:00")

    assert stored(Event)[0].comments_close_at == at(factories.date(2026, 3, 8), "18:00")


# ── the organiser ───────────────────────────────────────────────────────────


@pytest.fixture
def desk(app, day):
    return Visitor(app, member(day.event, Role.DESK))


def asked(app, day, **words_of):
    Visitor(app, day.reader.account).post(own(day), {"choice": "cancel", **words_of})
    return stored()[-1].id


@pytest.mark.parametrize("locale", LOCALES)
def test_the_list_says_who_wants_what_of_which_meeting(app, day, desk, locale):
    asked(app, day, **{"cancel-words": "Déjà un fournisseur"})

    page = words(desk.get(f"/o/{day.event.slug}/changes?lang={locale}"))

    names = day.reader.account.names, day.others[0].organisation.names
    expected = [texts.get(locale, texts["fr"]) for texts in names]
    assert [text in page for text in (*expected, "Déjà un fournisseur", "09:00")] == [True] * 4


def settle(desk, day, id_, act, answer=""):
    return desk.post(f"/o/{day.event.slug}/changes/{id_}", {"act": act, f"change{id_}-answer": answer})


@pytest.mark.parametrize(("act", "state"), [("settle", ChangeState.DONE), ("refuse", ChangeState.REFUSED)])
def test_the_sentence_back_stands_on_the_askers_page(app, day, desk, act, state):
    id_ = asked(app, day)

    settle(desk, day, id_, act, "Voyez l’accueil à 9 h.")

    assert [one.state for one in stored()] == [state]
    assert "Voyez l’accueil à 9 h." in words(Visitor(app, day.reader.account).get(own(day)))


def test_the_desk_cancels_the_meeting_at_once(app, day, desk):
    id_ = asked(app, day)

    settle(desk, day, id_, "cancel")
    again = desk.get(settle(desk, day, id_, "cancel").headers["Location"])

    row = stored(PublishedMeeting)[0]
    assert (row.state, row.sequence) == (MeetingState.CANCELLED, 1)
    assert len(stored(Mail)) == 2
    assert "réglé" in words(again) or "settled this already" in words(again)


def test_the_overview_counts_what_is_open(app, day, desk):
    overview = f"/o/{day.event.slug}/?lang=en"
    before = words(desk.get(overview))
    asked(app, day)

    assert "is asked for: see Changes" not in before
    assert "1 change of a meeting is asked for: see Changes" in words(desk.get(overview))


def test_the_desk_swaps_for_somebody(app, day, desk, colleague):
    page = f"/o/{day.event.slug}/people/{day.reader.code}/meetings/{code()}"

    desk.post(page, {"choice": "hand", "hand-takes": colleague.code})

    assert attendees() == [colleague.id, day.others[0].id]
    assert {entry.actor_id for entry in stored(LogEntry)} != {day.reader.account_id}


# ── what pages cost ─────────────────────────────────────────────────────────


def cost(visitor, path):
    with queries() as seen:
        assert visitor.get(path).status_code == 200
    return len(seen)


def test_the_number_of_queries_does_not_grow(app, day, desk):
    costs = []
    for number in (0, 1):
        for _ in range(3 * number):
            factories.ParticipationFactory(organisation=day.reader.organisation)
        Visitor(app, day.reader.account).post(own(day, number), {"choice": "cannot"})
        paths = [f"/e/{day.event.slug}/agenda", own(day), f"/e/{day.event.slug}/agenda/colleagues"]
        mine = Visitor(app, day.reader.account)
        costs.append([*(cost(mine, path) for path in paths), cost(desk, f"/o/{day.event.slug}/changes")])

    assert costs[0] == costs[1]


def test_the_agenda_stays_light(app):
    day = a_day(12, phase=Phase.FINAL)
    times = [(f"{9 + i // 2:02}:{30 * (i % 2):02}", f"{9 + i // 2:02}:{30 * (i % 2) + 20:02}") for i in range(12)]
    publish(day, *(meeting(i, *times[i]) for i in range(12)))

    page = Visitor(app).get(f"/a/{links.token(day.reader, Purpose.AGENDA)}?lang=ar").data

    assert len(re.findall(rb"/meetings/", page)) == 12
    assert len(page) < 30_000


def test_of_a_person_who_withdrew_nothing_can_be_changed(app, day):
    change(Participation, day.reader.id, withdrawn=True)

    assert Visitor(app).get(by_link(day)).status_code == 404
