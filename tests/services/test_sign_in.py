from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.domain.states import Locale
from matchmaker.errors import InvalidValue, LinkUsedUp, NotFound, TooManyTries, WrongPassword
from matchmaker.extensions import db
from matchmaker.models import Account, Mail, SignInLink
from matchmaker.services import sign_in
from matchmaker.services.steps.sign_in_links import token_of
from tests.factories import AccountFactory, EventFactory, ParticipationFactory

SHARED = "bureau@example.org"


def mails():
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def mailed_token(mail):
    return token_of(db.session.get(SignInLink, mail.facts["link_id"]).nonce)


def make_staff(now, **changes):
    known = {
        "names": {"fr": "Nadia"},
        "login": "Nadia@example.org",
        "password": "correct horse",
        "locale": Locale.FRENCH,
    }
    return sign_in.make_staff(**known | changes, now=now)


def test_ask_writes_to_each_person_behind_the_address(app, now):
    event = EventFactory()
    two = [ParticipationFactory(event=event, account=AccountFactory(email=SHARED)) for _ in range(2)]
    ParticipationFactory(event=event)

    sign_in.ask("  Bureau@Example.org ", event_id=event.id, now=now)

    assert [(mail.participation_id, mail.kind) for mail in mails()] == [(one.id, "sign_in") for one in two]
    assert [sign_in.use(mailed_token(mail), now=now) for mail in mails()] == [one.account_id for one in two]


def test_ask_in_one_event_leaves_the_other_alone(app, now):
    here, _there = (ParticipationFactory(account=AccountFactory(email=SHARED)) for _ in range(2))

    sign_in.ask(SHARED, event_id=here.event_id, now=now)

    assert [mail.participation_id for mail in mails()] == [here.id]


def test_ask_without_an_event_writes_once_a_person_to_their_newest_event(app, now):
    account = AccountFactory(email=SHARED)
    ParticipationFactory(account=account)
    newest = ParticipationFactory(account=account)
    other = ParticipationFactory(account=AccountFactory(email=SHARED))

    sign_in.ask(SHARED, event_id=None, now=now)

    assert [mail.participation_id for mail in mails()] == [newest.id, other.id]


def test_ask_for_an_unknown_address_or_a_withdrawn_person_sends_nothing(app, now):
    ParticipationFactory(account=AccountFactory(email=SHARED), withdrawn=True)

    sign_in.ask(SHARED, event_id=None, now=now)
    sign_in.ask("nobody@example.org", event_id=None, now=now)

    assert mails() == []


@pytest.mark.parametrize("known", [True, False])
def test_ask_too_often_is_refused_whether_the_address_is_known_or_not(app, now, settings, known):
    if known:
        ParticipationFactory(account=AccountFactory(email=SHARED))
    for number in range(settings.sign_in_tries_per_hour):
        sign_in.ask(SHARED, event_id=None, now=now + timedelta(minutes=number))

    with pytest.raises(TooManyTries) as refused:
        sign_in.ask(SHARED, event_id=None, now=now + timedelta(minutes=30))
    sign_in.ask(SHARED, event_id=None, now=now + timedelta(minutes=60))

    assert refused.value.seconds == 30 * 60


def test_use_signs_in_once(app, now):
    account = AccountFactory()
    token = sign_in.link_for(account.id, None, now=now)

    assert sign_in.use(token, now=now) == account.id
    with pytest.raises(LinkUsedUp):
        sign_in.use(token, now=now)


def test_use_after_its_minutes_or_of_an_invented_link_is_refused(app, now, settings):
    token = sign_in.link_for(AccountFactory().id, None, now=now)

    with pytest.raises(LinkUsedUp):
        sign_in.use(token, now=now + timedelta(minutes=settings.sign_in_minutes))
    with pytest.raises(LinkUsedUp):
        sign_in.use("0" * 26, now=now)


def test_use_raced_by_many_signs_in_one(app, now):
    token = sign_in.link_for(AccountFactory().id, None, now=now)

    def use(_):
        with app.app_context():
            try:
                return sign_in.use(token, now=now)
            except LinkUsedUp:
                return None
            finally:
                db.session.remove()

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(use, range(50)))

    assert len([answer for answer in answers if answer]) == 1


def test_link_for_keeps_no_token(app, now):
    token = sign_in.link_for(AccountFactory().id, None, now=now)

    link = db.session.scalars(select(SignInLink)).one()
    assert token not in {link.nonce, link.token_digest}


def test_link_for_nobody_is_refused(app, now):
    with pytest.raises(NotFound):
        sign_in.link_for(7, None, now=now)


def test_check_password_forgives_capitals_in_the_name_only(app, now):
    account_id = make_staff(now)

    assert sign_in.check_password(" nadia@EXAMPLE.org ", "correct horse", now=now) == account_id
    with pytest.raises(WrongPassword):
        sign_in.check_password("nadia@example.org", "Correct horse", now=now)


def test_check_password_of_an_unknown_name_or_a_person_without_one_is_refused(app, now):
    AccountFactory(login="no-password", password_hash=None)

    for login in ("stranger", "no-password"):
        with pytest.raises(WrongPassword):
            sign_in.check_password(login, "the password of nobody", now=now)


def test_check_password_counts_wrong_tries_and_forgets_them_after_a_right_one(app, now, settings):
    make_staff(now)
    for _ in range(2):
        for _ in range(settings.sign_in_tries_per_hour - 1):
            with pytest.raises(WrongPassword):
                sign_in.check_password("nadia@example.org", "wrong", now=now)
        sign_in.check_password("nadia@example.org", "correct horse", now=now)

    for _ in range(settings.sign_in_tries_per_hour):
        with pytest.raises(WrongPassword):
            sign_in.check_password("nadia@example.org", "wrong", now=now)
    with pytest.raises(TooManyTries):
        sign_in.check_password("nadia@example.org", "correct horse", now=now)


def test_make_staff_keeps_a_hash_of_argon2(app, now):
    account = db.session.get(Account, make_staff(now))

    assert account.login == "nadia@example.org"
    assert account.password_hash.startswith("$argon2id$")


@pytest.mark.parametrize(("changes", "field"), [({"password": "short"}, "password"), ({}, "login")])
def test_make_staff_refuses_short_passwords_and_taken_names(app, now, changes, field):
    make_staff(now)

    with pytest.raises(InvalidValue) as refused:
        make_staff(now, **changes)

    assert refused.value.field == field
