"""Renewing a person's links, and the log of it."""

import pytest

from matchmaker.errors import NotFound
from matchmaker.extensions import db
from matchmaker.models import LogEntry
from matchmaker.queries import links
from matchmaker.queries.links import Purpose
from matchmaker.services.links import renew
from tests.factories import ParticipationFactory


def test_renewing_revokes_every_link_and_makes_others(app, now):
    person = ParticipationFactory()
    before = {purpose: links.token(person, purpose) for purpose in Purpose}
    opened = [links.access_by_link(token, purpose).id for purpose, token in before.items()]

    renew(person.id, actor_id=person.account_id, now=now)

    db.session.rollback()
    after = {purpose: links.token(person, purpose) for purpose in Purpose}
    assert opened == [person.id] * len(Purpose)
    for purpose in Purpose:
        assert links.access_by_link(after[purpose], purpose).id == person.id
        with pytest.raises(NotFound):
            links.access_by_link(before[purpose], purpose)


def test_renewing_is_logged_without_the_link(app, now):
    person = ParticipationFactory()

    renew(person.id, actor_id=person.account_id, now=now)

    (entry,) = db.session.query(LogEntry).all()
    assert (entry.verb, entry.for_participation_id, entry.detail) == ("person.link_renewed", person.id, {})


def test_nobody_has_no_links(app, now):
    with pytest.raises(NotFound):
        renew(999, actor_id=None, now=now)
