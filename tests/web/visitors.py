"""Participants in a browser: each request has a context of its own, and what it wrote is seen at once."""

import html as entities
import re

import pytest
import time_machine

from matchmaker.extensions import db
from matchmaker.models import Consent
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.conftest import NOW
from tests.web.desks import fields, sign_in


class Visitor:
    """Somebody with a browser, signed in or not."""

    def __init__(self, app, account=None):
        self.app, self.client = app, app.test_client()
        if account is not None:
            sign_in(self.client, account)

    def get(self, path, **kwargs):
        return self._open("GET", path, **kwargs)

    def post(self, path, data=None, **kwargs):
        return self._open("POST", path, data=data, **kwargs)

    def fill(self, path, **changes):
        """Send the form of a page back with some answers changed; None leaves one out."""
        answers = fields(self.get(path).get_data(as_text=True)) | changes
        return self.post(path, {name: value for name, value in answers.items() if value is not None})

    def _open(self, method, path, **kwargs):
        db.session.rollback()
        with self.app.app_context():
            response = self.client.open(path, method=method, **kwargs)
        db.session.rollback()
        return response


@pytest.fixture(autouse=True)
def now():
    """Pages ask the clock: it stands still at NOW, while the wishes of the factories' events are open."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


def words(response):
    """Return the text of a page, without tags, each run of blanks as one."""
    text = re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))
    return " ".join(entities.unescape(text).split())


def agree(participation, purpose="directory"):
    with unit_of_work() as session:
        session.add(
            Consent(event_id=participation.event_id, participation_id=participation.id, purpose=purpose, given_at=NOW)
        )
    return participation


def another(event, **organisation):
    """Return one more organisation of the event, with one person."""
    one = factories.OrganisationFactory(event=event, **organisation)
    factories.ParticipationFactory(organisation=one)
    return one
