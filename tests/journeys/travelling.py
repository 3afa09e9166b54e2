"""From a loaded scenario to mailed agendas, each step by the service that the pages and the worker call."""

from __future__ import annotations

import email
import re
from collections import Counter
from dataclasses import dataclass
from email.policy import default

from matchmaker import clock, scenarios
from matchmaker.domain.states import Channel, MailState, RunState, VersionKind, WishLevel
from matchmaker.extensions import db
from matchmaker.mail.smtp import Relay
from matchmaker.models import (
    Attendance,
    Draft,
    Mail,
    Participation,
    PublishedMeeting,
    Request,
    Run,
    Wish,
)
from matchmaker.scheduling.problem import unpacked
from matchmaker.services import outbox, publishing, runs
from matchmaker.services.runs import Capacity
from matchmaker.settings import Settings
from solver import Meeting, Schedule, Unscheduled, violations
from tests import ticking
from tests.relays import relay

WORKERS = Capacity(memory_mb=6000, workers=2)


@dataclass
class Journey:
    """``letters`` are the parsed messages that the relay took, in the order of their coming."""

    loaded: scenarios.Loaded
    run: Run
    draft: Draft
    letters: list


def travel(name, *, seconds, now, settings, seed=3):
    """Load a scenario, solve it in the real child process, publish it, and send all its mail."""
    loaded = scenarios.load(name, now=now)
    run = solve(loaded.event_id, seconds, now=now, seed=seed)
    draft = db.session.scalars(db.select(Draft).where(Draft.run_id == run.id)).one()
    publish(loaded.event_id, draft.number, now=now)
    return Journey(loaded, run, draft, posted(now, settings))


def solve(event_id, seconds, *, now, seed=3):
    """Start a run, carry it out as the worker does, and return it done."""
    runs.start(event_id, "fairness", seconds, actor_id=None, now=now, seed=seed)
    return carry_out(event_id, now)


def carry_out(event_id, now):
    """Claim the run that waits and solve it in the real child process; return it done."""
    runs.execute(runs.claim("worker", now), holder="worker", capacity=WORKERS, clock=clock.now)
    db.session.rollback()
    run = db.session.scalars(db.select(Run).where(Run.event_id == event_id).order_by(Run.number.desc())).first()
    assert run.state is RunState.DONE, (run.state, run.failure, run.failure_detail)
    return run


def publish(event_id, draft_number, *, now, kind=VersionKind.FINAL, expected=None):
    return publishing.publish(event_id, draft_number, kind, expected_version=expected, actor_id=None, now=now)


def posted(now, settings):
    """Send everything that waits to a real relay; return the messages as parsed."""
    with relay() as server:
        way = Relay(Settings(secret_key=settings.secret_key, smtp_port=server.port))
        while outbox.send_due(holder="worker", clock=ticking.since(now), relay=way):
            pass
    left = db.session.scalars(db.select(Mail.answer).where(Mail.state != MailState.SENT)).all()
    assert left == [], left[:3]
    return [email.message_from_bytes(content, policy=default) for _, content in server.kept]


def agenda_path(letter):
    """Return the path of the personal agenda that a message leads to."""
    text = letter.get_body(("plain",)).get_content()
    return re.search(r"https?://[^/\s]+(/a/[0-9a-z-]+)", text).group(1)


def attachments(letter):
    """Return the attached files by name."""
    return {part.get_filename(): part.get_content() for part in letter.iter_attachments()}


# ── what is true of the event, asked of the rows and of nothing else ────────


def concerned(event_id):
    """Return the addresses that expect a mail, once for each person: who meets somebody, and who wanted to."""
    meets = set(db.session.scalars(db.select(Attendance.participation_id).where(Attendance.event_id == event_id)))
    positive = (Wish.event_id == event_id, Wish.level != WishLevel.VETO)
    wants = set(db.session.scalars(db.select(Wish.organisation_id).where(*positive)))
    people = db.session.scalars(db.select(Participation).where(Participation.event_id == event_id)).all()
    return Counter(
        person.account.email
        for person in people
        if person.channel is Channel.MAIL and person.account.email
        if person.id in meets or person.organisation_id in wants
    )


def vetoed_pairs(event_id):
    where = (Wish.event_id == event_id, Wish.level == WishLevel.VETO)
    rows = db.session.execute(db.select(Wish.organisation_id, Wish.wanted_id).where(*where))
    return {tuple(sorted(row)) for row in rows}


def met_pairs(event_id):
    met = db.select(Request.first_id, Request.second_id).join(
        PublishedMeeting, PublishedMeeting.request_id == Request.id
    )
    return {tuple(row) for row in db.session.execute(met.where(Request.event_id == event_id))}


def found_by_the_checker(journey):
    """Return what the independent checker has against the draft as its rows say it, not as the solver said it."""
    draft, problem = journey.draft, unpacked(journey.run.problem)
    schedule = Schedule(
        status="optimal" if draft.proven else "feasible",
        objective="balanced",
        value=int(draft.value),
        bound=draft.bound,
        gap=draft.gap,
        seconds=draft.seconds,
        terms=draft.terms,
        meetings=tuple(_meeting(row) for row in draft.meetings),
        unscheduled=tuple(
            Unscheduled(row.request.code, row.reason)
            for row in draft.unscheduled
            if row.request.code in problem.requests
        ),
    )
    return [str(found) for found in violations(problem, schedule)]


def _meeting(row):
    people = {booking.side: booking.participation.code for booking in row.people}
    return Meeting(
        request=row.request.code,
        slot=row.slot.code,
        location=row.location.code,
        table=row.table_number,
        attendees=tuple(people[side] for side in sorted(people)),
        interpreter=row.interpreter.code if row.interpreter else None,
    )
