"""The day goes wrong, in a real browser: a delegation of nine is late, the minister too, then a hall is closed."""

from __future__ import annotations

import datetime as dt
import re

from matchmaker import clock
from matchmaker.domain import zones
from matchmaker.domain.states import Locale, Phase
from matchmaker.extensions import db
from matchmaker.models import Event, EventDay, Organisation, Participation, Slot, Unavailability
from matchmaker.services import delegations, people, sign_in
from matchmaker.unit_of_work import unit_of_work
from tests.browser import furniture
from tests.browser.house import House
from tests.browser.organising import HOUDA, a_fair, enter, out, told, work
from tests.browser.traveller import DESK, PHONE, Journey, Traveller
from tests.factories import LocationFactory
from tests.placed import version_of

MINISTER, PORT = "ministre", "delegation"
MINISTRY = {"fr": "Ministère de l’Essai", "ar": "وزارة التجربة", "en": "Ministry of Trials"}
HOSTS, NINE = "abc", "defghijkl"
COMES = dt.time(12, 15)


def furnish(lived: House) -> None:
    """Make two events at which it is after ten on the day; all meetings begin after eleven."""
    now = clock.now()
    houda = sign_in.make_staff(HOUDA, "houda@example.org", furniture.PASSWORD, Locale.FRENCH, now=now)
    lived.accounts["organiser"] = (houda, None)
    _expect_a_minister(lived, now)
    _expect_nine(lived, now)


def _today(lived, slug, wishes, now, **event):
    """Return an event of today, and its slots from eleven on."""
    zone = furniture._zone_where_it_is_ten(now)
    today = zones.wall(now, zone).date()
    days = [EventDay(day=today, start=dt.time(8), end=dt.time(18))]
    forum = a_fair(lived, slug, wishes, days=days, zone=zone, phase=Phase.ON_THE_DAY, **event)
    return forum, [slot.start for slot in forum.slots if slot.start >= dt.time(11, 5)]


def _expect_a_minister(lived, now):
    forum, (first, second, third, *_) = _today(lived, MINISTER, "m!a a!m m!b b!m a+b b+a c!d d!c", now)
    LocationFactory(event=forum.event, capacity=4)
    with unit_of_work() as session:
        session.get_one(Organisation, forum.organisations["m"].id).names = MINISTRY
    version_of(forum, f"ma {first}, mb {third}, ab {second}, cd {first}", now=now - dt.timedelta(days=1))
    late = dt.datetime.combine(dt.date.min, first) + dt.timedelta(minutes=40)
    lived.places |= {"hall": forum.hall.code, "comes": f"{late:%H:%M}"}


def _expect_nine(lived, now):
    """Nine of one delegation are to meet three hosts, three at a time, all before they come."""
    wishes = " ".join(f"{one}!{host} {host}+{one}" for one in NINE for host in HOSTS)
    forum, starts = _today(lived, PORT, wishes, now)
    placed = [f"{HOSTS[number % 3]}{one} {starts[number // 3]}" for number, one in enumerate(NINE)]
    version_of(forum, ", ".join(placed), now=now - dt.timedelta(days=1))
    by = {"actor_id": forum.organiser.id, "now": now}
    port = delegations.add_delegation(forum.id, "port", {"fr": "Délégation du port", "ar": "وفد الميناء"}, **by)
    for letter in NINE:
        people.join_delegation(forum.id, forum.organisations[letter].id, port, **by)


# ── the journeys ────────────────────────────────────────────────────────────


def nine_late(one: Traveller, lived: House) -> None:
    """Nine sit in one bus that is late: said once, repaired once, and each of those concerned told once."""
    enter(one, lived, f"/o/{PORT}/day")
    one.tap(one.page.locator("main .page-head a[href$='/day/repair']"))
    one.page.select_option("#person-of", index=1)
    one.taps += 1
    one.page.fill("#person-until", f"{COMES:%H:%M}")
    one.tap(one.page.locator("section:has(#ask-person) form button"))
    work(lived)
    one.page.locator(".repairs").wait_for()
    one.look("ways", "fr", doing=one.page.locator(".repairs summary").first.click)
    one.tap(one.page.locator(".repairs form button").first)

    assert out(lived, PORT)[0] == 2
    assert len(told(lived, PORT, 2)) == len(set(told(lived, PORT, 2)))
    assert away(lived, PORT) == 9


def minister_late(one: Traveller, lived: House) -> None:
    """The minister comes forty minutes late, then the hall is closed: those concerned are told, nobody else."""
    enter(one, lived, f"/o/{MINISTER}/day/clock")
    one.look("clock", "fr")
    one.open(f"/o/{MINISTER}/day")
    one.look("desk", "fr")
    one.page.fill("#q", "Ministère")
    one.page.keyboard.press("Enter")
    one.page.wait_for_url(re.compile("q="))
    one.tap(one.page.locator(".arrivals a").first)
    one.look("person", "fr")
    one.tap(one.page.locator("#person a[href*='/day/repair?person=']"))
    one.look("what happened", "fr")
    one.page.fill("#person-until", lived.places["comes"])
    one.tap(one.page.locator("section:has(#ask-person) form button"))
    work(lived)
    one.page.locator(".repairs").wait_for()
    one.look("ways", "fr")
    one.page.set_viewport_size(PHONE)
    one.look("ways on a phone", "fr")
    one.page.set_viewport_size(DESK)
    one.tap(one.page.locator(".repairs form button").first)
    assert (out(lived, MINISTER)[0], [address[0] for address in told(lived, MINISTER, 2)]) == (2, ["a", "m"])

    one.choose("#place-of", lived.places["hall"])
    one.page.fill("#place-start", "11:00")
    one.page.fill("#place-until", "18:00")
    one.tap(one.page.locator("section:has(#ask-place) form button"))
    work(lived)
    one.page.locator(".repairs").wait_for()
    one.look("closed", "fr")
    one.tap(one.page.locator(".repairs form button").first)
    assert [address[0] for address in told(lived, MINISTER, 3)] == ["a", "b", "c", "d", "m"]


JOURNEYS: dict[str, Journey] = {"nine-late": nine_late, "minister-late": minister_late}


def away(lived: House, slug: str) -> int:
    """Return how many are noted as not free in a slot before they come."""
    with lived.app.app_context():
        noted = db.select(db.func.count(db.distinct(Unavailability.participation_id))).join(
            Participation, Participation.id == Unavailability.participation_id
        )
        early = noted.join(Slot, Slot.id == Unavailability.slot_id).where(Slot.start < COMES)
        return db.session.scalar(early.join(Event, Event.id == Slot.event_id).where(Event.slug == slug)) or 0
