"""The zone data becomes another after publication: what moves is listed, said once, and told by publishing again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from matchmaker.domain import zones
from matchmaker.extensions import db
from matchmaker.models import Event, LogEntry, Mail, PublishedMeeting, Version
from matchmaker.queries.clocks import shift
from matchmaker.services import clocks
from matchmaker.unit_of_work import unit_of_work
from tests.calendars import World

pytestmark = pytest.mark.usefixtures("app")
HOUR = timedelta(hours=1)


@pytest.fixture
def forum():
    """A forum of eight meetings whose first version was told by an edition that had Morocco on UTC+1."""
    world = World()
    with unit_of_work() as session:
        for version in session.scalars(db.select(Version)):
            version.zone_edition = "2026b"
        for row in session.scalars(db.select(PublishedMeeting)):
            row.begins_at -= HOUR
    return world


def noted():
    rows = db.session.scalars(db.select(LogEntry).where(LogEntry.verb == "zones.shifted"))
    return [(row.actor_id, row.subject, row.detail) for row in rows]


def test_a_version_keeps_the_edition_and_the_instants_it_was_told_by():
    world = World()

    found = db.session.scalars(db.select(PublishedMeeting)).all()

    assert db.session.scalars(db.select(Version.zone_edition)).all() == [zones.edition()]
    assert len(found) == 8
    assert [row.begins_at.replace(tzinfo=None).time() for row in found] == [row.start for row in found]
    assert shift(world.forum.event) is None


def test_what_moved_is_listed_as_told_and_as_now(forum):
    found = shift(db.session.get(Event, forum.forum.id))

    assert (found.version, found.told_by, found.draft, len(found.meetings)) == (1, "2026b", 1, 8)
    assert {one.now - one.told for one in found.meetings} == {HOUR}
    assert [one.start.time() for one in found.meetings] == [one.now.time() for one in found.meetings]


def test_the_clock_says_it_once(forum, now):
    assert [clocks.note_shifts(now=now) for _ in range(2)] == [1, 0]

    assert noted() == [(None, zones.edition(), {"told_by": "2026b", "version": 1, "meetings": 8})]


def test_an_edition_that_moves_nothing_is_nothing_to_say(now):
    World()
    with unit_of_work() as session:
        session.scalars(db.select(Version)).one().zone_edition = "2026b"

    assert (clocks.note_shifts(now=now), noted()) == (0, [])


def test_publishing_again_tells_those_concerned_and_raises_the_sequence(forum):
    db.session.execute(db.delete(Mail))
    db.session.commit()

    forum.publish(1)

    rows = db.session.scalars(db.select(PublishedMeeting).join(Version).where(Version.number == 2)).all()
    assert {(row.sequence, row.moved) for row in rows} == {(1, False)}
    assert shift(db.session.get(Event, forum.forum.id)) is None
    told = db.session.scalars(db.select(Mail)).all()
    concerned = {seat.participation_id for row in rows for seat in row.attendances}
    assert {mail.participation_id for mail in told if mail.kind == "agenda"} == concerned
    invited = [mail.participation_id for mail in told if mail.kind == "entry"]
    assert len(invited) == sum(forum.readers[0] in {one.participation_id for one in row.attendances} for row in rows)
