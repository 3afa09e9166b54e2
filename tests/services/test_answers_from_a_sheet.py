"""Wishes and times leave an event as a sheet and come back the same; nothing that is there is changed unasked."""

from datetime import time

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from matchmaker.domain.states import ImportKind, ImportState, Role, WishLevel
from matchmaker.domain.twins import Choice
from matchmaker.errors import InvalidValue
from matchmaker.extensions import db
from matchmaker.models import Account, LogEntry, Participation, PeopleImport, Slot, Unavailability, Wish
from matchmaker.queries import answering, exporting
from matchmaker.services import importing, times, wishes
from matchmaker.services.wishes import WishInput
from matchmaker.sheets.capped import read_capped
from matchmaker.sheets.people import people_sheet
from matchmaker.unit_of_work import unit_of_work
from tests.factories import AccountFactory, EventFactory, OrganisationFactory, ParticipationFactory, WishFactory
from tests.web.desks import member, queries
from tests.web.visitors import Visitor

WISHES = ["E-mail", "Organisation", "Souhait", "Rang", "Courriel (autre partie)", "L’autre organisation"]
TIMES = ["Courriel", "Jour", "De", "À"]


@pytest.fixture
def event(app):
    return EventFactory()


def begun(event, now, kind, heads, *rows, actor=None):
    given = [(number, list(cells)) for number, cells in enumerate((heads, *rows), 1)]
    return importing.begin(event.id, given, kind=kind, title="", actor_id=(actor or member(event)).id, now=now)


def entered(event, number, now, *, sees_vetoes=False):
    """Confirm as many as the reader is told, and enter them; return how many that was."""
    one = db.session.get_one(PeopleImport, number)
    taken = [row for row in answering.judged(one, sees_vetoes=sees_vetoes, now=now) if row.standing != "same"]
    left = [key for key, choice in one.choices.items() if choice == Choice.LEAVE]
    importing.confirm(event.id, number, len(taken) - len(left), sees_vetoes=sees_vetoes, now=now)
    importing.carry_out(number, now=now)
    return len(taken) - len(left)


def judged(number, now, *, sees_vetoes=False):
    one = db.session.get_one(PeopleImport, number)
    return answering.judged(one, sees_vetoes=sees_vetoes, now=now)


def said(event):
    """Return what is wished, by the addresses of those who wish and are wished for."""
    mails = dict(
        db.session.execute(
            select(Participation.organisation_id, Account.email)
            .join(Account)
            .where(Participation.event_id == event.id)
            .order_by(Participation.id.desc())
        ).all()
    )
    rows = db.session.scalars(select(Wish).where(Wish.event_id == event.id)).all()
    return sorted((mails[row.organisation_id], mails[row.wanted_id], row.level, row.rank) for row in rows)


def away(event):
    """Return who is not free when, and who said that they are always free."""
    columns = (
        select(Account.email, Slot.start).select_from(Unavailability).join(Slot, Slot.id == Unavailability.slot_id)
    )
    joined = columns.join(Participation, Participation.id == Unavailability.participation_id).join(Account)
    answered = select(Account.email).join(Participation).where(Participation.times_said_at.is_not(None))
    return (
        sorted(map(tuple, db.session.execute(joined.where(Participation.event_id == event.id)))),
        sorted(db.session.scalars(answered.where(Participation.event_id == event.id))),
    )


def test_wishes_and_times_come_back_in_another_event_whatever_the_language(app, now):
    event = EventFactory()
    atlas = OrganisationFactory(event=event, names={"fr": "Atlas"})
    twin = OrganisationFactory(event=event, names={"fr": "Atlas"})
    third = OrganisationFactory(event=event, names={"fr": "=1+1"})
    people = [ParticipationFactory(organisation=one) for one in (atlas, twin, third)]
    slots = sorted(db.session.merge(event).slots, key=lambda slot: slot.start)
    staff = member(event).id
    chosen = [WishInput(third.id, WishLevel.MUST, 2), WishInput(twin.id, WishLevel.MUST, 1)]
    wishes.replace(atlas.id, chosen, actor_id=staff, now=now)
    wishes.replace(third.id, [WishInput(twin.id, WishLevel.LIKE)], actor_id=staff, now=now)
    wishes.reply(twin.id, third.id, yes=True, actor_id=staff, now=now)
    times.replace(people[0].id, [slots[0].id, slots[1].id, slots[3].id], actor_id=staff, now=now)
    times.replace(people[1].id, [], actor_id=staff, now=now)

    for locale in ("ar", "fr", "en"):
        with app.test_request_context(), force_locale(locale):
            out = exporting.wishes(event.id), exporting.times(event.id)
            content = people_sheet(exporting.everybody(event.id), *out, {}, {}, delegations={})
        other = EventFactory()
        for kind in ImportKind:
            rows = read_capped(content, kind=kind).rows
            number = importing.begin(other.id, rows, kind=kind, title="", actor_id=member(other).id, now=now)
            if kind is ImportKind.PEOPLE:
                importing.confirm(other.id, number, 3, now=now)
                importing.carry_out(number, now=now)
            else:
                entered(other, number, now)

        assert (said(other), away(other)) == (said(event), away(event))
        assert (len(said(other)), len(away(other)[0])) == (4, 3)


def test_each_fault_is_told_by_its_cell(event, now):
    atlas, rif = (OrganisationFactory(event=event, names={"fr": name}) for name in ("Atlas", "Rif"))
    one = ParticipationFactory(organisation=atlas, account=AccountFactory(email="a@example.org"))
    for organisation in (rif, OrganisationFactory(event=event, names={"fr": "Rif"})):
        ParticipationFactory(organisation=organisation)
    wanted = begun(
        event,
        now,
        ImportKind.WISHES,
        WISHES,
        ("a@example.org", "", "souhaité", "", "", "Souss"),
        ("a@example.org", "", "peut-être", "x", "", "Atlas"),
        ("a@example.org", "Rif", "", "", "", ""),
        ("", "", "Non", "", "", "Rif"),
    )
    marked = begun(
        event,
        now,
        ImportKind.TIMES,
        TIMES,
        ("a@example.org", "10/03", "9h", "9h30"),
        ("a@example.org", "11/03/2026", "", ""),
        ("a@example.org", "2026-03-10", "17:00", "tard"),
        ("a@example.org", "", "9:00", ""),
        (one.code, "2026-03-10", "17:00", "18:00"),
    )

    assert [(row.number, [(remark.column, remark.sentence[:30]) for remark in row.remarks if remark.wrong])
            for row in judged(wanted, now)] == [
        (2, [(5, "Nobody of this event is found ")]),
        (3, [(5, "An organisation cannot meet it"), (3, "“%(words)s” is not a rank: wri"), (2, "“%(words)s” is none of: must, ")]),  # noqa: E501 -- one row a line
        (4, [(1, "“%(words)s” is somebody else t"), (4, "It is not said whom they want ")]),
        (5, [(0, "It is not said who wishes."), (5, "Several are called so: add the")]),
    ]  # fmt: skip
    assert [(row.number, [(remark.column, remark.sentence[:30]) for remark in row.remarks if remark.wrong])
            for row in judged(marked, now)] == [
        (2, []),
        (3, [(1, "“%(words)s” is no day of this ")]),
        (4, [(3, "“%(words)s” is not a time such")]),
        (5, [(1, "The day is missing.")]),
        (6, [(0, "Nobody of this event is found ")]),
    ]  # fmt: skip
    with pytest.raises(InvalidValue, match="wait for your choice"):
        importing.confirm(event.id, marked, 1, now=now)


def test_what_is_there_waits_for_a_choice_and_musts_that_are_there_stay_first(event, now):
    giver, *others = (ParticipationFactory(event=event) for _ in range(4))
    mails = [one.account.email for one in others]
    stored = [
        WishInput(others[0].organisation_id, WishLevel.MUST, 1),
        WishInput(others[1].organisation_id, WishLevel.LIKE),
    ]
    wishes.replace(giver.organisation_id, stored, actor_id=member(event).id, now=now)
    rows = [(giver.account.email, "", level, rank, mail, "") for level, rank, mail in zip(
        ("Must", "Must", "Like"), (1, 1, ""), (mails[2], mails[1], mails[0]), strict=True)]  # fmt: skip

    number = begun(event, now, ImportKind.WISHES, WISHES, *rows)
    assert [row.standing for row in judged(number, now)] == ["new", "other", "other"]
    with pytest.raises(InvalidValue, match="wait for your choice"):
        importing.confirm(event.id, number, 3, now=now)
    importing.choose(event.id, number, {4: Choice.LEAVE}, Choice.ADD, now=now)

    assert entered(event, number, now) == 2
    mail = giver.account.email
    ranked = [(mail, mails[0], "must", 1), (mail, mails[2], "must", 2), (mail, mails[1], "must", 3)]
    assert said(event) == sorted(ranked)
    told = db.session.scalars(select(LogEntry.verb).order_by(LogEntry.id)).all()
    assert told[-3:] == ["changed_wishes", "ranked_wishes", "answers.imported"]
    assert db.session.get_one(PeopleImport, number).rows == []


def test_more_than_the_quota_is_told_before_and_writes_nothing_if_it_shrinks_meanwhile(event, now):
    with unit_of_work() as session:
        session.merge(event).must_quota = 1
    giver, one, two = (ParticipationFactory(event=event) for _ in range(3))
    rows = [(giver.account.email, "", "Must", rank, other.account.email, "") for rank, other in ((2, one), (1, two))]
    number = begun(event, now, ImportKind.WISHES, WISHES, *rows)

    assert [row.wrong for row in judged(number, now)] == [True, False]
    importing.choose(event.id, number, {2: Choice.LEAVE}, now=now)
    importing.confirm(event.id, number, 1, now=now)
    with unit_of_work() as session:
        session.merge(event).must_quota = 0
    importing.carry_out(number, now=now)

    one = db.session.get_one(PeopleImport, number)
    assert (one.state, one.trouble) == (ImportState.DRAFT, importing.ANSWERED)
    assert said(event) == []


def test_a_private_veto_stays_and_shows_to_nobody_but_owners(event, now):
    giver, other = (ParticipationFactory(event=event) for _ in range(2))
    WishFactory(organisation=giver.organisation, wanted_organisation=other.organisation, level=WishLevel.VETO)
    row = (giver.account.email, "", "Must", 1, other.account.email, "")
    before = said(event)

    number = begun(event, now, ImportKind.WISHES, WISHES, row)
    assert [(one.standing, one.before) for one in judged(number, now)] == [("new", None)]
    assert entered(event, number, now) == 1
    assert db.session.get_one(PeopleImport, number).people == 1
    assert said(event) == before

    number = begun(event, now, ImportKind.WISHES, WISHES, row)
    with pytest.raises(InvalidValue, match="wait for your choice"):
        importing.confirm(event.id, number, 1, sees_vetoes=True, now=now)
    importing.choose(event.id, number, {2: Choice.ADD}, sees_vetoes=True, now=now)
    assert entered(event, number, now, sees_vetoes=True) == 1
    assert [level for *_, level, _ in said(event)] == [WishLevel.MUST]


def test_times_are_added_to_those_that_are_marked_and_only_if_somebody_says_so(event, now):
    silent, heard = (ParticipationFactory(event=event) for _ in range(2))
    slots = sorted(db.session.merge(event).slots, key=lambda slot: slot.start)
    times.replace(heard.id, [slots[-1].id], actor_id=member(event).id, now=now)
    rows = [(one.account.email, "10.3.2026", "", time(9, 20).isoformat("minutes")) for one in (silent, heard)]

    number = begun(event, now, ImportKind.TIMES, TIMES, *rows)
    assert [row.standing for row in judged(number, now)] == ["new", "other"]
    importing.choose(event.id, number, {}, Choice.ADD, now=now)
    assert entered(event, number, now) == 2

    marks, answered = away(event)
    assert marks == sorted([
        (silent.account.email, slots[0].start),
        (heard.account.email, slots[0].start),
        (heard.account.email, slots[-1].start),
    ])  # fmt: skip
    assert answered == sorted(one.account.email for one in (silent, heard))


def test_a_sheet_of_wishes_is_seen_by_who_sent_it_and_by_owners(app, event, now):
    sender, colleague = member(event), member(event)
    one, other = (ParticipationFactory(event=event) for _ in range(2))
    row = (one.account.email, "", "Non merci", "", other.account.email, "")
    number = begun(event, now, ImportKind.WISHES, WISHES, row, actor=sender)
    path = f"/o/{event.slug}/people/import"

    seen = {
        name: [Visitor(app, account).get(f"{path}/{number}{page}").status_code for page in ("", "/columns")]
        for name, account in {"sender": sender, "owner": member(event, Role.OWNER), "colleague": colleague}.items()
    }

    assert seen == {"sender": [200, 200], "owner": [200, 200], "colleague": [404, 404]}
    assert f"import/{number}" not in Visitor(app, colleague).get(path).get_data(as_text=True)


def test_the_preview_asks_the_database_as_often_for_many_rows(app, event, now):
    people = [ParticipationFactory(event=event) for _ in range(30)]
    sender = member(event)
    few, many = (
        begun(event, now, ImportKind.WISHES, WISHES, *(
            (people[0].account.email, "", "", "", one.account.email, "") for one in people[1:size]
        ), actor=sender)
        for size in (2, 30)
    )  # fmt: skip
    counts = []
    for number in (few, many):
        with queries() as seen:
            Visitor(app, sender).get(f"/o/{event.slug}/people/import/{number}")
        counts.append(len(seen))

    assert counts[0] == counts[1]
