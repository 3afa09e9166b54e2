"""Rows for tests, with defaults that disturb nobody: say only what the test is about.

Each row is kept with those that it needs, in one unit of work. Give ``event=`` to put several rows into one event.
"""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, date, datetime, time, timedelta

import factory

from matchmaker import models
from matchmaker.domain import timetable
from matchmaker.domain.states import Channel, Locale, Phase, Role, WishLevel
from matchmaker.extensions import db
from matchmaker.unit_of_work import WRITES, unit_of_work

LONG_AGO = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
FIRST_DAY = date(2026, 3, 10)
"""A Tuesday, eight days after the moment at which tests happen."""


class RowFactory(factory.Factory):
    """A factory whose ``create`` keeps the row."""

    class Meta:
        abstract = True

    @classmethod
    def create(cls, **kwargs):
        """Keep a row, and those that it needs, in one unit of work."""
        with nullcontext() if db.session().info.get(WRITES) else unit_of_work():
            return super().create(**kwargs)

    @classmethod
    def _create(cls, model_class, *_args, **kwargs):
        row = model_class(**kwargs)
        db.session.add(row)
        db.session.flush()
        return row


class EventFactory(RowFactory):
    """A morning of slots, 09:00 to 12:00 with a coffee break, on one day; ``day_count`` for more days.

    Wishes are open until 6 March at 18:00 of the event's clock.
    """

    class Meta:
        model = models.Event

    class Params:
        day_count = 1
        starts = time(9)
        ends = time(12)

    slug = factory.Sequence("event-{}".format)
    names = factory.Sequence(lambda n: {"ar": f"التظاهرة {n}", "fr": f"La manifestation {n}", "en": f"The event {n}"})
    places = {"ar": "الجديدة", "fr": "El Jadida", "en": "El Jadida"}  # noqa: RUF012
    patronage = factory.Dict({})
    zone = "Africa/Casablanca"
    languages = factory.LazyFunction(lambda: ["fr", "ar", "en"])
    controller = "Chambre de commerce de l’essai"
    cndp_number = "A-W-000/2026"
    phase = Phase.WISHES
    wishes_close_at = datetime(2026, 3, 6, 18, 0)  # noqa: DTZ001 -- wall time
    created_at = LONG_AGO
    days = factory.LazyAttribute(
        lambda event: [
            models.EventDay(day=FIRST_DAY + timedelta(days=number), start=event.starts, end=event.ends)
            for number in range(event.day_count)
        ]
    )
    breaks = factory.LazyAttribute(
        lambda _: [
            models.Break(
                start=time(10, 15),
                end=time(10, 35),
                kind=timetable.BreakKind.COFFEE,
                titles={"ar": "استراحة", "fr": "Pause-café", "en": "Coffee break"},
            )
        ]
    )
    slots = factory.LazyAttribute(lambda event: _slots(event.days, event.breaks))


def _slots(days, breaks):
    planned = timetable.make_slots(
        [timetable.DayPlan(day.day, day.start, day.end) for day in days],
        [timetable.Break(pause.day, pause.start, pause.end) for pause in breaks],
    )
    return [
        models.Slot(code=slot.code, day=slot.day, start=slot.start, end=slot.end, break_before=slot.break_before)
        for slot in planned
    ]


class InEventFactory(RowFactory):
    """A row of an event, which is made unless it is given."""

    class Meta:
        abstract = True
        exclude = ("event",)

    event = factory.SubFactory(EventFactory)
    event_id = factory.SelfAttribute("event.id")


class AccountFactory(RowFactory):
    class Meta:
        model = models.Account

    names = factory.Sequence(lambda n: {"fr": f"Participante {n}", "ar": f"مشاركة {n}"})
    email = factory.Sequence("person-{}@example.org".format)
    locale = Locale.FRENCH
    created_at = LONG_AGO


class MembershipFactory(InEventFactory):
    """A role of an account in an event; an organiser by default."""

    class Meta:
        model = models.Membership

    account = factory.SubFactory(AccountFactory)
    role = Role.ORGANISER


class ParticipantTypeFactory(InEventFactory):
    class Meta:
        model = models.ParticipantType

    code = factory.Sequence("type-{}".format)
    names = factory.Sequence(lambda n: {"ar": f"صنف {n}", "fr": f"Catégorie {n}", "en": f"Category {n}"})


class OrganisationFactory(InEventFactory):
    """An organisation; ``offers`` and ``needs`` are lists of topic codes."""

    class Meta:
        model = models.Organisation

    class Params:
        offers = ()
        needs = ()

    code = factory.Sequence("organisation{:04}".format)
    names = factory.Sequence(lambda n: {"fr": f"Société {n:03}", "ar": f"شركة {n:03}"})
    city = "El Jadida"
    created_at = LONG_AGO
    topics = factory.LazyAttribute(
        lambda organisation: [
            models.OrganisationTopic(event_id=organisation.event_id, kind=kind, topic=topic)
            for kind, topics in (("offer", organisation.offers), ("need", organisation.needs))
            for topic in topics
        ]
    )


class ParticipationFactory(RowFactory):
    """A participant, of a new organisation of ``event`` unless ``organisation`` is given."""

    class Meta:
        model = models.Participation

    class Params:
        event = None

    organisation = factory.LazyAttribute(
        lambda one: OrganisationFactory(event=one.event) if one.event else OrganisationFactory()
    )
    event_id = factory.SelfAttribute("organisation.event_id")
    account = factory.SubFactory(AccountFactory)
    code = factory.Sequence("participation{:04}".format)
    job = factory.LazyFunction(lambda: {"fr": "Directrice", "ar": "مديرة"})
    languages = factory.LazyFunction(lambda: ["fr", "ar"])
    channel = Channel.MAIL
    created_at = LONG_AGO


class WishFactory(RowFactory):
    """What ``organisation`` (asker) said of ``wanted``: a like unless said otherwise; a must needs a rank."""

    class Meta:
        model = models.Wish
        exclude = ("organisation", "wanted_organisation")

    organisation = factory.SubFactory(OrganisationFactory)
    wanted_organisation = factory.LazyAttribute(lambda _: OrganisationFactory())
    event_id = factory.SelfAttribute("organisation.event_id")
    organisation_id = factory.SelfAttribute("organisation.id")
    wanted_id = factory.SelfAttribute("wanted_organisation.id")
    level = WishLevel.LIKE
    rank = factory.LazyAttribute(lambda wish: 1 if wish.level is WishLevel.MUST else None)
    made_at = LONG_AGO


class ZoneFactory(InEventFactory):
    class Meta:
        model = models.Zone

    code = factory.Sequence("z{}".format)
    names = factory.Sequence(lambda n: {"ar": f"الفضاء {n}", "fr": f"Espace {n}", "en": f"Zone {n}"})


class LocationFactory(InEventFactory):
    """A hall with four tables."""

    class Meta:
        model = models.Location

    code = factory.Sequence("hall-{}".format)
    names = factory.Sequence(lambda n: {"ar": f"القاعة {n}", "fr": f"Salle {n}", "en": f"Hall {n}"})
    capacity = 4


class SessionFactory(InEventFactory):
    """A talk of the first day from 09:00 to 09:45, open to all who sign up."""

    class Meta:
        model = models.EventSession

    titles = factory.Sequence(lambda n: {"ar": f"الجلسة {n}", "fr": f"Atelier {n}", "en": f"Talk {n}"})
    rooms = factory.LazyFunction(lambda: {"fr": "Amphithéâtre"})
    day = FIRST_DAY
    start = time(9)
    end = time(9, 45)


class UnavailabilityFactory(RowFactory):
    """``participation`` is not free in ``slot``."""

    class Meta:
        model = models.Unavailability
        exclude = ("participation", "in_slot")

    participation = factory.SubFactory(ParticipationFactory)
    in_slot = None
    event_id = factory.SelfAttribute("participation.event_id")
    participation_id = factory.SelfAttribute("participation.id")
    slot_id = factory.SelfAttribute("in_slot.id")


class SessionSeatFactory(RowFactory):
    """``participation`` attends ``of_session``."""

    class Meta:
        model = models.SessionSeat
        exclude = ("participation", "of_session")

    participation = factory.SubFactory(ParticipationFactory)
    of_session = None
    event_id = factory.SelfAttribute("participation.event_id")
    participation_id = factory.SelfAttribute("participation.id")
    session_id = factory.SelfAttribute("of_session.id")
