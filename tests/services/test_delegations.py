"""Delegations as organisers make them: named, headed, joined and left, dissolved; by hand and by a table."""

import pytest

from matchmaker.errors import ChangedMeanwhile, InvalidValue, NotFound
from matchmaker.extensions import db
from matchmaker.models import Delegation, LogEntry, Organisation
from matchmaker.queries import delegations as found
from matchmaker.queries import exporting
from matchmaker.services import delegations, importing, people
from tests import factories
from tests.web.desks import member


@pytest.fixture
def event(app):
    return factories.EventFactory()


@pytest.fixture
def by(now):
    return {"actor_id": None, "now": now}


def made(event, by, *organisations, name="Tunisie"):
    """Make a delegation of these organisations."""
    id_ = delegations.add_delegation(event.id, "", {"fr": name}, **by)
    delegations.join(event.id, id_, [one.code for one in organisations], **by)
    return id_


def stored(id_):
    db.session.rollback()
    return db.session.get(Delegation, id_)


def of(*organisations):
    db.session.rollback()
    return [db.session.get(Organisation, one.id).delegation_id for one in organisations]


def test_two_who_name_a_delegation_at_once_see_what_differs(event, by):
    person = factories.ParticipationFactory(event=event)
    id_ = made(event, by, person.organisation)
    delegations.change_delegation(event.id, id_, {"fr": "Tunis"}, person.id, revision=1, **by)

    with pytest.raises(ChangedMeanwhile) as refusal:
        delegations.change_delegation(event.id, id_, {"fr": "La Tunisie"}, None, revision=1, **by)

    assert refusal.value.difference == {
        "names": ({"fr": "Tunis"}, {"fr": "La Tunisie"}),
        "head_id": (person.id, None),
    }
    assert (stored(id_).names, stored(id_).head_id, stored(id_).revision) == ({"fr": "Tunis"}, person.id, 2)


def test_who_has_withdrawn_heads_nothing_anew_but_stays_until_another_is_chosen(event, by):
    head, other = factories.ParticipationFactory(event=event), factories.ParticipationFactory(event=event)
    id_ = made(event, by, head.organisation, other.organisation)
    delegations.set_head(event.id, id_, head.id, **by)
    for one in (head, other):
        people.withdraw(event.id, one.id, **by)

    with pytest.raises(InvalidValue, match="withdrawn"):
        delegations.change_delegation(event.id, id_, {"fr": "Tunisie"}, other.id, revision=2, **by)
    delegations.change_delegation(event.id, id_, {"fr": "Tunis"}, head.id, revision=2, **by)

    assert (stored(id_).names, stored(id_).head_id) == ({"fr": "Tunis"}, head.id)
    assert found.standings(event.id)[0].people == 0


def test_an_organisation_of_another_delegation_stays_there(event, by):
    ours, theirs, free = (factories.OrganisationFactory(event=event) for _ in range(3))
    first, second = made(event, by, theirs), made(event, by, ours, name="Égypte")

    joined = delegations.join(event.id, second, [ours.code, theirs.code, free.code], **by)

    assert joined == delegations.Joined(1, (theirs.code,))
    assert of(ours, theirs, free) == [second, first, second]
    with pytest.raises(NotFound):
        delegations.join(event.id, second, [factories.OrganisationFactory().code], **by)


@pytest.mark.parametrize("way", ["out", "to another", "to another organisation"])
def test_a_head_who_leaves_heads_it_no_more(event, by, way):
    head = factories.ParticipationFactory(event=event)
    other = factories.OrganisationFactory(event=event)
    id_, elsewhere = made(event, by, head.organisation), made(event, by, other, name="Égypte")
    delegations.set_head(event.id, id_, head.id, **by)

    if way == "out":
        assert delegations.leave(event.id, id_, head.organisation.code, **by) is True
    elif way == "to another":
        people.join_delegation(event.id, head.organisation_id, elsewhere, **by)
    else:
        people.join_organisation(event.id, head.id, other.code, **by)

    assert stored(id_).head_id is None
    with pytest.raises(InvalidValue, match="not of the delegation any more"):
        delegations.leave(event.id, id_, other.code, **by)


def test_a_delegation_is_dissolved_as_it_was_seen(event, by):
    organisations = [factories.OrganisationFactory(event=event) for _ in range(2)]
    id_ = made(event, by, *organisations)

    with pytest.raises(InvalidValue, match="meanwhile"):
        delegations.dissolve(event.id, id_, 1, **by)
    delegations.dissolve(event.id, id_, 2, **by)

    assert (stored(id_), of(*organisations)) == (None, [None, None])
    assert db.session.query(LogEntry).order_by(LogEntry.id.desc()).first().verb == "delegation.dissolved"


def test_a_pasted_line_names_an_organisation_or_one_of_its_people(event):
    atlas = factories.OrganisationFactory(event=event, names={"fr": "Éts Atlas", "ar": "الأطلس"})
    rif = factories.OrganisationFactory(event=event, names={"fr": "Rif"})
    for name in ("Rif", "Sahara"):
        factories.OrganisationFactory(event=event, names={"fr": name})
    person = factories.ParticipationFactory(organisation=rif, account__names={"fr": "Salma Berrada"})
    factories.ParticipationFactory(organisation=rif, account__names={"fr": "Hamid"}, withdrawn=True)
    lines = ["ets atlas", "", "3\tSahara\tAgadir", person.account.email.upper(), "salma berrada", "Rif", "Hamid"]

    named = found.named(event.id, lines)

    assert named.codes == [atlas.code, named.codes[1], rif.code, rif.code]
    assert (named.several, named.unknown) == (["Rif"], ["Hamid"])
    assert [one.names["fr"] for one, _ in found.outside(event.id, 0, "maroc sahara").organisations] == ["Sahara"]


def imported(event, rows, now):
    number = importing.begin(event.id, rows, title="", actor_id=member(event).id, now=now)
    importing.confirm(event.id, number, len(rows) - 1, now=now)
    importing.carry_out(number, now=now)
    return {one.names["fr"]: one for one in exporting.everybody(event.id)}


def test_a_table_brings_delegations_with_their_heads(event, by, now):
    delegations.add_delegation(event.id, "tn", {"fr": "Tunisie", "ar": "تونس"}, **by)
    rows = [
        ["Nom", "Organisation", "Délégation", "Chef de la délégation"],
        ["Salma", "Atlas", "تونس", "oui"],
        ["Driss", "Rif", "Égypte / مصر", ""],
        ["Ghita", "Rif", "tunisie", "x"],
        ["Hamid", "Sahara", "égypte / مصر", "نعم"],
    ]

    there = imported(event, list(enumerate(rows, 1)), now)

    names = exporting.delegations(event.id)
    assert [(names[one.delegation]["fr"], one.heads) for one in there.values()] == [
        ("Tunisie", True), ("Égypte", False), ("Égypte", False), ("Égypte", True),
    ]  # fmt: skip
    assert sorted(name["ar"] for name in names.values()) == ["تونس", "مصر"]
