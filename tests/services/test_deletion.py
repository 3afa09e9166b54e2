"""A person's data goes when they ask: nothing of them is left, and what others were told stays true."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from matchmaker import models
from matchmaker.domain import fates
from matchmaker.domain.links import Purpose
from matchmaker.domain.states import MailState, Role
from matchmaker.errors import LinkUsedUp, NotFound
from matchmaker.extensions import current_settings, db
from matchmaker.mail.smtp import Relay
from matchmaker.queries import links
from matchmaker.queries.agenda import agenda
from matchmaker.scheduling import rows as scheduling_rows
from matchmaker.services import deletion, outbox, people, profiles, sign_in
from matchmaker.services.profiles import Profile
from matchmaker.services.steps import mailboxes
from tests import factories, relays, ticking
from tests.forum import a_forum
from tests.marked import EMAIL, MARKS, NAMES, a_marked_forum, dump, file_bytes, left, set_

pytestmark = pytest.mark.usefixtures("app")


def row(kind, id_):
    db.session.rollback()
    return db.session.get(kind, id_)


def delete(participation, now, actor_id=None):
    event_id, id_ = participation.event_id, participation.id
    deletion.delete_person(event_id, id_, actor_id=actor_id or participation.account_id, now=now)
    return row(models.Participation, id_)


def all_of(kind, **where):
    db.session.rollback()
    return db.session.scalars(db.select(kind).filter_by(**where).order_by(kind.id)).all()


# ── nothing is left ─────────────────────────────────────────────────────────


def test_nothing_of_the_person_is_left_in_the_database_nor_in_its_file(now):
    forum = a_marked_forum(now)
    assert left(dump()) == left(file_bytes(vacuum=True)) == set(MARKS)

    delete(forum.people["a"], now)
    assert left(dump()) == {EMAIL}  # until what empties their calendar has left, or two days are over
    outbox.sweep(now=now + mailboxes.KEPT + timedelta(seconds=1))

    assert left(dump()) == set()
    assert left(file_bytes(vacuum=False)) == set()
    assert left(file_bytes(vacuum=True)) == set()


def test_the_problem_of_a_run_names_nobody(now):
    """What it holds of people are codes: those of rows that are anonymous by now."""
    forum = a_marked_forum(now)

    problem = next(line for line in dump().splitlines() if line.startswith("run:"))

    assert left(problem, (*MARKS, "Firm a", "Société a", "@")) == set()
    assert forum.people["a"].code in problem


def test_what_others_were_told_stays_true(now):
    forum = a_marked_forum(now)
    before = agenda(row(models.Participation, forum.people["b"].id))

    delete(forum.people["a"], now)
    after = agenda(row(models.Participation, forum.people["b"].id))

    (met,) = [one for one in before.meetings if one.people[0].names == NAMES]
    (still,) = [one for one in after.meetings if one.code == met.code]
    assert still == replace(met, people=(replace(met.people[0], names=fates.PERSON, job={}),))
    assert still.organisation == {"en": "Firm a", "fr": "Société a"}


def test_the_row_that_stays_is_as_the_table_of_fates_says(now):
    forum = a_marked_forum(now)

    nobody = delete(forum.people["a"], now)

    assert {name: getattr(nobody, name) for name in fates.anonymous("participation")} == fates.anonymous(
        "participation"
    )
    assert {name: getattr(nobody.account, name) for name in fates.anonymous("account")} == fates.anonymous("account")
    assert (nobody.deleted_at, nobody.link_generation, nobody.code) == (now, 1, forum.people["a"].code)


def test_rows_about_the_person_go_and_those_about_others_stay(now):
    forum = a_marked_forum(now)
    other = forum.people["b"]
    factories.UnavailabilityFactory(participation=other, in_slot=forum.slots[0])

    nobody = delete(forum.people["a"], now)

    assert [one.participation_id for one in all_of(models.Unavailability)] == [other.id]
    for gone in (models.Consent, models.SessionSeat, models.SignInLink, models.Attempt):
        assert all_of(gone) == []
    assert [one.head_id for one in all_of(models.Delegation)] == [None]
    assert len(all_of(models.Wish, organisation_id=nobody.organisation_id)) == 2


# ── no way in, no way out ───────────────────────────────────────────────────


def test_links_open_nothing_and_sessions_end(now):
    forum = a_forum("a!b b!a")
    person = forum.people["a"]
    ways = {purpose: links.token(person, purpose) for purpose in Purpose}
    way_in = sign_in.link_for(person.account_id, forum.id, now=now)

    nobody = delete(person, now)

    for purpose, token in ways.items():
        with pytest.raises(NotFound):
            links.access_by_link(token, purpose)
    with pytest.raises(LinkUsedUp):
        sign_in.use(way_in, now=now)
    assert nobody.account.session_generation == 1


def test_what_was_sent_is_kept_without_its_address_and_what_waits_is_gone(now):
    forum = a_marked_forum(now)

    nobody = delete(forum.people["a"], now)

    kept = [
        (one.state, one.recipient, one.facts, one.answer) for one in all_of(models.Mail, participation_id=nobody.id)
    ]
    assert kept == [(MailState.SENT, "", {}, "")]
    assert len(all_of(models.Mail, participation_id=forum.people["b"].id)) == 1


def test_a_message_that_is_being_handed_over_is_not_sent(app, now):
    """The person goes between the greeting of the relay and the end of the message."""
    forum = a_marked_forum(now)
    person = forum.people["a"]
    ids = forum.id, person.id, person.account_id

    def meanwhile():
        with app.app_context():
            deletion.delete_person(*ids[:2], actor_id=ids[2], now=now)

    with relays.relay(to_rcpt={person.account.email: [relays.does(meanwhile)]}) as relay:
        done = outbox.send_due(
            holder="worker", clock=ticking.since(now), relay=Relay(replace(current_settings(), smtp_port=relay.port))
        )

    assert person.account.email not in relay.recipients
    assert done["lost"] == 1


# ── runs, organisations, accounts ───────────────────────────────────────────


def test_no_run_plans_the_person_any_more(now):
    forum = a_forum("a!b b!a")

    delete(forum.people["a"], now)

    with_people = scheduling_rows.read(db.session, forum.id).people
    assert [one.id for one in with_people] == [forum.people["b"].id]


def test_the_last_person_takes_the_texts_of_the_organisation_along_and_leaves_its_name(now):
    forum = a_forum("a b")
    colleague = factories.ParticipationFactory(organisation=forum.organisations["a"])
    set_(forum.organisations["a"], about="Depuis 1968", website="https://a.example.org")

    delete(forum.people["a"], now)
    first = row(models.Organisation, colleague.organisation_id)
    assert (first.about, first.listed) == ("Depuis 1968", True)

    delete(colleague, now)
    then = row(models.Organisation, colleague.organisation_id)
    assert (then.about, then.website, then.listed, then.names["fr"]) == ("", "", False, "Société a")


@pytest.mark.parametrize(
    ("called", "stays"),
    [
        ({"fr": "Zelie MARQUEE"}, False),
        ({"fr": "Cabinet Marquée Zélie"}, False),
        ({"fr": "Atelier", "ar": "ورشة زُليخة المعلّمة"}, False),
        ({"fr": "Marquée & fils"}, True),
        ({"fr": "Coopérative Zélie"}, True),
    ],
)
def test_an_organisation_called_by_the_persons_whole_name_loses_it(now, called, stays):
    person = factories.ParticipationFactory(
        account=factories.AccountFactory(names=NAMES), organisation=factories.OrganisationFactory(names=called)
    )

    nobody = delete(person, now)

    assert nobody.organisation.names == (called if stays else fates.ORGANISATION)


def test_an_account_that_takes_part_elsewhere_stays_for_that(now):
    forum = a_marked_forum(now)
    account = forum.people["a"].account
    elsewhere = factories.ParticipationFactory(account=account)

    nobody = delete(forum.people["a"], now)
    kept = row(models.Participation, elsewhere.id)

    assert (kept.account.names, kept.account.session_generation, kept.job["fr"]) == (NAMES, 0, "Directrice")
    assert (nobody.account.names, nobody.account_id != kept.account_id) == (fates.PERSON, True)
    assert all_of(models.LogEntry, event_id=forum.id, actor_id=account.id) == []
    assert all_of(models.Wish, made_by_id=account.id) == []
    assert all_of(models.Mail, account_id=account.id) == all_of(models.SignInLink, account_id=account.id) == []

    delete(elsewhere, now)
    assert left(dump(), NAMES.values()) == set()


def test_those_who_run_events_keep_their_account_and_what_they_did(now):
    forum = a_forum("a b")
    account = forum.people["a"].account
    factories.MembershipFactory(event=forum.event, account=account, role=Role.ORGANISER)
    set_(account, login="a@example.org", password_hash="hash")
    people.set_limits(forum.id, forum.people["b"].id, people.Limits(), revision=1, actor_id=account.id, now=now)

    delete(forum.people["a"], now)

    kept = row(models.Account, account.id)
    assert (kept.login, kept.password_hash, kept.names) == ("a@example.org", "hash", account.names)
    assert [one.verb for one in all_of(models.LogEntry, actor_id=kept.id)] == ["person.limits"]


def test_who_stands_for_two_organisations_goes_from_both(now):
    forum = a_forum("a b")
    second = factories.ParticipationFactory(organisation=forum.organisations["b"], account=forum.people["a"].account)

    delete(forum.people["a"], now)

    assert row(models.Participation, second.id).deleted_at == now


# ── the log, and what cannot be done twice ──────────────────────────────────


def test_the_log_says_that_it_was_done_and_in_what_role(now):
    forum = a_forum("a b")

    by_herself = delete(forum.people["a"], now)
    by_the_team = delete(forum.people["b"], now, actor_id=forum.organiser.id)

    told = [(one.verb, one.subject, one.at, one.actor_id, one.for_participation_id) for one in all_of(models.LogEntry)]
    assert told == [
        ("person.data_deleted", "participant", now, by_herself.account_id, by_herself.id),
        ("person.data_deleted", "organiser", now, forum.organiser.id, by_the_team.id),
    ]


def test_whose_data_is_deleted_is_nobody_to_the_other_services(now):
    forum = a_forum("a b")
    gone = delete(forum.people["a"], now)
    act = {"actor_id": forum.organiser.id, "now": now}

    for attempt in (
        lambda: deletion.delete_person(forum.id, gone.id, **act),
        lambda: people.readmit(forum.id, gone.id, **act),
        lambda: people.set_limits(forum.id, gone.id, people.Limits(), revision=gone.revision, **act),
        lambda: people.join_organisation(forum.id, gone.id, forum.organisations["b"].code, **act),
        lambda: profiles.change(gone.id, Profile({"fr": "Encore elle"}), revision=gone.revision, **act),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_a_person_of_another_event_is_not_found(now):
    forum, other = a_forum("a"), a_forum("a")

    with pytest.raises(NotFound):
        deletion.delete_person(forum.id, other.people["a"].id, actor_id=forum.organiser.id, now=now)
