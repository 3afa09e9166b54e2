"""What stands in the house of the browser tests: one event that was lived through, one whose wishes are open.

Everything came to be by the services that the pages call; the schedules are the real solver's, the mails were taken,
refused and interrupted by a real relay.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from matchmaker import clock
from matchmaker.domain import zones
from matchmaker.domain.states import (
    ChangeAsked,
    Channel,
    ImportKind,
    Locale,
    Phase,
    Role,
    RunState,
    StudyKind,
    VersionKind,
    WishLevel,
)
from matchmaker.domain.timetable import BreakKind, DayPlan
from matchmaker.extensions import db
from matchmaker.mail import inbox_folder
from matchmaker.models import Event, Location, Organisation, Participation, Rehearsal, Run, Slot
from matchmaker.queries import changes as changes_query
from matchmaker.queries import links
from matchmaker.queries.agenda import agenda
from matchmaker.queries.feedback import has_begun
from matchmaker.queries.loaded import belongings
from matchmaker.queries.runs import draft_of
from matchmaker.queries.taxonomy import taxonomy
from matchmaker.services import (
    changes,
    delegations,
    events,
    feedback,
    importing,
    logos,
    numbered,
    people,
    places,
    profiles,
    publishing,
    registration,
    runs,
    sessions,
    sign_in,
    studies,
    team,
    times,
    types,
    wishes,
)
from matchmaker.services.runs import Capacity
from matchmaker.unit_of_work import unit_of_work
from tests.browser import inhabitants
from tests.browser.house import House
from tests.browser.inhabitants import INHABITANTS, LIKES, MUSTS, READER
from tests.drawings import png
from tests.rehearsed import FACTS, with_codes
from tests.relays import resets, takes

PASSWORD = "a long enough password"
LIVED, OPEN = "journees-vecues", "voeux-ouverts"
ONE_WORKER = Capacity(memory_mb=6000, workers=1)
WORDS = {"fr": "Journées professionnelles de l’essai", "ar": "الأيام المهنية التجريبية", "en": "Trade days on trial"}
RUN_SECONDS, STUDY_SECONDS = 3, 2


ASKED = ("Mon train n’arrive qu’à onze heures.", "Nous avons déjà un fournisseur pour ces emballages.")


def furnish(house: House) -> None:
    """Let two events happen: one was lived through, of the other the wishes are open."""
    now = clock.now()
    organiser_id = sign_in.make_staff(
        {"fr": "Houda Amrani", "ar": "هدى العمراني"}, "houda@example.org", PASSWORD, Locale.FRENCH, now=now
    )
    house.accounts["organiser"] = (organiser_id, None)
    ten = _zone_where_it_is_ten(now)
    open_ = _event(house, OPEN, "Africa/Casablanca", now.date() + dt.timedelta(days=30), now)
    lived = _event(house, LIVED, ten, zones.wall(now, ten).date(), now)
    _live(house, lived, now)
    _look_back(house, lived, now)
    _foresee(open_, now)
    runs.start(open_.id, "fairness", 60, actor_id=organiser_id, now=now, seed=1)
    house.places |= _tables(open_, now)
    house.places |= _names(open_, "open") | _names(lived, "lived")
    house.places |= _tokens(house, lived)


def _zone_where_it_is_ten(now):
    """Return a zone in which it is between ten and eleven in the morning: the event is on its first day, always."""
    ahead = (10 - now.hour + 12) % 24 - 12
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


# ── an event, from its frame to its wishes ──────────────────────────────────


@dataclass
class Furnished:
    """An event and the ids of what stands in it; ``people`` and ``organisations`` in the order of INHABITANTS."""

    id: int
    slug: str
    act: dict
    slot_ids: list[int]
    places: dict[str, int]
    people: list[int] = field(default_factory=list)
    organisations: list[int] = field(default_factory=list)


def _event(house, slug, zone, first_day, now):
    """Make an event of two mornings, with its places, its talks, a dozen people and all that they said."""
    early = now - dt.timedelta(days=5)
    act = {"actor_id": house.accounts["organiser"][0], "now": early}
    event_id = events.create(_frame(slug, zone, first_day), **act)
    found = db.session.scalars(db.select(Slot).where(Slot.event_id == event_id).order_by(Slot.day, Slot.start))
    made = Furnished(event_id, slug, act, [slot.id for slot in found], {})
    made.places = _places(made, first_day)
    if slug == LIVED:
        for width, alt in ((150, "Chambre de l’essai"), (60, "Région de l’essai"), (100, "Ministère de l’essai")):
            logos.add(event_id, png(width), {"fr": alt, "ar": "هيئة التجربة"}, **act)
        house.places["logo"] = str(db.session.get_one(Event, event_id).logos[0]["id"])
    events.set_phase(event_id, Phase.WISHES, **act)
    for one in INHABITANTS:
        _move_in(house, made, one)
    _describe(made)
    _say(made)
    return made


def _frame(slug, zone, first_day):
    days = tuple(DayPlan(first_day + dt.timedelta(days=n), dt.time(8, 30), dt.time(12, 30)) for n in (0, 1))
    return events.EventFrame(
        slug=slug,
        names={code: f"{words} – {slug}" for code, words in WORDS.items()},
        zone=zone,
        days=days,
        breaks=(
            events.Pause(dt.time(10, 30), dt.time(10, 50), kind=BreakKind.COFFEE),
            events.Pause(dt.time(12, 10), dt.time(12, 30), day=days[0].day, kind=BreakKind.PRAYER),
        ),
        places={"fr": "El Jadida", "ar": "الجديدة", "en": "El Jadida"},
        patronage={"fr": "Sous l’égide de la Chambre de l’essai", "ar": "تحت إشراف غرفة التجربة"},
        controller="Chambre de l’essai",
        cndp_number="A-W-000/2026",
        wishes_close_at=dt.datetime.combine(days[0].day - dt.timedelta(days=3), dt.time(18)),
        slot_minutes=25,
        accent="petrol" if slug == LIVED else "garnet",
    )


def _places(made, first_day):
    by = made.act
    halls = places.add_zone(made.id, "halls", {"fr": "Salles", "ar": "القاعات", "en": "Halls"}, **by)
    stands = places.add_zone(made.id, "stands", {"fr": "Exposition", "ar": "المعرض", "en": "Stands"}, **by)
    places.set_walk(made.id, (halls, stands), 5, **by)
    salle = {"fr": "Salle Mohamed Zerktouni", "ar": "قاعة محمد الزرقطوني", "en": "Zerktouni hall"}
    talk = {"fr": "Ouverture officielle", "ar": "الافتتاح الرسمي", "en": "Official opening"}
    workshop = {"fr": "Atelier : exporter sans détour", "ar": "ورشة: التصدير بلا تعقيد", "en": "Workshop: exporting"}
    kinds = types.TypeRules("exposants", {"fr": "Exposants", "ar": "العارضون", "en": "Exhibitors"}, max_per_day=6)
    return {
        "hall": places.add_location(made.id, places.Place("A", salle, capacity=2, zone_id=halls), **by),
        "stand": places.add_location(
            made.id,
            places.Place("B4", {"fr": "Stand B4", "ar": "الرواق B4", "en": "Stand B4"}, is_stand=True, zone_id=stands),
            **by,
        ),
        "opening": sessions.add(
            made.id, sessions.SessionPlan(talk, first_day, dt.time(8, 30), dt.time(9), for_everybody=True), **by
        ),
        "workshop": sessions.add(
            made.id,
            sessions.SessionPlan(
                workshop, first_day, dt.time(11), dt.time(11, 45), {"fr": "Amphithéâtre"}, zone_id=halls, capacity=3
            ),
            **by,
        ),
        "type": types.add(made.id, kinds, **by),
        "delegation": delegations.add_delegation(made.id, "nord", {"fr": "Délégation Nord", "ar": "وفد الشمال"}, **by),
        "interpreter": delegations.add_interpreter(
            made.id, delegations.Interpreting({"fr": "Latifa Jettou", "ar": "لطيفة جطو"}, ("ar", "fr", "en")), **by
        ),
    }  # fmt: skip


def _move_in(house, made, one):
    """Register one person; the reader is the same person in both events, and has a colleague."""
    reads = INHABITANTS[READER] is one
    form = registration.Registration(
        names=one.names,
        organisation_names=one.organisation,
        email=one.email,
        phone="+212 600 000000",
        job=one.job,
        languages=one.languages,
        locale=one.locale,
        city="El Jadida",
        type_code="exposants" if reads else None,
        channel=one.channel,
        consents=frozenset({"contact"} if one.email else ()),
    )
    known = house.accounts["reader"][0] if reads and "reader" in house.accounts else None
    id_ = registration.register(made.id, form, account_id=known, **made.act)
    organisation_id, account_id = belongings(id_)
    if reads:
        house.accounts.setdefault("reader", (account_id, made.id))
        second = registration.Colleague(
            inhabitants.COLLEAGUE, email=None, phone="+212 600 000001", channel=Channel.PHONE
        )
        registration.add_colleague(organisation_id, second, **made.act)
    made.people.append(id_)
    made.organisations.append(organisation_id)


def _describe(made):
    """Say what each organisation offers and needs, so that the directory can suggest, and give one its stand."""
    topics = sorted(taxonomy().topics)
    for number, (organisation_id, one) in enumerate(zip(made.organisations, INHABITANTS, strict=True)):
        offers, needs = (
            {topics[(number * 3 + shift) % len(topics)] for shift in shifts} for shifts in ((0, 1), (3, 4))
        )
        profile = profiles.OrganisationProfile(
            names=one.organisation,
            city="El Jadida",
            about="Fabrication et négoce.",
            offers=frozenset(offers),
            needs=frozenset(needs),
        )
        profiles.change_organisation(organisation_id, profile, revision=1, **made.act)
    owner = inhabitants.AT_A_STAND
    places.give_stand(made.id, made.places["stand"], frozenset({made.organisations[owner]}), **made.act)
    tied = people.Limits(location_id=made.places["stand"])
    people.set_limits(made.id, made.people[owner], tied, revision=1, **made.act)
    few = people.Limits(max_meetings=3)
    people.set_limits(made.id, made.people[inhabitants.SHORT_OF_TIME], few, revision=1, **made.act)
    people.join_delegation(made.id, made.organisations[READER], made.places["delegation"], **made.act)


def _say(made):
    """Mark times, take seats, give wishes."""
    for number, id_ in enumerate(made.people):
        times.replace(id_, made.slot_ids[number % 5 : number % 5 + 2], **made.act)
    for number in (READER, 4):
        times.seat(made.places["workshop"], made.people[number], **made.act)
    count = len(INHABITANTS)
    for number, organisation_id in enumerate(made.organisations):
        levels = dict.fromkeys(MUSTS, WishLevel.MUST) | dict.fromkeys(LIKES, WishLevel.LIKE)
        wanted = [(made.organisations[(number + shift) % count], level) for shift, level in levels.items()]
        lines = [wishes.WishInput(*one) for one in wanted]
        wishes.replace(organisation_id, lines, **made.act)
    asker, refused = inhabitants.VETO
    wishes.give(made.organisations[asker], made.organisations[refused], WishLevel.VETO, **made.act)


def _tables(made, now):
    """Keep two tables of people to be imported: one waits for choices and has faults, one is being entered."""
    act = {"actor_id": made.act["actor_id"], "now": now}
    heads = ["Nom et prénom", "Organisme", "Courriel", "Tél.", "الصفة", "Observations"]
    longest, others = INHABITANTS[:2], INHABITANTS[2:5]
    rows = [(1, ["Liste des invités"]), (3, heads)]
    rows += [
        (4 + n, [one.names["ar"], one.organisation["fr"], "", 612345678, one.job["ar"]])
        for n, one in enumerate(longest)
    ]
    rows += [
        (9, ["", "Atlas", "personne@", "à demander", ""]),
        (10, ["Nouria Alami", "Neuve", "n@example.org", "0661"]),
    ]
    waiting = importing.begin(made.id, rows, title="invités.xlsx (Feuille 1)", others=["Presse"], **act)
    new = [(1, ["Name", "Company"]), *((2 + n, [f"Guest {n}", f"Firm {n}"]) for n, _ in enumerate(others))]
    entering = importing.begin(made.id, new, title="guests.csv", **act)
    importing.confirm(made.id, entering, len(others), now=now)
    return {"import": str(waiting), "entering": str(entering), **_answers(made, act)}


def _answers(made, act):
    """Keep a table of wishes and one of times: some rows are new, some unlike what is there, some wrong."""
    mails = [one.email or "" for one in INHABITANTS]
    called = [next(iter(one.organisation.values())) for one in INHABITANTS]
    heads = ["Qui : courriel", "Organisme", "Souhait", "Rang", "Courriel (autre partie)", "Organisme (autre partie)"]
    words = ("1", "oui", "peut-être", "2")
    rows = [heads, *([mails[n], called[n], word, "", "", called[n + 1]] for n, word in enumerate(words))]
    rows.append(["", "Personne SA", "prioritaire", 1, "", called[0]])
    counted = [list(enumerate(table, 1)) for table in (rows, _away(made, mails))]
    kinds = (ImportKind.WISHES, ImportKind.TIMES)
    ids = [
        importing.begin(made.id, table, kind=kind, title="réponses.xlsx", **act)
        for kind, table in zip(kinds, counted, strict=True)
    ]
    return {"wished": str(ids[0]), "away": str(ids[1])}


def _away(made, mails):
    days = [one.day.isoformat() for one in db.session.get_one(Event, made.id).days]
    rows = [["Courriel", "Jour", "De", "À"], [mails[READER], days[0], "9h", "10h30"], [mails[READER], days[1], "", ""]]
    return [*rows, [mails[1] or mails[2], "1/1/2020", "", ""], [mails[3] or mails[4], "", "", ""]]


# ── what happened to the event that was lived ───────────────────────────────


def _live(house, made, now):
    """Solve and publish; somebody leaves, somebody is held up; solve and publish again, and tell them all."""
    first, second = now - dt.timedelta(days=2), now - dt.timedelta(hours=20)
    desk = {"fr": "Amine Kettani", "ar": "أمين الكتاني"}
    sign_in.make_staff(desk, "amine@example.org", PASSWORD, Locale.ARABIC, now=first)
    team.admit(made.id, "amine@example.org", Role.DESK, **made.act)
    _publish(made, _solve(made, 1, first), None, first)
    people.withdraw(made.id, made.people[inhabitants.LEAVES], **made.act)
    times.replace(made.people[READER + 1], made.slot_ids[-5:], **made.act)
    _publish(made, _solve(made, 2, second), 1, second)
    events.set_phase(made.id, Phase.ON_THE_DAY, **made.act)
    _want_otherwise(house, made)
    # The relay breaks off once, and does not know one of the addresses.
    house.post(now, to_rcpt={INHABITANTS[4].email: ["550 no such mailbox"] * 9}, to_data=["250 kept", takes(resets)])


def _want_otherwise(house, made):
    """Make the reader head of a delegation, who asks for changes of meetings; one is refused. A colleague is free.

    Their organisation also takes people without appointment.
    """
    delegations.set_head(made.id, made.places["delegation"], made.people[READER], **made.act)
    house.places["delegation"] = str(made.places["delegation"])
    reader = db.session.get_one(Participation, made.people[READER])
    late = registration.Colleague(inhabitants.LATE, email=None, phone="+212 600 000002", channel=Channel.PHONE)
    registration.add_colleague(reader.organisation_id, late, **made.act)
    numbered.open_for(made.id, reader.organisation.code, 10, **made.act)
    refused, asked, coming = [one.code for one in agenda(reader).meetings if one.stands][-3:]
    by = {"actor_id": reader.account_id, "now": made.act["now"]}
    for code, kind, words in ((refused, ChangeAsked.CANNOT, ASKED[0]), (asked, ChangeAsked.CANCEL, ASKED[1])):
        changes.ask(made.id, code, made.people[READER], kind, words, withdraw=True, **by)
    first = changes_query.box(made.id).lines[0].change.id
    changes.refuse(made.id, first, "Toutes les tables sont prises ; l’accueil vous aidera.", **made.act)
    house.places |= {"refused": refused, "asked": asked, "coming": coming}


def _look_back(house, made, now):
    """Let the first whose meeting has begun say how it went; they come back as "met", signed in and by link."""
    now_wall = zones.wall(now, db.session.get_one(Event, made.id).zone)
    people_there = [db.session.get_one(Participation, id_) for id_ in made.people if id_ != made.people[READER]]
    told = ((one, meeting) for one in people_there for meeting in agenda(one).meetings)
    one, met = next((one, meeting) for one, meeting in told if has_begun(meeting, now_wall))
    house.accounts["met"] = (one.account_id, made.id)
    house.places |= {"met_code": met.code, "met_agenda": links.agenda_url(one).removeprefix(house.address)}
    answers = {"took_place": True, "useful": True, "note": "Envoyer le catalogue avant vendredi ; prix par palette."}
    feedback.say(one.id, met.code, answers, actor_id=one.account_id, now=now)


def _solve(made, seed, now):
    number = runs.start(made.id, "fairness", RUN_SECONDS, actor_id=made.act["actor_id"], now=now, seed=seed)
    runs.execute(runs.claim("house", now), holder="house", capacity=ONE_WORKER, clock=clock.now)
    db.session.rollback()
    run = db.session.scalars(db.select(Run).where(Run.event_id == made.id, Run.number == number)).one()
    draft = draft_of(run.id)
    if draft is None:
        raise AssertionError(f"run {number} ended {run.state}: {run.failure} {run.failure_detail}")
    return draft.number


def _foresee(made, now):
    """Let it be worked out what additions would bring, and the last rehearsal have told what it may."""
    studies.ask(made.id, StudyKind.FORECAST, actor_id=made.act["actor_id"], now=now, seconds=STUDY_SECONDS)
    studies.execute(studies.claim("house", now), holder="house", capacity=ONE_WORKER, clock=clock.now)
    organisation = db.session.get_one(Organisation, made.organisations[READER])
    hall = db.session.scalars(db.select(Location).where(Location.event_id == made.id).order_by(Location.id)).first()
    told = with_codes(FACTS, {"organisation": organisation.code, "place": hall.code})
    with unit_of_work() as session:
        ended = {"state": RunState.DONE, "created_at": now, "finished_at": now}
        session.add(Rehearsal(event_id=made.id, plan=FACTS["plan"], result=told, **ended))


def _publish(made, draft_number, expected, now):
    by = {"actor_id": made.act["actor_id"], "now": now}
    publishing.publish(made.id, draft_number, VersionKind.FINAL, expected_version=expected, **by)


def _names(made, prefix):
    reader = db.session.get_one(Participation, made.people[READER])
    found = {"slug": made.slug, "person": reader.code, **{name: str(id_) for name, id_ in made.places.items()}}
    return {f"{prefix}_{name}": value for name, value in found.items()}


def _tokens(house, lived):
    reader = db.session.get_one(Participation, lived.people[READER])
    arab = db.session.get_one(Participation, lived.people[inhabitants.AT_A_STAND])
    received = [one.id for one in inbox_folder.newest(house.settings.inbox)]
    return {
        "agenda": links.agenda_url(reader).removeprefix(house.address),
        "agenda_at_a_stand": links.agenda_url(arab).removeprefix(house.address),
        "reminders": links.reminders_url(reader).removeprefix(house.address),
        "read_only": links.read_only_url(reader).removeprefix(house.address),
        "sign_in": house.way_in("reader"),
        "changes_mail": received[0],
        "first_mail": received[-1],
    }
