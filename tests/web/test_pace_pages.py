"""Where an event may not send all its messages today, the pages say so: before they are published, and after."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from matchmaker.domain.states import Role, VersionKind
from matchmaker.extensions import current_settings
from matchmaker.services import publishing
from tests import factories, relays
from tests.forum import a_forum
from tests.placed import draft_of
from tests.services.test_outbox import put, send
from tests.web.visitors import Visitor, words

DRAFT = "drafts/1/publish?lang=en"


@pytest.fixture(params=[Role.OWNER, Role.ORGANISER])
def limited(request, app, monkeypatch, now):
    """A forum of four who would be told; its owner, where it has one, may send three messages a day and others two."""
    limits = {"mail_of_one_event_a_day": 3, "mail_of_a_new_organiser_a_day": 2}
    monkeypatch.setitem(app.config, "SETTINGS", replace(current_settings(), **limits))
    forum = a_forum("a!b b!a c!d d!c")
    draft_of(forum, "ab 1-0900, cd 1-0900", now=now)
    role = factories.MembershipFactory(event=forum.event, role=request.param)
    with time_machine.travel(now, tick=False):
        yield forum, Visitor(app, role.account), 3 if request.param is Role.OWNER else 2


def publish(forum, now):
    by = {"expected_version": None, "actor_id": forum.organiser.id, "now": now}
    return publishing.publish(forum.id, 1, VersionKind.FINAL, **by)


def test_what_the_pages_promise_is_what_leaves(limited, now):
    forum, client, most = limited
    setting = "mail_of_one_event_a_day" if most == 3 else "mail_of_a_new_organiser_a_day"

    before = words(client.get(f"/o/{forum.event.slug}/{DRAFT}"))
    publish(forum, now)
    after = words(client.get(f"/o/{forum.event.slug}/messages?lang=en"))
    with relays.relay() as relay:
        today = send(relay.port, now)
        tomorrow = send(relay.port, now + timedelta(days=1, seconds=1))

    assert f"Messages that leave at once: {most} of 4." in before
    assert f"Messages that cannot leave yet: {4 - most}." in after
    for page in (before, after):
        assert f"the last by Tuesday 3 March 2026: this event may send {most} in 24 hours." in page
        assert setting in page
    assert (today["sent"], tomorrow["sent"]) == (most, 4 - most)


def test_where_all_may_leave_nothing_is_said(limited, app, monkeypatch):
    forum, client, _most = limited
    monkeypatch.setitem(
        app.config, "SETTINGS", replace(current_settings(), mail_of_one_event_a_day=4, mail_of_a_new_organiser_a_day=4)
    )

    assert "leave at once" not in words(client.get(f"/o/{forum.event.slug}/{DRAFT}"))
    assert "cannot leave yet" not in words(client.get(f"/o/{forum.event.slug}/messages?lang=en"))


def test_what_was_sent_today_is_taken_off(limited, now):
    forum, client, most = limited
    publish(forum, now)
    with relays.relay() as relay:
        send(relay.port, now)

    assert f"Messages that cannot leave yet: {4 - most}." in words(
        client.get(f"/o/{forum.event.slug}/messages?lang=en")
    )


def test_a_link_that_somebody_asked_for_is_no_part_of_it(limited, now):
    """One left, one waits: neither is held back, and neither keeps a message from leaving."""
    forum, client, most = limited
    put(forum.people["a"], now, kind="sign_in", occasion="link-0")
    with relays.relay() as relay:
        send(relay.port, now)
    put(forum.people["b"], now, kind="sign_in", occasion="link-0")

    before = words(client.get(f"/o/{forum.event.slug}/{DRAFT}"))
    publish(forum, now)
    after = words(client.get(f"/o/{forum.event.slug}/messages?lang=en"))

    assert f"Messages that leave at once: {most} of 4." in before
    assert f"Messages that cannot leave yet: {4 - most}." in after
