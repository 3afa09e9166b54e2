"""The agenda pages: by link and signed in, before and after publication, in three languages."""

import gzip
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from matchmaker.domain.states import Locale, MeetingState, RequestState, VersionKind, WishLevel
from matchmaker.models import Event, Participation
from matchmaker.queries import links
from matchmaker.queries.links import Purpose
from matchmaker.services import links as link_service
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.published import a_day, meeting, publish, request_of
from tests.web.desks import sign_in

LOCALES = [str(locale) for locale in Locale]


def path_of(url):
    return url.removeprefix("http://localhost")


def by_link(client, participation, **query):
    return client.get(path_of(links.agenda_url(participation)), query_string=query)


def text_of(response):
    return response.get_data(as_text=True)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_page_shows_the_day_in_each_language(client, locale):
    day = a_day()
    publish(
        day,
        meeting(0, "09:00", "09:20", table_number=7),
        meeting(1, "09:25", "09:45", moved=True, was_day=factories.FIRST_DAY, was_start=factories.time(11)),
    )

    page = text_of(by_link(client, day.reader, lang=locale))

    title = {"ar": "برنامجي", "fr": "Mon agenda", "en": "My agenda"}[locale]
    was = {"ar": "كان في", "fr": "était à", "en": "was at"}[locale]
    assert f"<h1>{title}</h1>" in page
    assert was in page
    assert [clock in page for clock in (">09:00<", ">09:20<", ">09:25<", ">11:00<")] == [True] * 4


def test_a_personal_link_speaks_its_persons_language(client):
    day = a_day(locale=Locale.ARABIC)
    publish(day, meeting(0))

    assert '<html lang="ar" dir="rtl">' in text_of(by_link(client, day.reader))


@pytest.mark.parametrize("locale", LOCALES)
def test_before_publication_the_page_says_what_is_fixed(client, locale):
    day = a_day()
    session = factories.SessionFactory(event=day.event, for_everybody=True)

    page = text_of(by_link(client, day.reader, lang=locale))

    prepared = {
        "ar": "برنامجكم قيد الإعداد.",
        "fr": "Votre agenda est en préparation.",
        "en": "Your agenda is being prepared.",
    }
    assert prepared[locale] in page
    assert session.titles[locale] in page


@pytest.mark.parametrize("locale", LOCALES)
def test_provisional_cancelled_and_not_scheduled_are_said(client, locale):
    day = a_day(3)
    publish(
        day,
        meeting(0, state=MeetingState.PROVISIONAL),
        meeting(1, "09:25", "09:45", state=MeetingState.CANCELLED),
        kind=VersionKind.PROVISIONAL,
    )
    with unit_of_work() as session:
        request_of(session, day, 2)
    factories.WishFactory(organisation=day.reader.organisation, wanted_organisation=day.others[2].organisation)

    page = text_of(by_link(client, day.reader, lang=locale))

    words = {
        "ar": ("برنامج أولي.", "ملغى", "لم تتم برمجته"),
        "fr": ("Agenda provisoire.", "Annulé", "Non programmé"),
        "en": ("Provisional agenda.", "Cancelled", "Not scheduled"),
    }
    assert [word in page for word in words[locale]] == [True] * 3


def test_the_next_meeting_leads_and_now_is_marked(client, time_machine):
    day = a_day()
    publish(day, meeting(0, "09:00", "09:20"), meeting(1, "09:25", "09:45", table_number=3))
    time_machine.move_to("2026-03-10T09:10:00+00:00")

    page = text_of(by_link(client, day.reader, lang="en"))

    block = re.search(r'<section class="next.*?</section>', page, re.DOTALL)[0]
    assert "in 15 minutes" in block
    assert ">09:25<" in block
    assert ">3<" in block
    assert 'class="is-now"' in page


def test_a_revoked_link_an_absent_one_and_one_of_another_purpose_are_the_same_404(client):
    day = a_day()
    old = {purpose: links.token(day.reader, purpose) for purpose in Purpose}
    link_service.renew(day.reader.id, actor_id=None, now=factories.LONG_AGO)

    paths = [
        f"/a/{old[Purpose.AGENDA]}", f"/r/{old[Purpose.READ_ONLY]}", f"/f/{old[Purpose.FEED]}.ics",
        f"/a/{old[Purpose.AGENDA]}/agenda.pdf", f"/a/{old[Purpose.AGENDA]}/agenda.ics", "/a/nothing",
        f"/a/{links.token(day.reader, Purpose.READ_ONLY)}", f"/r/{links.token(day.reader, Purpose.FEED)}",
    ]  # fmt: skip
    answers = [client.get(path, query_string={"lang": "en"}) for path in paths]

    assert [answer.status_code for answer in answers] == [404] * 8
    assert len({re.sub(r'href="[^"]*lang=[^"]*"', "", text_of(answer)) for answer in answers}) == 1


def test_who_withdrew_has_no_agenda(client):
    day = a_day()
    with unit_of_work() as session:
        session.get(Participation, day.reader.id).withdrawn = True

    assert by_link(client, day.reader).status_code == 404


def test_the_read_only_page_shows_and_leads_nowhere(client):
    day = a_day()
    publish(day, meeting(0))

    page = text_of(client.get(path_of(links.read_only_url(day.reader)), query_string={"lang": "fr"}))

    assert day.others[0].organisation.names["fr"] in page
    tokens = [links.token(day.reader, purpose) for purpose in (Purpose.AGENDA, Purpose.FEED)]
    assert [token in page for token in tokens] == [False, False]
    assert "<form" not in page
    assert "<svg role=" not in page


def test_files_are_what_they_say(client):
    day = a_day()
    publish(day, meeting(0))
    base = path_of(links.agenda_url(day.reader))

    pdf, file = client.get(f"{base}/agenda.pdf"), client.get(f"{base}/agenda.ics")
    feed = client.get(path_of(links.feed_url(day.reader)))

    assert (pdf.mimetype, pdf.data[:5]) == ("application/pdf", b"%PDF-")
    assert (file.mimetype, file.data) == ("text/calendar", feed.data)
    assert {answer.headers["Cache-Control"] for answer in (pdf, file, feed)} == {"no-store"}


@pytest.fixture
def signed_in(app):
    def enter(account_id):
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = f"{account_id}.0", True
        return client

    return enter


@pytest.mark.parametrize("locale", LOCALES)
def test_those_signed_in_renew_their_links(signed_in, locale):
    day = a_day()
    publish(day, meeting(0))
    client, before = signed_in(day.reader.account_id), links.agenda_url(day.reader)
    own = f"/e/{day.event.slug}/agenda"

    page = text_of(client.get(own, query_string={"lang": locale}))
    answer = client.post(f"{own}/links")

    assert f"{own}/links" in page
    assert answer.headers["Location"] == own
    assert client.get(path_of(before)).status_code == 404
    assert client.get(own).status_code == 200


def test_somebody_of_another_event_sees_nothing(signed_in):
    day, stranger = a_day(), factories.ParticipationFactory()

    assert signed_in(stranger.account_id).get(f"/e/{day.event.slug}/agenda").status_code == 404


def fetched(client, path):
    with client.get(path) as answer:
        return answer.data


def test_the_page_is_light(client, time_machine):
    time_machine.move_to("2026-03-10T08:00:00+00:00", tick=False)
    day = a_day(12)
    times = [(f"{9 + i // 2:02}:{30 * (i % 2):02}", f"{9 + i // 2:02}:{30 * (i % 2) + 20:02}") for i in range(12)]
    publish(day, *(meeting(i, *times[i]) for i in range(12)))

    page = by_link(client, day.reader, lang="ar")
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', text_of(page))
    files = [page.data, *(fetched(client, style) for style in styles if "fonts" not in style)]

    assert sum(len(gzip.compress(file)) for file in files) < 25_000
    assert len(page.data) < 25_000
    assert re.findall(r"<script[^>]*", text_of(page)) == [
        '<script src="/static/js/offline.js" data-worker="/agenda-worker.js" data-scope="/a/" defer'
    ]


def test_on_the_halls_own_network_nothing_is_promised_that_cannot_work(client):
    """No worker and no WhatsApp without a public address; the sentence of a kept page would never show."""
    day = a_day()
    publish(day, meeting(0))
    words = ("offline.js", "wa.me", 'class="kept"')
    assert [word in text_of(by_link(client, day.reader)) for word in words] == [True] * 3

    with unit_of_work() as session:
        session.get_one(Event, day.event.id).public_address = False

    page = text_of(by_link(client, day.reader))
    assert [word in page for word in words] == [False] * 3


@pytest.mark.parametrize("locale", LOCALES)
def test_the_link_goes_to_ones_own_whatsapp(client, locale):
    day = a_day()
    with unit_of_work() as session:
        session.get_one(Participation, day.reader.id).account.phone = "+212 6 00 00 00 00"

    page = text_of(by_link(client, day.reader, lang=locale))

    (address,) = re.findall(r'href="(https://wa\.me/[^"]+)"', page)
    parts = urlsplit(unescape(address))
    assert parts.path == "/212600000000"
    assert parse_qs(parts.query)["text"][0].endswith(f": {links.agenda_url(day.reader)}")


def test_who_signed_in_has_no_copy_left_on_a_shared_computer(app):
    day = a_day()
    page = text_of(sign_in(app.test_client(), day.reader.account).get(f"/e/{day.event.slug}/agenda"))

    assert "My agenda" in page or "Mon agenda" in page
    assert "offline.js" not in page


def test_a_veto_changes_nothing_that_the_asker_sees(client, time_machine):
    time_machine.move_to("2026-03-10T09:10:00+00:00", tick=False)
    day = a_day(2)
    with unit_of_work() as session:
        request_of(session, day, 1).state = RequestState.ASKED
    factories.WishFactory(organisation=day.reader.organisation, wanted_organisation=day.others[1].organisation)
    publish(day, meeting(0))
    silent = text_of(by_link(client, day.reader, lang="en"))
    factories.WishFactory(
        organisation=day.others[1].organisation, wanted_organisation=day.reader.organisation, level=WishLevel.VETO
    )

    assert day.others[1].organisation.names["fr"] in silent
    assert text_of(by_link(client, day.reader, lang="en")) == silent
