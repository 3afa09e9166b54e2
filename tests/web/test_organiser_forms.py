"""What the organisers' forms keep, what they say at a field, and two people who write at once."""

import pytest
from wtforms import Form, SelectField
from wtforms.widgets import Select

from matchmaker.domain.states import Phase, Role, WishLevel
from matchmaker.extensions import db
from matchmaker.models import (
    Event,
    EventSession,
    Location,
    Mail,
    ParticipantType,
    Participation,
    Request,
    SessionSeat,
    Walk,
    Zone,
)
from matchmaker.services import events
from matchmaker.web.forms import parts
from tests import factories
from tests.web.desks import LOCALES, crowd, form_of, sign_in, staff
from tests.web.test_organiser_pages import send


@pytest.fixture
def event(app):
    return factories.EventFactory()


@pytest.fixture
def organiser(app, event):
    return staff(app, event)


def stored(kind, **where):
    db.session.rollback()
    return db.session.query(kind).filter_by(**where).one()


def count(kind, **where):
    db.session.rollback()
    return db.session.query(kind).filter_by(**where).count()


def text(answer):
    return answer.get_data(as_text=True)


# ── the frame ───────────────────────────────────────────────────────────────


def test_new_event_is_made_with_its_slots(app):
    client = sign_in(app.test_client(), factories.AccountFactory(login="nadia"))
    written = form_of(client, "/o/new") | {
        "names-fr": "Forum de l’essai", "slug": "essai", "days-0-day": "2026-07-03", "days-0-start": "09:00",
        "days-0-end": "12:00", "breaks-0-kind": "coffee", "breaks-0-start": "10:00", "breaks-0-end": "10:30",
    }  # fmt: skip

    answer = client.post("/o/new", data=written)

    assert (answer.status_code, answer.location) == (303, "/o/essai/known")
    assert [f"{slot.start:%H:%M}" for slot in stored(Event).slots] == ["09:00", "09:25", "10:30", "10:55", "11:20"]
    assert client.get("/o/essai/").status_code == 200


@pytest.mark.parametrize(("usual", "slots", "tables"), [("meetings", 26, 12), ("audiences", 18, 4), ("fair", 44, 8)])
def test_new_event_starts_from_a_format_and_counts_its_places_at_once(app, usual, slots, tables):
    client = sign_in(app.test_client(), factories.AccountFactory(login="nadia"))
    address = f"/o/new?format={usual}"

    counted = client.get(address)
    asked = form_of(client, address) | {"more": "1", "tables": "10", "days-0-end": "nonsense"}
    again = client.post(address, data=asked)

    assert f"{slots} créneaux × {tables} tables = {slots * tables} places" in text(counted)
    assert "× 10 tables = " in text(again)
    assert count(Event) == 0


def test_new_event_has_a_hall_and_only_the_days_that_have_a_date(app):
    client = sign_in(app.test_client(), factories.AccountFactory(login="nadia"))
    written = form_of(client, "/o/new") | {"names-fr": "Forum", "slug": "essai", "days-1-day": "2026-07-03"}

    counted = client.post("/o/new", data=written | {"more": "1"})
    assert client.post("/o/new", data=written).status_code == 303

    assert "13 créneaux × 12 tables" in text(counted)
    assert len(stored(Event).slots) == 13
    assert [day.day.isoformat() for day in stored(Event).days] == ["2026-07-03"]
    assert stored(Location).capacity == 12


def test_frame_sent_back_as_it_was_changes_nothing(event, organiser):
    before = {slot.id for slot in event.slots}
    address = f"/o/{event.slug}/frame"

    assert organiser.post(address, data=form_of(organiser, address)).status_code == 303

    found = stored(Event)
    assert ({slot.id for slot in found.slots}, found.revision) == (before, 2)
    assert [(pause.kind, pause.titles["fr"]) for pause in found.breaks] == [("coffee", "Pause-café")]


def test_frame_takes_an_emptied_break_away_and_says_the_places(event, organiser):
    factories.LocationFactory(event=event, capacity=12)
    address = f"/o/{event.slug}/frame"
    written = form_of(organiser, address) | {"breaks-0-start": "", "breaks-0-end": ""}

    answer = organiser.post(address, data=written, follow_redirects=True)

    assert stored(Event).breaks == []
    assert "7 créneaux × 12 tables = 84 places" in text(answer).replace("\u00a0", " ")


def test_more_rows_saves_nothing_and_keeps_what_was_typed(event, organiser):
    address = f"/o/{event.slug}/frame"
    written = form_of(organiser, address) | {
        "days-1-day": "2026-03-11", "days-1-start": "09:00", "days-1-end": "12:00", "more": "1",
    }  # fmt: skip

    answer = organiser.post(address, data=written)

    page = text(answer)
    assert (answer.status_code, stored(Event).revision) == (200, 1)
    assert 'value="2026-03-11"' in page
    assert 'name="days-2-day"' in page


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"days-0-end": "08:00"}, "La fin doit venir après le début."),
        ({"days-0-start": ""}, "Ceci manque."),
        ({"zone": "Africa/Jorf"}, "Ce fuseau horaire n’existe pas."),
        ({"accent": "own", "own_accent": "rose"}, "Choisissez une des encres"),
        ({"names-ar": "", "names-fr": "", "names-en": ""}, "Écrivez le nom dans au moins une langue."),
        ({"breaks-0-day": "2026-03-12"}, "Une pause tombe à une date"),
    ],
)
def test_frame_says_at_the_field_what_is_wrong_and_keeps_what_was_typed(event, organiser, written, words):
    address = f"/o/{event.slug}/frame"
    data = form_of(organiser, address) | {"controller": "Chambre de l’essai"} | written

    answer = organiser.post(address, data=data)

    assert answer.status_code == 422
    assert words in text(answer)
    assert "Chambre de l’essai" in text(answer)
    assert stored(Event).revision == 1


@pytest.mark.parametrize("locale", LOCALES)
def test_second_of_two_editors_sees_the_difference_and_may_save_on_top(app, event, locale, now):
    first, second = staff(app, event), staff(app, event)
    address = f"/o/{event.slug}/frame"
    seen_by_second = form_of(second, f"{address}?lang={locale}")
    first.post(address, data=form_of(first, address) | {"must_quota": "3"})

    answer = second.post(address, data=seen_by_second | {"must_quota": "8"})

    assert (answer.status_code, stored(Event).must_quota) == (409, 3)
    assert "<bdi>3</bdi></td><td><bdi>8</bdi>" in text(answer)
    again = seen_by_second | {"must_quota": "8", "revision": "2"}
    assert (second.post(address, data=again).status_code, stored(Event).must_quota) == (303, 8)


@pytest.mark.parametrize("locale", LOCALES)
def test_difference_of_days_is_told_in_words(app, event, locale):
    first, second = staff(app, event), staff(app, event)
    address = f"/o/{event.slug}/frame"
    seen_by_second = form_of(second, f"{address}?lang={locale}")
    first.post(address, data=form_of(first, address) | {"days-0-end": "13:00"})

    answer = second.post(address, data=seen_by_second | {"wishes_close_at": "2026-03-05T12:00"})

    assert answer.status_code == 409
    assert '<bdi dir="ltr">13:00</bdi>' in text(answer)


def test_slot_in_use_comes_back_above_the_form(event, organiser):
    factories.UnavailabilityFactory(participation=factories.ParticipationFactory(event=event), in_slot=event.slots[-1])
    address = f"/o/{event.slug}/frame"

    answer = organiser.post(address, data=form_of(organiser, address) | {"days-0-end": "10:00"})

    assert answer.status_code == 409
    assert len(stored(Event).slots) == 6


def test_phase_is_set_from_the_overview(event, organiser):
    organiser.post(f"/o/{event.slug}/phase", data={"phase": "final"})

    assert stored(Event).phase is Phase.FINAL


def test_pale_colour_is_kept_and_said_to_be_shown_darker(event, organiser):
    address = f"/o/{event.slug}/frame"
    organiser.post(address, data=form_of(organiser, address) | {"accent": "own", "own_accent": "#ffd700"})

    assert stored(Event).accent == "#ffd700"
    assert "trop pâle" in text(organiser.get(address))


# ── places, sessions, types ─────────────────────────────────────────────────


def test_place_zone_and_walk_are_kept(event, organiser):
    root = f"/o/{event.slug}/places"
    for code in "AB":
        organiser.post(f"{root}/zones", data={"code": code, "names-fr": f"Espace {code}"})
    one, other = (stored(Zone, code=code).id for code in "AB")
    organiser.post(f"{root}/walks", data={"walk-one": other, "walk-other": one, "walk-minutes": "4"})
    organiser.post(
        f"{root}/new",
        data=form_of(organiser, f"{root}/new")
        | {"names-fr": "Hall", "code": "H", "capacity": "9", "zone_id": str(one), "features": "calme، écran"},
    )

    assert stored(Walk).minutes == 4
    hall = stored(Location)
    assert (hall.capacity, hall.zone_id, hall.features) == (9, one, ["calme", "écran"])


def test_walk_to_itself_is_refused_at_the_field(event, organiser):
    zone = factories.ZoneFactory(event=event)
    factories.ZoneFactory(event=event)

    answer = organiser.post(
        f"/o/{event.slug}/places/walks", data={"walk-one": zone.id, "walk-other": zone.id, "walk-minutes": "4"}
    )

    assert (answer.status_code, count(Walk)) == (422, 0)


def test_place_in_use_is_not_removed_and_says_so(event, organiser):
    hall = factories.LocationFactory(event=event)
    factories.ParticipationFactory(event=event, location_id=hall.id)

    answer = organiser.post(f"/o/{event.slug}/places/{hall.id}/remove", follow_redirects=True)

    assert 'role="alert"' in text(answer)
    assert count(Location) == 1


def test_second_editor_of_a_place_sees_the_difference(app, event):
    hall = factories.LocationFactory(event=event)
    first, second = staff(app, event), staff(app, event)
    address = f"/o/{event.slug}/places/{hall.id}"
    seen = form_of(second, address)
    first.post(address, data=form_of(first, address) | {"capacity": "20"})

    answer = second.post(address, data=seen | {"capacity": "6"})

    assert (answer.status_code, stored(Location).capacity) == (409, 20)
    assert "<bdi>20</bdi></td><td><bdi>6</bdi>" in text(answer)


def test_session_and_its_people_are_kept(event, organiser):
    person = factories.ParticipationFactory(event=event)
    root = f"/o/{event.slug}/sessions"
    written = form_of(organiser, f"{root}/new") | {
        "titles-fr": "Conseil", "start": "09:00", "end": "10:00", "closed": "y", "capacity": "5",
    }  # fmt: skip

    organiser.post(f"{root}/new", data=written)
    row = stored(EventSession)
    organiser.post(f"{root}/{row.id}/people", data={"people": [person.id], "speakers": [person.id]})

    seat = stored(SessionSeat)
    assert (row.titles, row.closed, row.capacity) == ({"fr": "Conseil"}, True, 5)
    assert (seat.participation_id, seat.speaks) == (person.id, True)


def test_type_is_kept_changed_and_removed(event, organiser):
    root = f"/o/{event.slug}/types"
    written = form_of(organiser, f"{root}/new") | {"names-fr": "Acheteur", "code": "buyer", "silence": "refuses"}
    organiser.post(f"{root}/new", data=written)
    row = stored(ParticipantType)
    address = f"{root}/{row.id}"

    organiser.post(address, data=form_of(organiser, address) | {"max_meetings": "8", "min_meetings": "2"})

    changed = stored(ParticipantType)
    assert (changed.max_meetings, changed.min_meetings, changed.silence.value) == (8, 2, "refuses")
    organiser.post(f"{address}/remove")
    assert count(ParticipantType) == 0


# ── people, wishes, messages, team ──────────────────────────────────────────


@pytest.mark.parametrize("search", ["béné", "BENE", "إدريس", "ادريس"])
def test_people_are_found_without_accents_and_forms_of_alef(event, organiser, search):
    names = {"fr": "Bénédicte Idrissi", "ar": "بنديكت إدريس"}
    wanted = factories.ParticipationFactory(event=event, account=factories.AccountFactory(names=names))
    other = factories.ParticipationFactory(event=event)

    page = text(organiser.get(f"/o/{event.slug}/people", query_string={"q": search}))

    assert (f"/people/{wanted.code}" in page, f"/people/{other.code}" in page) == (True, False)


def test_people_are_narrowed_to_what_is_missing(event, organiser):
    asked, silent = crowd(event, 2)[::-1]
    without = factories.ParticipationFactory(event=event, account=factories.AccountFactory(email=None))
    everybody = {asked.code, silent.code, without.code}

    def shown(only):
        page = text(organiser.get(f"/o/{event.slug}/people?only={only}"))
        return {code for code in everybody if f"/people/{code}" in page}

    assert shown("all") == everybody
    assert shown("silent") == {silent.code, without.code}
    assert shown("no_mail") == {without.code}
    assert shown("withdrawn") == set()


def test_an_organisation_that_only_vetoed_counts_as_silent(event, organiser):
    asked, shy = crowd(event, 2)[::-1]
    factories.WishFactory(organisation=shy.organisation, wanted_organisation=asked.organisation, level=WishLevel.VETO)

    page = text(organiser.get(f"/o/{event.slug}/people?only=silent"))

    assert f"/people/{shy.code}" in page


def test_limits_of_a_person_are_kept_and_a_late_editor_told(app, event):
    person = factories.ParticipationFactory(event=event)
    first, second = staff(app, event), staff(app, event)
    address = f"/o/{event.slug}/people/{person.code}/limits"
    limits = {"limits-revision": "1", "limits-parallel": "1", "limits-location_id": "0", "limits-represents": "y"}

    assert first.post(address, data=limits | {"limits-max_meetings": "6"}).status_code == 303
    answer = second.post(address, data=limits | {"limits-max_meetings": "9"})

    assert (answer.status_code, stored(Participation).max_meetings) == (409, 6)
    assert "<bdi>6</bdi></td><td><bdi>9</bdi>" in text(answer)


def test_new_link_revokes_the_old_one(event, organiser):
    person = factories.ParticipationFactory(event=event)
    address = f"/o/{event.slug}/people/{person.code}"
    before = text(organiser.get(address))

    organiser.post(f"{address}/link")

    assert stored(Participation).link_generation == 1
    assert before.count("/a/") >= 1
    assert text(organiser.get(address)).split("/a/")[1][:40] != before.split("/a/")[1][:40]


def test_link_is_drawn_for_the_desk_and_for_no_reader(app, event):
    person = factories.ParticipationFactory(event=event)
    address = f"/o/{event.slug}/people/{person.code}/qr.svg"

    drawn = staff(app, event, Role.DESK).get(address)

    assert (drawn.status_code, drawn.mimetype, b"<path" in drawn.data) == (200, "image/svg+xml", True)
    assert staff(app, event, Role.VIEWER).get(address).status_code == 404


def test_reader_sees_no_personal_link(app, event):
    person = factories.ParticipationFactory(event=event)

    page = text(staff(app, event, Role.VIEWER).get(f"/o/{event.slug}/people/{person.code}"))

    assert "/a/" not in page


def main_of(answer):
    return text(answer).split("<main")[1]


def test_hosting_and_a_window_are_kept(event, organiser):
    person = factories.ParticipationFactory(event=event)
    address = f"/o/{event.slug}/people/{person.code}"
    data = {"hosting-revision": "1", "hosting-type_id": "0", "hosting-is_host": "y", "hosting-meeting_slots": "2"}
    organiser.post(f"{address}/hosting", data=data)
    topic = text(organiser.get(address)).split('name="window-topic"')[1].split('value="')[1].split('"')[0]

    window = {"window-slot_id": event.slots[0].id, "window-topic": topic}
    organiser.post(f"{address}/window", data=window)
    assert "<ul><li>" in main_of(organiser.get(address))

    organiser.post(f"{address}/window", data=window)
    assert "<ul><li>" not in main_of(organiser.get(address))


def test_withdrawn_and_readmitted(event, organiser):
    person = factories.ParticipationFactory(event=event)
    address = f"/o/{event.slug}/people/{person.code}"

    organiser.post(f"{address}/withdraw")
    assert stored(Participation).withdrawn is True
    organiser.post(f"{address}/readmit")
    assert stored(Participation).withdrawn is False


def test_priority_asks_for_a_reason_and_is_taken_back(event, organiser):
    host = factories.OrganisationFactory(event=event)
    for asker in factories.OrganisationFactory.create_batch(20, event=event):
        factories.WishFactory(organisation=asker, wanted_organisation=host)
    pair = {"one": host.code, "other": asker.code}
    address = f"/o/{event.slug}/wishes/priority"

    assert organiser.post(address, data=pair | {"reason": ""}).status_code == 422
    assert organiser.post(address, data=pair | {"reason": "partenaire"}).status_code == 303
    assert stored(Request, priority=True).priority_reason == "partenaire"
    organiser.post(f"{address}/remove", data=pair)
    assert count(Request, priority=True) == 0


@pytest.mark.parametrize(("act", "state"), [("again", "queued"), ("arrived", "sent")])
def test_held_message_is_decided(event, organiser, act, state):
    send(event, factories.ParticipationFactory(event=event), ["held"])

    organiser.post(f"/o/{event.slug}/messages/{stored(Mail).id}/{act}")

    assert stored(Mail).state.value == state


def test_message_of_another_event_is_not_found(event, organiser):
    other = factories.EventFactory()
    send(other, factories.ParticipationFactory(event=other), ["held"])

    answer = organiser.post(f"/o/{event.slug}/messages/{stored(Mail).id}/again")

    assert (answer.status_code, stored(Mail).state.value) == (404, "held")


def test_owner_gives_a_role_and_the_last_owner_stays(app, event):
    owner = factories.MembershipFactory(event=event, role=Role.OWNER).account
    factories.AccountFactory(login="desk")
    client = sign_in(app.test_client(), owner)

    assert client.post(f"/o/{event.slug}/team", data={"login": "desk", "role": "desk"}).status_code == 303
    answer = client.post(f"/o/{event.slug}/team/{owner.id}/dismiss")

    assert client.get(f"/o/{event.slug}/team").status_code == 200
    assert answer.status_code == 303


def test_log_says_who_did_what_for_whom(event, organiser, now):
    person = factories.ParticipationFactory(event=event)
    organiser.post(f"/o/{event.slug}/people/{person.code}/withdraw")
    events.set_phase(event.id, Phase.FINAL, actor_id=None, now=now)

    page = text(organiser.get(f"/o/{event.slug}/log?lang=en"))

    assert page.index("Set the phase") < page.index("Withdrew a person")
    assert f"/people/{person.code}" in page


def test_a_long_list_is_written_as_the_library_writes_it():
    choices = parts.options([("a", "Atelier <1>"), ('"b"', "Été & hiver"), ("c", "")])

    class Two(Form):
        usual = SelectField(choices=choices, default='"b"', widget=Select())
        quick = SelectField(choices=choices, default='"b"', widget=parts.LongSelect())

    usual, quick = (str(field(id="of")) for field in Two())

    assert quick == usual.replace('name="usual"', 'name="quick"')
    assert "selected" in usual
