"""What publishing would send is seen before; what is seen is what is sent; and going back is a publication too."""

from __future__ import annotations

import re

import pytest

from matchmaker import clock
from matchmaker.domain.states import VersionKind
from matchmaker.errors import ChangedMeanwhile
from matchmaker.extensions import db
from matchmaker.mail.letters import letter
from matchmaker.models import Base, Mail, Version
from matchmaker.services import publishing
from tests.factories import UnavailabilityFactory
from tests.forum import a_forum
from tests.solved import solved
from tests.web.visitors import Visitor, words

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def forum():
    return a_forum("a!b b!a a+c c+b d+a")


def publish(forum, draft, expected, now):
    publishing.publish(
        forum.id, draft, VersionKind.FINAL, expected_version=expected, actor_id=forum.organiser.id, now=now
    )


def everything():
    db.session.rollback()
    return {table.name: db.session.execute(table.select()).all() for table in Base.metadata.sorted_tables}


def sent(version):
    rows = db.session.scalars(
        db.select(Mail).join(Version, Version.id == Mail.version_id).where(Version.number == version)
    )
    return {mail.recipient: mail for mail in rows}


def rehearsed(forum, draft, person, now):
    return publishing.rehearse(forum.id, draft, VersionKind.FINAL, person, now=now)


def test_what_is_seen_before_is_what_is_sent_and_nothing_of_it_is_kept(forum, now):
    solved(forum, now, seconds=60)
    before = everything()
    seen = {one.letter.recipient: one for one in (rehearsed(forum, 1, p.code, now) for p in forum.people.values())}
    assert everything() == before

    publish(forum, 1, None, now)

    mails = sent(1)
    assert seen.keys() == mails.keys() == {f"{name}@example.org" for name in "abcd"}
    for recipient, one in seen.items():
        said = letter(mails[recipient], lambda *_: b"", now=now)
        assert (one.letter.subject, one.letter.text, one.letter.html) == (said.subject, said.text, said.html)


def test_the_first_is_shown_where_nobody_is_chosen_and_none_where_nobody_is_told(forum, now):
    solved(forum, now, seconds=60)
    assert rehearsed(forum, 1, "", now).code == forum.people["a"].code

    publish(forum, 1, None, now)

    assert rehearsed(forum, 1, "", now) is None


def test_going_back_is_previewed_published_and_told(app, forum, now):
    first = solved(forum, now, seconds=60)
    publish(forum, first.number, None, now)
    slot_id = first.meetings[0].slot_id
    for letter_of in "ab":
        UnavailabilityFactory(
            participation=forum.people[letter_of], in_slot=next(s for s in forum.slots if s.id == slot_id)
        )
    second = solved(forum, now, seconds=60)
    publish(forum, second.number, 1, now)
    client = Visitor(app, forum.organiser)

    listed = client.get(f"/o/{forum.event.slug}/runs?lang=en").get_data(as_text=True)
    way = re.search(r'href="(/o/[^"]+/drafts/1/publish[^"]*)"', listed[listed.index('id="versions"') :])[1]
    page = words(client.get(way.replace("&amp;", "&") + "&lang=en"))

    assert "This goes back to version 1." in page
    chosen = {"kind": "final", "revision": "2", "person": forum.people["b"].code}
    shown = words(client.post(f"/o/{forum.event.slug}/drafts/1/publish/letter?lang=en", data=chosen))
    seen = rehearsed(forum, 1, forum.people["b"].code, clock.now())
    assert " ".join(seen.letter.subject.split()) in shown
    assert " ".join(seen.letter.text.split()) in shown
    told = re.search(r"(\d+) (?:person|people) to tell", page)[1]
    answer = client.post(f"/o/{forum.event.slug}/drafts/1/publish", data={"kind": "final", "revision": "2"})
    assert (answer.status_code, len(sent(3))) == (303, int(told))
    with pytest.raises(ChangedMeanwhile):
        publish(forum, 2, 2, now)
