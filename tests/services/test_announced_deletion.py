"""When the announced day is over on the event's own clock, the data of all goes: in batches, once, whatever happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import event as sql_event
from structlog.testing import capture_logs

from matchmaker import jobs, models
from matchmaker.app import create_app
from matchmaker.domain import fates
from matchmaker.errors import DataDeleted, InvalidValue
from matchmaker.extensions import db
from matchmaker.queries.deletion import due
from matchmaker.services import delegations, deletion, events, outbox, registration
from matchmaker.services.delegations import Interpreting
from matchmaker.services.steps import mailboxes
from matchmaker.services.steps.journal import record
from matchmaker.settings import Settings
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.marked import MARKS, a_marked_forum, dump, left
from tests.services.test_events import FRAME

LAST_DAY = date(2026, 4, 30)
THEN = datetime(2026, 5, 1, 0, 0, 1, tzinfo=UTC)
"""A second after the announced day where clocks show UTC."""


@pytest.fixture
def event(app):
    return factories.EventFactory(delete_after=LAST_DAY, zone="Etc/GMT")


def all_of(kind, **where):
    db.session.rollback()
    return db.session.scalars(db.select(kind).filter_by(**where).order_by(kind.id)).all()


def told():
    return [(one.verb, one.actor_id, one.detail) for one in all_of(models.LogEntry) if "deleted" in one.verb]


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        ("Pacific/Kiritimati", datetime(2026, 4, 30, 10, tzinfo=UTC)),
        ("Africa/Casablanca", datetime(2026, 4, 30, 23, tzinfo=UTC)),
        ("Pacific/Pago_Pago", datetime(2026, 5, 1, 11, tzinfo=UTC)),
    ],
)
def test_the_day_is_over_when_it_is_over_at_the_event(app, zone, midnight):
    event = factories.EventFactory(delete_after=LAST_DAY, zone=zone)
    person = factories.ParticipationFactory(event=event)

    with time_machine.travel(midnight - timedelta(seconds=1), tick=False):
        jobs.delete_announced_data()
    before = all_of(models.Participation)[0].deleted_at
    with time_machine.travel(midnight, tick=False):
        jobs.delete_announced_data()
    after = all_of(models.Participation)[0].deleted_at

    assert (before, after) == (None, midnight)
    assert all_of(models.Account, id=person.account_id)[0].email is None


def test_nothing_is_due_without_a_day(app):
    factories.EventFactory()
    factories.EventFactory(delete_after=date(2999, 1, 1))

    assert due(THEN) == []


def test_batches_leave_whole_organisations_done_and_the_last_tells_the_log_once(event, now):
    for number in range(3):
        organisation = factories.OrganisationFactory(event=event, about=f"about {number}")
        factories.ParticipationFactory.create_batch(2, organisation=organisation)

    more = [deletion.delete_batch(event.id, now=THEN, most=2) for _ in range(2)]
    between = [one.data_deleted_at for one in all_of(models.Event)], told()
    last = [deletion.delete_batch(event.id, now=THEN, most=2) for _ in range(3)]

    assert (more, between, last) == ([True, True], ([None], []), [False, False, False])
    assert told() == [("event.data_deleted", None, {"people": 6})]
    assert {one.deleted_at for one in all_of(models.Participation)} == {THEN}
    assert [one.data_deleted_at for one in all_of(models.Event)] == [THEN]
    assert due(THEN) == []


@pytest.mark.parametrize(("hours", "minutes"), [(0, []), (30, [30 * 60])])
def test_data_deleted_late_is_said_in_the_log_of_the_worker(event, hours, minutes):
    factories.ParticipationFactory(event=event)

    with capture_logs() as lines:
        while deletion.delete_batch(event.id, now=THEN + timedelta(hours=hours)):
            pass

    late = [(line["kind"], line["of"], line["minutes"]) for line in lines if line["event"] == "late"]
    assert late == [("deletion_of_data", event.id, one) for one in minutes]


def test_what_is_ordered_now_is_not_late(event):
    deletion.order(event.id, event.slug, actor_id=None, now=THEN + timedelta(hours=30))

    with capture_logs() as lines:
        deletion.delete_batch(event.id, now=THEN + timedelta(hours=30, minutes=1))

    assert [line for line in lines if line["event"] == "late"] == []


def test_a_batch_killed_at_any_statement_leaves_nothing_half_done(event):
    """Dies at the first statement, the second, and so on; each time the next try starts from what was."""
    factories.ParticipationFactory.create_batch(2, event=event)
    before, deaths = dump(), 0

    while not _survives(event, deaths + 1):
        assert dump() == before
        deaths += 1

    assert deaths > 12
    assert left(dump(), ("Participante", "@example.org", "Directrice")) == set()


def _survives(event, statements):
    """Tell whether a batch came to its end before its connection had been asked for so many statements."""
    seen = 0

    def count(*_args):
        nonlocal seen
        seen += 1
        if seen >= statements:
            raise KeyboardInterrupt

    sql_event.listen(db.engine, "before_cursor_execute", count)
    try:
        deletion.delete_batch(event.id, now=THEN)
    except KeyboardInterrupt:
        return False
    else:
        return True
    finally:
        sql_event.remove(db.engine, "before_cursor_execute", count)


def test_another_events_people_are_left_alone(event):
    other = factories.ParticipationFactory()

    while deletion.delete_batch(event.id, now=THEN):
        pass

    assert all_of(models.Participation, id=other.id)[0].deleted_at is None
    assert all_of(models.Account, id=other.account_id)[0].email is not None


def test_all_is_gone_when_the_day_is_over(app, now):
    """A whole forum, with a run, a version and messages of every state; also who had asked for it before."""
    forum = a_marked_forum(now, delete_after=LAST_DAY)
    interpreter = Interpreting({"fr": "Latifa Marquée"}, ("ar", "fr"))
    delegations.add_interpreter(forum.id, interpreter, actor_id=forum.organiser.id, now=now)
    with unit_of_work() as session:
        session.query(models.Request).update({"priority_reason": "Pour Monsieur Untel"})
        reason = {"reason": "Pour Monsieur Untel"}
        record(session, event_id=forum.id, actor_id=forum.organiser.id, verb="request.priority", now=now, detail=reason)
        session.query(models.PublishedMeeting).update({"interpreter_names": {"fr": "Latifa Marquée"}})
    deletion.delete_person(forum.id, forum.people["b"].id, actor_id=forum.organiser.id, now=now)

    while deletion.delete_batch(forum.id, now=THEN, most=1):
        pass

    assert left(dump(), (*MARKS, "Latifa", "Untel", "b@example.org", "c@example.org", "Participante")) == set()
    assert [one.names for one in all_of(models.Interpreter)] == [fates.INTERPRETER]
    assert [one.names for one in all_of(models.Account, id=forum.organiser.id)] == [forum.organiser.names]


def test_who_has_a_business_in_their_own_name_and_a_colleague_is_found_out(event):
    """All people of an organisation go together, so that its name is compared with each of theirs."""
    owner = factories.AccountFactory(names={"fr": "Zélie Marquée"})
    organisation = factories.OrganisationFactory(event=event, names={"fr": "Zélie Marquée Conseil"})
    factories.ParticipationFactory(organisation=organisation, account=owner)
    factories.ParticipationFactory(organisation=organisation)

    deletion.delete_batch(event.id, now=THEN)

    assert [one.names for one in all_of(models.Organisation)] == [fates.ORGANISATION]


def test_nobody_is_registered_once_the_day_is_over(event):
    visitor = registration.Registration({"fr": "Tardive"}, {"fr": "Société"}, "t@example.org", None, {}, (), "fr")
    organisation = factories.OrganisationFactory(event=event)
    owner = factories.MembershipFactory(event=event).account

    for attempt in (
        lambda: registration.register(event.id, visitor, now=THEN, actor_id=owner.id),
        lambda: registration.add_colleague(
            organisation.id, registration.Colleague({"fr": "Tardive"}), now=THEN, actor_id=owner.id
        ),
    ):
        with pytest.raises(DataDeleted):
            attempt()


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 3, 9)])
def test_a_day_that_is_over_or_before_the_events_last_is_refused(app, now, day):
    """Deletion cannot be undone: a slip in a form must not cause it."""
    actor = factories.AccountFactory()

    with pytest.raises(InvalidValue) as refusal:
        events.create(replace(FRAME, delete_after=day), actor_id=actor.id, now=now)

    assert refusal.value.field == "delete_after"


@pytest.mark.postgresql
def test_it_is_the_same_on_postgresql(tmp_path, postgresql_url, now):
    settings = Settings(data_folder=tmp_path, secret_key="only for this test", database_url=postgresql_url, demo=True)
    with create_app(settings).app_context():
        models.Base.metadata.create_all(db.engine)
        forum = a_marked_forum(now, delete_after=LAST_DAY)
        shared = factories.ParticipationFactory(account=forum.people["c"].account)
        found = left(dump())
        deletion.delete_person(forum.id, forum.people["a"].id, actor_id=None, now=now)
        outbox.sweep(now=now + mailboxes.KEPT + timedelta(seconds=1))
        asked = left(dump())
        while deletion.delete_batch(forum.id, now=THEN, most=1):
            pass
        rest = left(dump(), ("b@example.org", "c@example.org"))
        there = [one.deleted_at for one in all_of(models.Participation, id=shared.id)]
        db.session.remove()
        db.engine.dispose()

    assert (found, asked, rest, there) == (set(MARKS), set(), {"c@example.org"}, [None])
