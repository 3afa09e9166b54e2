"""An event with a row of every kind that an address can name, and another event beside it, for those who try doors."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from flask.testing import FlaskClient

from matchmaker import models
from matchmaker.domain.happening import Happened, Happening
from matchmaker.domain.links import Purpose
from matchmaker.domain.scoring import PairClass
from matchmaker.domain.states import (
    ChangeAsked,
    MailState,
    MeetingState,
    PaperState,
    RequestState,
    Role,
    RunState,
    VersionKind,
    WishLevel,
)
from matchmaker.extensions import current_settings, db
from matchmaker.mail import inbox_folder
from matchmaker.mail.messages import Attachment, build_mail
from matchmaker.queries import links
from matchmaker.services import importing
from matchmaker.services.sign_in import link_for
from matchmaker.services.steps.codes import new_code
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.conftest import NOW
from tests.drawings import png
from tests.mail.test_messages import a_letter
from tests.web.desks import member, sign_in


class Knocker(FlaskClient):
    """A browser that does not proof-read: for those who ask who gets what, not how it looks."""

    def open(self, *args, **kwargs):
        db.session.rollback()
        with self.application.app_context():  # of its own, as in service
            return super().open(*args, **{"buffered": True, **kwargs})


FIGURES = (
    "wanted", "placed", "musts_wanted", "musts_placed", "people", "with_0", "with_1", "with_2", "fewest",
    "minimums_missed", "idle_slots", "location_changes", "walking_minutes", "longest_walk", "table_slots",
    "table_slots_open",
)  # fmt: skip
LINK = {
    "agenda.read_only": Purpose.READ_ONLY,
    "agenda.feed": Purpose.FEED,
    "reminders.show": Purpose.REMINDERS,
    "reminders.choose": Purpose.REMINDERS,
}
"""What the token of an address proves; an agenda where nothing else is said."""
SIGN_IN = {"sign_in.confirm", "sign_in.use"}
FILES = tuple(Attachment(name, "application/pdf", b"%PDF-1.7") for name in ("agenda.pdf", "plan.pdf"))
BODIES = {"drafts.lock": {"lock": "meeting_id"}, "day.swap": {"takes": "code"}}
"""What a form must name for its row to be looked for, by the names of ``Estate.names``."""


@dataclass
class Estate:
    """``reader`` takes part, ``other`` is somebody else who does; ``names`` are the parts of addresses."""

    event: models.Event
    reader: models.Participation
    other: models.Participation
    names: dict[str, object] = field(default_factory=dict)

    def path(self, app, rule, **names):
        """Return an address of the rule that names rows of this estate, or what ``names`` says instead."""
        known = {**self.names, "token": self.token(rule.endpoint), **names}
        with app.test_request_context():
            return app.url_for(rule.endpoint, **{name: known[name] for name in rule.arguments})

    def token(self, endpoint):
        """Return what opens the endpoint to the reader; a sign-in link is a new one each time."""
        if endpoint in SIGN_IN:
            return link_for(self.reader.account_id, self.event.id, now=datetime.now(UTC))
        return links.token(self.reader, LINK.get(endpoint, Purpose.AGENDA))

    def body(self, endpoint):
        return {name: self.names[row] for name, row in BODIES.get(endpoint, {}).items()}


def an_estate(number=1):
    """Make an event with everything in it; runs and drafts of the event have this number.

    The reader heads a delegation, and asks for a change.
    """
    event = factories.EventFactory()
    reader, other, third = (factories.ParticipationFactory(event=event) for _ in range(3))
    for one in (reader, other):
        factories.WishFactory(
            organisation=one.organisation, wanted_organisation=third.organisation, level=WishLevel.MUST
        )
    asking = factories.ParticipationFactory(event=event).organisation
    for one in (reader, other):
        factories.WishFactory(organisation=asking, wanted_organisation=one.organisation)
    zone = factories.ZoneFactory(event=event)
    hall = factories.LocationFactory(event=event, zone_id=zone.id)
    estate = Estate(event, reader, other)
    estate.names = {
        "slug": event.slug,
        "code": other.code,
        "asking": asking.code,
        "wanted": third.organisation.code,
        "number": number,
        "zone_id": zone.id,
        "location_id": hall.id,
        "session_id": factories.SessionFactory(event=event).id,
        "type_id": factories.ParticipantTypeFactory(event=event).id,
        "account_id": member(event, Role.VIEWER).id,
        "import_id": an_import(event),
        "delegation_id": a_delegation(event),
        "logo_id": a_logo(event),
        "mail_id": a_held_mail(event, other),
        "meeting_id": _draft(event, reader, other, hall, number),
        "meeting": _published(event, reader, other, hall, number),
        "change_id": _asked(event, reader),
        "host": _a_queue(event, reader),
        "name": "petrol",
        "filename": "icon.svg",
        "id_": a_message(),
        "kind": _a_paper(event),
        "message": "agenda",
        "language": "fr",
    }
    estate.names["meeting_code"] = _a_begun_meeting(event, reader, third, hall)
    return estate


def a_delegation(event):
    """Make a delegation of which nobody is yet; return its id."""
    with unit_of_work() as session:
        made = models.Delegation(event_id=event.id, code=new_code(), names={"fr": "Sud"}, head_id=None)
        session.add(made)
        session.flush()
        return made.id


def _a_queue(event, reader):
    with unit_of_work() as session:
        session.add(models.NumberedQueue(event_id=event.id, organisation_id=reader.organisation_id, minutes=10, last=9))
    return reader.organisation.code


def knocker(app, account=None):
    """Return a plain client, signed in if there is an account."""
    client = Knocker(app, app.response_class, use_cookies=True)
    return sign_in(client, account) if account else client


def a_message():
    """Put a message into the development inbox and return its id."""
    content = build_mail(a_letter(attachments=FILES), now=NOW)
    return inbox_folder.store(current_settings().inbox, content, datetime.now(UTC)).stem


def rules(app, *, method=None):
    """Return the rules of the application, those that take a method, by endpoint."""
    found = [rule for rule in app.url_map.iter_rules() if method is None or method in rule.methods]
    return sorted(found, key=lambda rule: rule.endpoint)


def neutral(page, *slugs):
    """Return a page without what every page says of its own address."""
    return re.sub("|".join(map(re.escape, slugs)), "SLUG", page)


def a_held_mail(event, person=None):
    """Put a mail into the outbox that waits for a decision, and return its id."""
    person = person or factories.ParticipationFactory(event=event)
    with unit_of_work() as session:
        mail = models.Mail(
            event_id=event.id,
            participation_id=person.id,
            kind="agenda",
            key=f"held/{person.id}",
            message_id=f"<{event.id}.{person.id}@localhost>",
            recipient="reader@example.org",
            locale="fr",
            state=MailState.HELD,
            next_try_at=NOW,
            created_at=NOW,
        )
        session.add(mail)
        session.flush()
        return mail.id


def an_import(event):
    """Keep a table of one person to be imported, and return its id."""
    rows = [(1, ["Nom", "Organisation"]), (2, ["Salma Berrada", "Atlas"])]
    return importing.begin(event.id, rows, title="gens.xlsx", actor_id=member(event).id, now=datetime.now(UTC))


def a_logo(event):
    """Give the event a logo, and return its id."""
    with unit_of_work() as session:
        logo = models.Logo(event_id=event.id, small=png(), large=png())
        session.add(logo)
        session.flush()
        row = session.get_one(models.Event, event.id)
        row.logos = [*row.logos, {"id": logo.id, "alt": {"fr": "Chambre de l’essai"}, "width": 120, "height": 60}]
        return logo.id


def _a_begun_meeting(event, reader, other, hall):
    """Add to the version a meeting of the two on a day long past, and return its code."""
    of_event = {"event_id": event.id}
    with unit_of_work() as session:
        version = session.query(models.Version).filter_by(**of_event).one()
        request = models.Request(
            code=f"begun{event.id}",
            first_id=reader.organisation_id,
            second_id=other.organisation_id,
            state=RequestState.ACCEPTED,
            weight=30,
            klass=PairClass.MUST_ALONE,
            created_at=factories.LONG_AGO,
            **of_event,
        )
        session.add(request)
        session.flush()
        session.add(
            models.PublishedMeeting(
                version_id=version.id,
                request_id=request.id,
                state=MeetingState.CONFIRMED,
                day=date(2020, 1, 2),
                start=time(9),
                end=time(9, 20),
                location_id=hall.id,
                location_names=hall.names,
                table_number=1,
                attendances=[
                    models.Attendance(participation_id=one.id, side=side, **of_event)
                    for side, one in enumerate((reader, other))
                ],
                **of_event,
            )
        )
        return request.code


def _draft(event, reader, other, hall, number):
    """Make a finished run with a draft of one meeting, and return the meeting's id."""
    of_event = {"event_id": event.id}
    with unit_of_work() as session:
        run = models.Run(
            number=number, state=RunState.DONE, preset="fairness", seconds=5, seed=1, created_at=NOW, **of_event
        )
        run.happened = _someone_left(event, other)
        request = models.Request(
            code=f"request{event.id}",
            first_id=reader.organisation_id,
            second_id=other.organisation_id,
            state=RequestState.ASKED,
            weight=30,
            klass=PairClass.MUST_ALONE,
            created_at=factories.LONG_AGO,
            **of_event,
        )
        session.add_all([run, request])
        session.flush()
        card = dict.fromkeys(FIGURES, 1) | {"classes": {str(klass): [1, 1] for klass in PairClass}}
        zeros = dict.fromkeys(("value", "bound", "gap", "seconds"), 0)
        draft = models.Draft(number=number, run_id=run.id, terms={}, scores=card, created_at=NOW, **zeros, **of_event)
        session.add(draft)
        session.flush()
        of_draft = {"draft_id": draft.id, **of_event}
        slot = session.merge(event).slots[0].id
        meeting = models.DraftMeeting(
            request_id=request.id, slot_id=slot, location_id=hall.id, table_number=1, **of_draft
        )
        meeting.people = [
            models.PersonBooking(participation_id=one.id, slot_id=slot, side=side, **of_draft)
            for side, one in enumerate((reader, other))
        ]
        meeting.tables = [models.TableBooking(location_id=hall.id, table_number=1, slot_id=slot, **of_draft)]
        session.add(meeting)
        session.flush()
        return meeting.id


def _someone_left(event, other):
    """Return what makes a run a repair: the day before, somebody left."""
    happened = Happened(Happening.LEFT, other.code, event.days[0].day)
    asked = datetime.combine(happened.day, time(8)).isoformat()
    return {**happened.facts(), "told": "", "now": event.slots[0].code, "asked": asked}


def _published(event, reader, other, hall, number):
    """Publish the draft of one meeting between the two, whose organisations are of a delegation; return its code."""
    of_event = {"event_id": event.id}
    with unit_of_work() as session:
        delegation = models.Delegation(code="nord", names={"fr": "Nord"}, head_id=reader.id, **of_event)
        session.add(delegation)
        session.flush()
        for one in (reader, other):
            session.get_one(models.Organisation, one.organisation_id).delegation_id = delegation.id
        draft_id = session.query(models.Draft.id).filter_by(number=number, **of_event).scalar()
        request = session.query(models.Request).filter_by(**of_event).one()
        version = models.Version(number=1, kind=VersionKind.FINAL, draft_id=draft_id, published_at=NOW, **of_event)
        session.add(version)
        session.flush()
        slot = session.merge(event).slots[0]
        session.add(
            models.PublishedMeeting(
                version_id=version.id,
                request_id=request.id,
                state=MeetingState.CONFIRMED,
                day=slot.day,
                start=slot.start,
                end=slot.end,
                location_id=hall.id,
                location_names=hall.names,
                table_number=1,
                attendances=[
                    models.Attendance(participation_id=one.id, side=side, **of_event)
                    for side, one in enumerate((reader, other))
                ],
                **of_event,
            )
        )
        return request.code


def _a_paper(event):
    """Put a printed file on offer, and return its kind."""
    folder = current_settings().paper / f"estate-{event.id}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "agendas.pdf").write_bytes(FILES[0].content)
    with unit_of_work() as session:
        pack = models.PaperPack(event_id=event.id, version_number=1, state=PaperState.READY, asked_at=NOW, made_at=NOW)
        pack.folder, pack.files = folder.name, {"agendas": len(FILES[0].content)}
        session.add(pack)
    return "agendas"


def _asked(event, reader):
    """Let the reader ask for a change of their meeting, and return its id."""
    with unit_of_work() as session:
        request = session.query(models.Request).filter_by(event_id=event.id).one()
        of_reader = {"participation_id": reader.id, "request_id": request.id, "event_id": event.id}
        change = models.ChangeRequest(kind=ChangeAsked.CANNOT, made_at=NOW, **of_reader)
        session.add(change)
        session.flush()
        return change.id
