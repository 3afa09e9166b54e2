"""A message that did not arrive goes by WhatsApp in its own words, with no way in that is not its reader's anyway."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from matchmaker.domain.states import Locale, MailState, VersionKind
from matchmaker.domain.texts import Words
from matchmaker.extensions import db
from matchmaker.mail.letters import letter
from matchmaker.models import Account, Mail
from matchmaker.queries import links
from matchmaker.services import people, publishing, texts
from matchmaker.services.steps.sign_in_links import issue
from matchmaker.unit_of_work import unit_of_work
from tests.forum import a_forum
from tests.placed import draft_of
from tests.web.visitors import Visitor, words

ATTACHED = ("attached", "joint", "رفق")


@pytest.fixture
def forum(app, now):
    """A forum whose first person's agenda came back."""
    forum = a_forum("a!b b!a")
    draft_of(forum, "ab 1-0900", now=now)
    publishing.publish(forum.id, 1, VersionKind.FINAL, expected_version=None, actor_id=None, now=now)
    with unit_of_work() as session:
        session.get_one(Account, forum.people["a"].account_id).phone = "+212 600-000001"
        mail_of(forum).state = MailState.FAILED
    with time_machine.travel(now, tick=False):
        yield forum


def mail_of(forum):
    return db.session.scalars(db.select(Mail).filter_by(participation_id=forum.people["a"].id)).one()


def way(forum):
    return f"/o/{forum.event.slug}/messages/{mail_of(forum).id}/whatsapp"


def told(app, forum):
    """Follow the button; return to which number and with which text WhatsApp opens."""
    answer = Visitor(app, forum.organiser).get(way(forum))
    opened = urlsplit(answer.location)
    return opened.netloc + opened.path, parse_qs(opened.query)["text"][0]


@pytest.mark.parametrize("locale", list(Locale))
def test_whatsapp_says_what_the_mail_says_but_for_its_files(app, forum, now, locale):
    with unit_of_work():
        mail_of(forum).locale = locale
    mail = mail_of(forum)
    said = letter(mail, lambda *_: b"", now=now).text.splitlines()
    person = links.agenda_url(forum.people["a"])

    number, text = told(app, forum)

    left_out = [line for line in said if line not in text.splitlines()]
    assert number == "wa.me/212600000001"
    assert person in text
    assert [any(word in line for word in ATTACHED) for line in left_out] == [True]
    assert [line for line in text.splitlines() if line not in said] == []


def test_the_organisers_words_are_in_it(app, forum, now):
    own = Words({}, {str(mail_of(forum).locale): "Bienvenue à El Jadida."})
    texts.save(forum.id, "agenda", own, revision=0, actor_id=forum.organiser.id, now=now)

    assert "Bienvenue à El Jadida." in told(app, forum)[1]


def test_a_link_that_signs_in_goes_no_other_way(app, forum, now):
    with unit_of_work() as session:
        mail = mail_of(forum)
        link = issue(session, forum.people["a"].account_id, forum.id, now=now)
        mail.kind, mail.facts = "welcome", {"link_id": link.id}

    text = told(app, forum)[1]

    assert ("/sign-in/" in text, links.agenda_url(forum.people["a"]) in text) == (False, True)


def test_what_arrived_or_is_of_another_event_has_no_such_way(app, forum):
    other = a_forum("c")
    stranger = Visitor(app, other.organiser).get(f"/o/{other.event.slug}/messages/{mail_of(forum).id}/whatsapp")
    page = words(Visitor(app, forum.organiser).get(f"/o/{forum.event.slug}/messages?lang=en"))
    with unit_of_work():
        mail_of(forum).state = MailState.SENT
    arrived = Visitor(app, forum.organiser).get(way(forum))

    assert (stranger.status_code, arrived.status_code, "By WhatsApp" in page) == (404, 404, True)


def test_who_has_withdrawn_is_told_nothing_another_way(app, forum, now):
    people.withdraw(forum.id, forum.people["a"].id, actor_id=None, now=now)
    with unit_of_work():
        mail_of(forum).state = MailState.FAILED

    page = words(Visitor(app, forum.organiser).get(f"/o/{forum.event.slug}/messages?lang=en"))
    answer = Visitor(app, forum.organiser).get(way(forum))

    assert ("By WhatsApp" in page, answer.status_code) == (False, 404)
