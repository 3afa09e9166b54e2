"""Types of participants."""

from dataclasses import replace

import pytest

from matchmaker.domain.states import Silence
from matchmaker.errors import ChangedMeanwhile, InUse, InvalidValue
from matchmaker.extensions import db
from matchmaker.models import Organisation, ParticipantType
from matchmaker.services import types
from matchmaker.services.types import TypeRules
from matchmaker.unit_of_work import unit_of_work
from tests import factories

BUYER = TypeRules("buyer", {"fr": "Acheteur"}, max_meetings=12, min_meetings=4, silence=Silence.REFUSES)


@pytest.fixture
def event(app):
    return factories.EventFactory()


def test_add_keeps_the_rules(event, now):
    id_ = types.add(event.id, BUYER, actor_id=None, now=now)

    row = db.session.get(ParticipantType, id_)
    assert (row.max_meetings, row.min_meetings, row.silence) == (12, 4, Silence.REFUSES)


def test_minimum_above_the_limit_is_refused(event, now):
    with pytest.raises(InvalidValue, match="min_meetings"):
        types.add(event.id, replace(BUYER, min_meetings=13), actor_id=None, now=now)


def test_code_that_is_taken_is_refused_but_ones_own_is_not(event, now):
    types.add(event.id, BUYER, actor_id=None, now=now)
    id_ = types.add(event.id, replace(BUYER, code="seller"), actor_id=None, now=now)

    types.change(event.id, id_, replace(BUYER, code="seller", min_meetings=2), revision=1, actor_id=None, now=now)
    with pytest.raises(InvalidValue, match="code"):
        types.change(event.id, id_, BUYER, revision=2, actor_id=None, now=now)


def test_second_editor_gets_the_difference(event, now):
    id_ = types.add(event.id, BUYER, actor_id=None, now=now)
    types.change(event.id, id_, replace(BUYER, max_meetings=10), revision=1, actor_id=None, now=now)

    with pytest.raises(ChangedMeanwhile) as refusal:
        types.change(event.id, id_, BUYER, revision=1, actor_id=None, now=now)

    assert refusal.value.difference == {"max_meetings": (10, 12)}


def test_remove_refuses_while_an_organisation_is_of_it(event, now):
    id_ = types.add(event.id, BUYER, actor_id=None, now=now)
    factories.OrganisationFactory(event=event, type_id=id_)

    with pytest.raises(InUse):
        types.remove(event.id, id_, actor_id=None, now=now)

    with unit_of_work() as session:
        session.query(Organisation).update({"type_id": None})
    types.remove(event.id, id_, actor_id=None, now=now)
    assert db.session.query(ParticipantType).count() == 0
