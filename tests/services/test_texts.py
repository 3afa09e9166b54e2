"""Organisers' words in messages: kept by language, refused where they would do harm, and read when a mail is made."""

import html as entities
import re
from dataclasses import replace

import pytest
from flask_babel import force_locale
from markupsafe import escape
from sqlalchemy import select

from matchmaker import models
from matchmaker.domain import texts as domain
from matchmaker.domain.states import Locale, MeetingState, Role
from matchmaker.domain.texts import NOTHING, OF_KIND, Part, Words
from matchmaker.errors import ChangedMeanwhile, NotFound, UnfitText
from matchmaker.extensions import db
from matchmaker.mail import letters
from matchmaker.mail import specimen as invented
from matchmaker.mail.specimen import specimen
from matchmaker.services import archives, deletion, texts
from matchmaker.web.errors import sentence
from tests import factories
from tests.conftest import NOW
from tests.estate import knocker
from tests.mail.test_letters import ISOLATES, a_link, message_of, put, written
from tests.mail.test_messages import HOSTILE
from tests.published import a_day, meeting, publish
from tests.web.desks import member, staff

OWN = Words({"fr": "{event} vous attend, {name}"}, {"fr": "Chère {name},\n\nvenez le {dates}.\nVotre lien : {link}"})
STYLES = re.compile(r"<style>.*?</style>", re.DOTALL)
TRICKS = ("{nom}", "{name.__class__}", "{0}", "{name!r:>9999}", "{name", "name}", "{{ 7*7 }}", "a\x00", "a\u202eb")


@pytest.fixture
def event(app):
    return factories.EventFactory()


@pytest.fixture
def by(now):
    return {"actor_id": None, "now": now}


def saved(event, kind="welcome"):
    return db.session.scalar(
        select(models.MessageText)
        .where(models.MessageText.event_id == event.id, models.MessageText.kind == kind)
        .execution_options(populate_existing=True)
    )


def test_save_keeps_what_was_written_and_the_log_says_so(event, by):
    texts.save(event.id, "welcome", Words({"fr": " Bonjour\t"}, {"ar": "", "en": "a \r\nb"}), revision=0, **by)

    row = saved(event)
    assert (row.subjects, row.openings, row.revision) == ({"fr": "Bonjour"}, {"en": "a\nb"}, 1)
    logged = db.session.scalars(select(models.LogEntry)).one()
    assert (logged.verb, logged.subject) == ("text.changed", "welcome")


def test_second_editor_gets_the_difference_and_nothing_is_lost(event, by):
    texts.save(event.id, "welcome", OWN, revision=0, **by)

    with pytest.raises(ChangedMeanwhile) as refusal:
        texts.save(event.id, "welcome", Words({"fr": "Salut"}, OWN.openings), revision=0, **by)
    with pytest.raises(ChangedMeanwhile):
        texts.give_back(event.id, "welcome", revision=0, **by)

    assert refusal.value.difference == {"subject_fr": (OWN.subjects["fr"], "Salut")}
    assert saved(event).subjects == OWN.subjects


def test_give_back_says_it_in_our_words_again(event, by):
    texts.save(event.id, "welcome", OWN, revision=0, **by)
    texts.give_back(event.id, "welcome", revision=1, **by)

    assert (saved(event).subjects, saved(event).openings) == ({}, {})
    assert db.session.scalars(select(models.LogEntry.verb)).all() == ["text.changed", "text.given_back"]


@pytest.mark.parametrize("kind", ["sign_in", "entry_withdrawn", "no_such"])
def test_what_is_not_written_anew_is_not_there(event, by, kind):
    with pytest.raises(NotFound):
        texts.save(event.id, kind, OWN, revision=0, **by)


def let_through(event, by):
    """Return the tricks that are kept, and those of which the refusal does not show what is wrong, and where."""
    kept = []
    for part in Part:
        for trick in (*TRICKS, "a\nBcc: x@y.ma") if part is Part.SUBJECT else TRICKS:
            found = saved(event)
            words = Words({"fr": trick}, {}) if part is Part.SUBJECT else Words({}, {"fr": trick})
            try:
                texts.save(event.id, "welcome", words, revision=found.revision if found else 0, **by)
            except UnfitText as refusal:
                told = refusal.field == f"{part}_fr" and escape(refusal.shown) in sentence(refusal)
                kept += [] if told else [(part, trick)]
            else:
                kept.append((part, trick))
    return kept


def test_no_trick_is_kept(app, event, by):
    with app.test_request_context():
        assert let_through(event, by) == []
    assert saved(event) is None


def test_without_the_list_every_trick_is_kept(app, event, by, monkeypatch):
    monkeypatch.setattr(texts, "fault", lambda *_: None)

    with app.test_request_context():
        assert len(let_through(event, by)) == 2 * len(TRICKS) + 1


# ── what a mail says ────────────────────────────────────────────────────────


def test_a_mail_says_the_organisers_words_in_their_language_and_ours_in_the_others(app, now, by):
    said = {}
    for locale in Locale:
        day = a_day(0, locale=locale, names={"fr": "Forum", "ar": "منتدى", "en": "Forum"})
        texts.save(day.event.id, "welcome", OWN, revision=0, **by)
        link, _token = a_link(day, now)
        said[locale] = written(put(day, now, "welcome", link=link), now)

    french = said[Locale.FRENCH]
    assert french.subject == "Forum vous attend, Nadia Bentahar"
    assert "Chère Nadia Bentahar,\n\nvenez le 10" in french.text
    assert re.search(r"Votre lien : http://localhost/sign-in/\w+\n", french.text)
    assert re.search(r'Votre lien : <a href="(http://localhost/sign-in/\w+)">\1</a>', french.html)
    assert said[Locale.ENGLISH].subject == "Welcome to Forum"
    assert "You are registered." in said[Locale.ENGLISH].text
    assert "تم تسجيلكم" in said[Locale.ARABIC].text


def test_a_mail_that_waits_is_made_in_the_words_that_stand_when_it_leaves(app, now, by):
    day = a_day(0)
    link, _token = a_link(day, now)
    mail = put(day, now, "welcome", link=link)

    before = written(mail, now).subject
    texts.save(day.event.id, "welcome", OWN, revision=0, **by)

    assert [before, written(mail, now).subject] == [
        f"Bienvenue\u00a0: {day.event.names['fr']}",
        f"{day.event.names['fr']} vous attend, Nadia Bentahar",
    ]


def test_what_is_a_fact_stays_whatever_is_written(app, now, by):
    day = a_day(2)
    publish(day, meeting(0))
    version = publish(day, meeting(0, "09:25", "09:45"), number=2)
    texts.save(day.event.id, "changes", Words({}, {"fr": "Tout est comme avant."}), revision=0, **by)

    text = ISOLATES.sub("", written(put(day, now, "changes", version=version), now).text)

    assert text.index("Tout est comme avant.") < text.index("1 changement dans votre agenda, version 2")
    assert "maintenant\u00a0: 10 mars, 09:25" in text


def test_a_meeting_is_withdrawn_in_our_words(app, event):
    meeting = invented._context(event, "entry", Locale.FRENCH, NOW)["meeting"]
    words = Words({"fr": "Bonne nouvelle"}, {"fr": "Vous avez un rendez-vous."})
    said = {}
    for state in (MeetingState.CONFIRMED, MeetingState.CANCELLED):
        context = {"meeting": replace(meeting, state=state), "address": "", "stop": ""}
        with app.test_request_context(), force_locale("fr"):
            said[state] = letters.written(event, "entry", letters.Reader({}, dict), context, words)

    stands, gone = said.values()
    assert (stands.subject, gone.subject[:6]) == ("Bonne nouvelle", "Annulé")
    assert ["Vous avez un rendez-vous." in one.text for one in (stands, gone)] == [True, False]


@pytest.mark.parametrize("trick", [*HOSTILE, "<script>alert(1)</script>", "voleur.example.org"])
def test_hostile_words_of_organisers_stay_words(app, now, by, trick):
    day = a_day(1)
    publish(day, meeting(0))
    try:
        texts.save(day.event.id, "agenda", Words({"fr": trick}, {"fr": f"{trick} {{event}}"}), revision=0, **by)
    except UnfitText:
        return

    message = message_of(put(day, now, "agenda"), now)

    body = entities.unescape(message.get_body(("html",)).get_content())
    assert (message["Bcc"], message["To"]) == (None, "nadia@example.org")
    assert "<script" not in message.get_body(("html",)).get_content()
    assert "voleur.example.org" not in body


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("kind", OF_KIND)
def test_every_kind_is_shown_to_somebody_invented(app, event, now, kind, locale):
    words = Words(*({str(locale): " ".join(f"{{{one}}}" for one in domain.placeholders(kind, part))} for part in Part))

    with app.test_request_context():
        ours, theirs = (specimen(event, kind, given, locale, now=now) for given in (NOTHING, words))

    words_of = [STYLES.sub("", part) for said in (ours, theirs) for part in said]
    assert [part for part in words_of if "{" in part] == []
    assert ours.text != theirs.text


# ── pages, archives, deletion ───────────────────────────────────────────────


def test_the_page_names_each_fault_at_its_field_and_keeps_what_was_written(app, event):
    client = staff(app, event)
    path = f"/o/{event.slug}/messages/texts/welcome"
    typed = {"subject_fr": "Cher {nom}", "opening_ar": "مرحبا {link", "opening_fr": "Venez !", "revision": "0"}

    answer = client.post(f"{path}?lang=en", data=typed)

    page = entities.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert "{nom} is no placeholder of this text." in page
    assert "A brace has no counterpart at “{link”." in page
    assert all(text in page for text in ("Cher {nom}", "مرحبا {link", "Venez !"))
    assert saved(event) is None


def test_it_is_seen_before_it_is_saved(app, event):
    client = knocker(app, member(event))
    path = f"/o/{event.slug}/messages/texts/welcome"
    typed = {"subject_fr": "Bonjour {name}", "opening_fr": "Venez nombreux.", "revision": "0"}

    shown = client.post(path, data={**typed, "show": "1"}).get_data(as_text=True)
    mail = client.post(f"{path}/mail/fr", data=typed)

    assert "Bonjour Salma Benjelloun" in shown
    assert "<p>Venez nombreux.</p>" in mail.get_data(as_text=True)
    assert mail.headers["Content-Security-Policy"].startswith("sandbox")
    assert saved(event) is None


def test_nothing_is_written_in_an_archived_event(app, event, by):
    client = staff(app, event, Role.OWNER)
    archives.archive(event.id, **by)

    path = f"/o/{event.slug}/messages/texts/welcome"
    assert client.post(path, data={"subject_fr": "Bonjour", "revision": "0"}).status_code == 409
    assert client.post(f"{path}/ours", data={"revision": "0"}).status_code == 409


def test_what_organisers_wrote_goes_with_the_data_of_the_event(event, by, now):
    texts.save(event.id, "welcome", Words({"fr": "Appelez Mme Alaoui"}, {}), revision=0, **by)
    archives.archive(event.id, **by)
    deletion.order(event.id, event.slug, actor_id=member(event).id, now=now)
    while deletion.delete_batch(event.id, now=now):
        pass

    assert (saved(event).subjects, saved(event).openings) == ({}, {})
