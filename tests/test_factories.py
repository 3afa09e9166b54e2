"""The builders of the tests build what they promise, in one event."""

from tests import factories


def test_event_has_a_morning_of_slots_and_none_in_the_break(app):
    event = factories.EventFactory(day_count=2)

    assert [slot.code for slot in event.slots] == [
        "1-0900", "1-0925", "1-0950", "1-1035", "1-1100", "1-1125",
        "2-0900", "2-0925", "2-0950", "2-1035", "2-1100", "2-1125",
    ]  # fmt: skip


def test_rows_of_one_event_stay_in_it(app):
    event = factories.EventFactory()
    asker = factories.ParticipationFactory(event=event)
    wanted = factories.OrganisationFactory(event=event, offers=["argan"], needs=["cold"])
    hall = factories.LocationFactory(event=event)
    talk = factories.SessionFactory(event=event)
    wish = factories.WishFactory(organisation=asker.organisation, wanted_organisation=wanted)
    seat = factories.SessionSeatFactory(participation=asker, of_session=talk)
    away = factories.UnavailabilityFactory(participation=asker, in_slot=event.slots[0])
    member = factories.MembershipFactory(event=event)

    rows = (asker, wanted, hall, talk, wish, seat, away, member)
    assert {row.event_id for row in rows} == {event.id}
    assert {(topic.kind, topic.topic) for topic in wanted.topics} == {("offer", "argan"), ("need", "cold")}
