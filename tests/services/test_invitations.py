"""Those who were entered by others are invited once, and only as many as somebody typed."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from matchmaker.domain.states import Channel
from matchmaker.errors import InvalidValue
from matchmaker.extensions import db
from matchmaker.models import LogEntry, Mail, SignInLink
from matchmaker.queries import invitations as found
from matchmaker.queries import links
from matchmaker.services import importing, invitations
from matchmaker.services.registration import register
from matchmaker.sheets.links import links_sheet
from tests.factories import AccountFactory, EventFactory, ParticipationFactory
from tests.services.test_importing import begun
from tests.services.test_registration import a_registration


@pytest.fixture
def event(app, now):
    """An event into which three people were imported, two with an address, and where somebody registered."""
    event = EventFactory()
    register(event.id, a_registration(email="registered@example.org"), now=now)
    number = begun(event, now)
    importing.confirm(event.id, number, 3, now=now)
    importing.carry_out(number, now=now)
    return event


def mails():
    return db.session.scalars(select(Mail).where(Mail.kind == "invitation").order_by(Mail.id)).all()


def test_each_is_written_to_once_with_a_link_that_lasts_a_week(event, now, monkeypatch):
    monkeypatch.setattr(invitations, "AT_ONCE", 1)

    assert invitations.invite(event.id, 2, actor_id=None, now=now) == 2

    assert [mail.recipient for mail in mails()] == ["salma@example.org", "naima@example.org"]
    link = db.session.get(SignInLink, mails()[0].facts["link_id"])
    assert (link.account_id, link.expires_at) == (mails()[0].account_id, now + timedelta(days=7))
    assert found.uninvited(event.id) == []
    assert db.session.scalars(select(LogEntry.detail).where(LogEntry.verb == "people.invited")).all() == [{"people": 2}]
    with pytest.raises(InvalidValue):
        invitations.invite(event.id, 0, actor_id=None, now=now)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_another_number_than_that_of_the_people_sends_nothing(event, now, count):
    with pytest.raises(InvalidValue, match="not the number"):
        invitations.invite(event.id, count, actor_id=None, now=now)

    assert mails() == []


def test_who_withdrew_or_wants_paper_is_not_written_to(event):
    ParticipationFactory(event=event, withdrawn=True)
    ParticipationFactory(event=event, channel=Channel.PAPER)

    assert len(found.uninvited(event.id)) == 2


def test_the_sheet_of_links_has_those_to_whom_no_mail_goes(event, app):
    called = ParticipationFactory(event=event, channel=Channel.PHONE, account=AccountFactory(phone="=1+1"))

    with app.test_request_context():
        content = links_sheet(found.unmailed(event.id).people)

    rows = list(load_workbook(BytesIO(content)).active.iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == ["إدريس وهبي", called.account.names["fr"]]
    assert rows[1][2:] == ("'=1+1", "fr", links.agenda_url(called), None)
