"""What each kind of mail says, in three languages; and that page, mail, calendar and paper say the same times."""

import io
import re
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default

import html5lib
import pytest
from icalendar import Calendar
from pypdf import PdfReader

from matchmaker import models
from matchmaker.domain import zones
from matchmaker.domain.states import Locale, MeetingState
from matchmaker.errors import MailOutOfDateError
from matchmaker.extensions import db
from matchmaker.mail.letters import CONTEXTS, letter
from matchmaker.mail.messages import build_mail
from matchmaker.paper.agenda import agenda_pdf
from matchmaker.queries import links
from matchmaker.services.steps.outbox import enqueue
from matchmaker.services.steps.sign_in_links import issue, token_of
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.published import a_day, meeting, publish

ENTRY = {"request": 1, "sequence": 0, "stands": True}
TAKEN_BACK = {"one_by_one": False, "entries": [{"code": "c0de", "sequence": 1, "begins": "2026-03-10T09:00:00+00:00"}]}
CLOCK = re.compile(r"\b\d\d:\d\d\b")
ISOLATES = re.compile("[\u2066-\u2069]")


def put(day, now, kind, *, version=None, link=None):
    with unit_of_work() as session:
        mail = enqueue(
            session,
            event=session.get(models.Event, day.event.id),
            participation=session.get(models.Participation, day.reader.id),
            kind=kind,
            occasion="test",
            now=now,
            version_id=version,
            facts={"link_id": link, "day": factories.FIRST_DAY.isoformat(), **ENTRY, **TAKEN_BACK} if link else None,
        )
        if kind == "taken_back":  # leads to nobody
            mail.participation_id = mail.account_id = None
        session.flush()
        id_ = mail.id
    return db.session.get(models.Mail, id_)


def a_link(day, now):
    with unit_of_work() as session:
        link = issue(session, day.reader.account_id, day.event.id, now=now)
        return link.id, token_of(link.nonce)


def written(mail, now):
    return letter(mail, agenda_pdf, now=now)


def message_of(mail, now):
    return message_from_bytes(build_mail(written(mail, now), now=now), policy=default)


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("kind", sorted(CONTEXTS))
def test_every_kind_is_a_whole_mail_in_every_language(app, now, kind, locale):
    day = a_day(2, locale=locale, delete_after=date(2026, 6, 30))
    asking = factories.ParticipationFactory(event=day.event).organisation
    factories.WishFactory(organisation=asking, wanted_organisation=day.reader.organisation)
    publish(day, meeting(0))
    version = publish(day, meeting(0, "09:25", "09:45"), meeting(1, "10:35", "10:55"), number=2)
    link, _token = a_link(day, now)

    made = written(put(day, now, kind, version=version, link=link), now)

    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(made.html)
    assert parser.errors == []
    assert (root.get("lang"), root.get("dir")) == (str(locale), "rtl" if locale is Locale.ARABIC else "ltr")
    assert len(list(root.iter("h1"))) == 1
    assert len([one for one in root.iter("a") if one.get("class") == "button"]) == (kind != "taken_back")
    assert [one.tag for one in root.iter() if one.tag in {"img", "script", "link"}] == []
    assert "\n" not in made.subject.strip()
    assert [text for text in (made.subject, made.text, made.html) if "%(" in text or not text.strip()] == []


@pytest.mark.parametrize("kind", ["welcome", "invitation", "sign_in"])
def test_a_sign_in_link_is_derived_and_stands_in_both_forms(app, now, kind):
    day = a_day(0)
    link, token = a_link(day, now)

    made = written(put(day, now, kind, link=link), now)

    address = f"http://localhost/sign-in/{token}"
    assert address in made.text
    assert f'href="{address}"' in made.html
    assert made.attachments == ()


def test_a_link_that_expired_while_the_mail_waited_is_not_sent(app, now):
    day = a_day(0)
    link, _token = a_link(day, now)
    mail = put(day, now, "sign_in", link=link)

    with pytest.raises(MailOutOfDateError):
        written(mail, now + timedelta(hours=2))


def test_who_withdrew_is_sent_no_agenda(app, now):
    day = a_day(1)
    publish(day, meeting(0))
    mail = put(day, now, "agenda")
    with unit_of_work() as session:
        session.get(models.Participation, day.reader.id).withdrawn = True

    with pytest.raises(MailOutOfDateError):
        written(mail, now)


def test_changes_come_first_then_the_day_then_one_button(app, now):
    day = a_day(3)
    publish(day, meeting(0, "09:00", "09:20"), meeting(1, "09:25", "09:45"))
    version = publish(
        day,
        meeting(0, "11:00", "11:20", moved=True, was_day=factories.FIRST_DAY, was_start=factories.time(9), sequence=1),
        meeting(1, "09:25", "09:45", state=MeetingState.CANCELLED, sequence=1),
        meeting(2, "10:35", "10:55"),
        number=2,
    )

    made = written(put(day, now, "changes", version=version), now)

    text = ISOLATES.sub("", made.text)
    others = [one.organisation.names["fr"] for one in day.others]
    assert made.subject.startswith("3 changements dans votre agenda, version 2")
    order = [
        text.index(f"Horaire modifié\u00a0: {others[0]}"),
        text.index(
            "avant\u00a0: 10 mars, 09:00, Table 7, Salle Atlas\u00a0; maintenant\u00a0: 10 mars, 11:00, Table 7"
        ),
        text.index(f"Annulé\u00a0: {others[1]}"),
        text.index(f"Nouveau rendez-vous\u00a0: {others[2]}"),
        text.index(f"10:35 à 10:55  {others[2]}"),
        text.index(f"11:00 à 11:20  {others[0]}"),
        text.index(links.agenda_url(day.reader)),
    ]
    assert order == sorted(order)
    assert f"09:25 à 09:45  {others[1]}" not in text


def test_a_mail_that_waited_tells_what_stands_now(app, now):
    day = a_day(2)
    publish(day, meeting(0))
    second = publish(day, meeting(0, "09:25", "09:45"), number=2)
    mail = put(day, now, "changes", version=second)
    publish(day, meeting(0, "11:00", "11:20"), number=3)

    made = written(mail, now)

    assert "version 3" in made.subject
    assert "09:25" not in made.text


def test_in_arabic_text_every_time_is_isolated(app, now):
    day = a_day(1, locale=Locale.ARABIC)
    version = publish(day, meeting(0))

    text = written(put(day, now, "changes", version=version), now).text

    assert CLOCK.findall(text) == re.findall("\u2066(\\d\\d:\\d\\d)\u2069", text)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "voleur.example.org", "A\r\nBcc: x@y.ma"])
def test_a_hostile_name_stays_a_name(app, now, name):
    day = a_day(1)
    publish(day, meeting(0))
    with unit_of_work() as session:
        session.get(models.Organisation, day.others[0].organisation_id).names = {"fr": name}
        session.get(models.Event, day.event.id).names = {"fr": name}

    message = message_of(put(day, now, "agenda"), now)

    body = message.get_body(("html",)).get_content()
    assert (message["Bcc"], message["To"]) == (None, "nadia@example.org")
    assert "<script" not in body
    assert "voleur.example.org" not in body


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("on", [date(2026, 7, 1), date(2026, 9, 19), date(2026, 9, 21), date(2027, 7, 1)])
def test_page_mail_calendar_and_paper_agree(client, now, on, locale):
    """Before and after Morocco's return to UTC+0, wall times are the same in all outputs."""
    day = a_day(2, locale=locale)
    with unit_of_work() as session:
        for one in session.query(models.EventDay).filter_by(event_id=day.event.id):
            one.day = on
    expected = {"09:00", "09:20", "17:40", "18:00"}
    publish(day, meeting(0, on=on), meeting(1, "17:40", "18:00", on=on))

    page = client.get(links.agenda_url(day.reader).removeprefix("http://localhost")).get_data(as_text=True)
    message = message_of(put(day, now, "agenda"), now)
    files = {part.get_filename(): part.get_payload(decode=True) for part in message.iter_attachments()}
    entries = Calendar.from_ical(files["agenda.ics"]).walk("VEVENT")
    paper = PdfReader(io.BytesIO(files["agenda.pdf"])).pages[0].extract_text()
    on_paper = set(CLOCK.findall(ISOLATES.sub("", paper)))

    instants = [entry[key].dt for entry in entries for key in ("DTSTART", "DTEND")]
    assert {f"{zones.wall(at, 'Africa/Casablanca'):%H:%M}" for at in instants} == expected
    assert {zones.wall(at, "Africa/Casablanca").date() for at in instants} == {on}
    for text in (page, message.get_body(("html",)).get_content(), message.get_body(("plain",)).get_content()):
        assert expected <= set(CLOCK.findall(text))
    assert expected <= on_paper | {one[::-1] for one in on_paper}
