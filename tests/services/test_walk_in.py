"""Somebody comes without being registered: entered as arrived, with the holes that suit them, all or none taken."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
import time_machine

from matchmaker.domain import zones
from matchmaker.domain.states import Channel, Locale, MeetingState, Phase, Role, Silence
from matchmaker.errors import DoubleBooking
from matchmaker.extensions import db
from matchmaker.models import Consent, LogEntry, OrganisationTopic, Participation, PublishedMeeting, Wish
from matchmaker.queries.agenda import agenda
from matchmaker.services import walk_in
from matchmaker.services.standby import Where
from matchmaker.services.walk_in import Chosen, Guest
from matchmaker.unit_of_work import unit_of_work
from tests.factories import FIRST_DAY, ParticipantTypeFactory
from tests.forum import a_forum, wish
from tests.placed import version_of
from tests.swapping import change
from tests.web.desks import fields, member
from tests.web.visitors import Visitor, words


def at(text):
    return zones.instant(datetime.combine(FIRST_DAY, time.fromisoformat(text)), "Africa/Casablanca")


@pytest.fixture(autouse=True)
def _now():
    """Pages ask the clock; sessions live by it as well."""
    with time_machine.travel(at("09:10"), tick=False):
        yield


@pytest.fixture
def forum(app):
    """Machines are offered by c, who is free, by d, who is not there, and by e, whose silence refuses."""
    forum = a_forum("a!b b!a c d e", phase=Phase.ON_THE_DAY)
    version_of(forum, "ab 09:25", now=at("12:00") - timedelta(days=1))
    for letter in "abce":
        change(Participation, forum.people[letter].id, arrived_at=at("08:30"))
    refusing = ParticipantTypeFactory(event=forum.event, silence=Silence.REFUSES)
    change(type(forum.organisations["e"]), forum.organisations["e"].id, type_id=refusing.id)
    for letter in "acde":
        offers(forum, letter, "machining")
    return forum


def offers(forum, letter, topic):
    with unit_of_work() as session:
        of = {"event_id": forum.id, "organisation_id": forum.organisations[letter].id}
        session.add(OrganisationTopic(kind="offer", topic=topic, **of))


def starts(person):
    return [(f"{one.start:%H:%M}", one.organisation["en"]) for one in agenda(person).meetings]


def test_a_guest_is_entered_as_arrived_for_a_new_organisation_or_the_one_of_that_name(forum):
    by = {"actor_id": forum.organiser.id, "now": at("09:10")}
    guest = Guest({"fr": "Omar"}, {"fr": "Neuve"}, needs=frozenset({"machining"}), consents=frozenset({"scheduling"}))

    first = db.session.get(Participation, walk_in.register(forum.id, guest, **by))
    second = db.session.get(
        Participation, walk_in.register(forum.id, Guest({"fr": "Ali"}, {"fr": "societe B"}, phone="06"), **by)
    )

    assert (first.arrived_at, first.channel, second.channel) == (at("09:10"), Channel.PAPER, Channel.PHONE)
    assert [(one.kind, one.topic) for one in first.organisation.topics] == [("need", "machining")]
    assert second.organisation_id == forum.organisations["b"].id
    assert db.session.scalars(db.select(Consent.purpose)).all() == ["scheduling"]
    assert db.session.scalars(db.select(LogEntry.verb)).all() == ["registered", "arrived"] * 2


def test_in_one_minute_at_the_desk(app, forum):
    """Two presses beside what is typed and ticked: one registers, one takes all places that are proposed."""
    desk = Visitor(app, member(forum.event, Role.DESK, locale=Locale.ENGLISH))
    path = f"/o/{forum.event.slug}/day/walk-in"
    told = {"name": "عمر بنجلون", "organisation": "Neuve", "needs": "machining", "locale": "ar", "consent": "y"}
    empty = desk.post(path, {"locale": "ar"})
    places = desk.post(path, told).location
    form = fields(desk.get(places).get_data(as_text=True))
    taken = desk.post(places, form)
    again = words(desk.post(places, form, follow_redirects=True))

    guest = db.session.scalars(db.select(Participation).order_by(Participation.id.desc())).first()
    assert empty.status_code == 422
    assert len(form["place"]) == 2
    assert taken.status_code == 303
    assert starts(guest) == [("09:25", "Firm c"), ("09:50", "Firm a")]
    assert guest.account.names == {"ar": "عمر بنجلون"}
    wished = db.session.scalars(db.select(Wish.wanted_id).filter_by(organisation_id=guest.organisation_id)).all()
    assert sorted(wished) == [forum.organisations[letter].id for letter in "ac"]
    assert "This person or this table is already taken at that time." in again
    stood = db.session.scalars(db.select(PublishedMeeting).order_by(PublishedMeeting.id)).first()
    assert (f"{stood.start:%H:%M}", stood.state) == ("09:25", MeetingState.CONFIRMED)


def test_if_one_place_is_gone_none_is_taken(forum):
    by = {"actor_id": forum.organiser.id, "now": at("09:10")}
    guest = walk_in.register(forum.id, Guest({"fr": "Omar"}, {"fr": "Neuve"}), **by)
    slots = {f"{slot.start:%H:%M}": slot.id for slot in forum.slots}
    free, taken = (Where(slots[start], forum.hall.id, 1) for start in ("09:50", "09:25"))

    codes = [forum.organisations[letter].code for letter in "ca"]
    with pytest.raises(DoubleBooking):
        walk_in.take(forum.id, guest, [Chosen(codes[0], free), Chosen(codes[1], taken)], **by)

    assert starts(db.session.get(Participation, guest)) == []
    assert db.session.scalars(db.select(Wish).where(Wish.organisation_id > forum.organisations["e"].id)).all() == []


def test_whom_they_wished_for_comes_before_those_who_fit(app, forum):
    wish(forum, "d", "+", "b")
    change(Participation, forum.people["d"].id, arrived_at=at("08:30"))
    desk = Visitor(app, member(forum.event, Role.DESK, locale=Locale.ENGLISH))
    shown = words(desk.get(f"/o/{forum.event.slug}/day/walk-in/{forum.people['d'].code}"))

    assert "Firm b" in shown
    assert "Firm c" not in shown  # nothing is looked for, so nobody fits
