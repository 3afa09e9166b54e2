"""An export is a table that the import reads again as it was, and no cell of it does anything."""

from io import BytesIO

import pytest
from flask_babel import force_locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from openpyxl import load_workbook

from matchmaker.domain import cells, heads
from matchmaker.domain.columns import suggest
from matchmaker.domain.importing import Candidate, Known, by_names, check
from matchmaker.domain.states import Channel, Locale, WishLevel
from matchmaker.errors import InvalidValue
from matchmaker.extensions import db
from matchmaker.models import Organisation
from matchmaker.queries import exporting
from matchmaker.queries.taxonomy import taxonomy
from matchmaker.services import delegations, importing
from matchmaker.sheets.people import people_sheet
from matchmaker.sheets.reading import read
from tests.factories import (
    AccountFactory,
    EventFactory,
    OrganisationFactory,
    ParticipantTypeFactory,
    ParticipationFactory,
    WishFactory,
)
from tests.sheets.test_cells import FORMULAS
from tests.web.desks import member

TOPICS = {code: topic.names for code, topic in taxonomy().topics.items()}
TYPES = {"buyer": {"fr": "Acheteur ; gros", "ar": "مشتر"}, "seller": {"fr": "Acheteur", "en": "buyer"}}
LOCALES = ("ar", "fr", "en")
LETTERS = some.sampled_from("aÉ œ;,/'=+-@0«»()\"#\u00a0ابة \u0651")
WORDS = some.text(LETTERS, max_size=20).map(str.strip)
LINES = some.lists(WORDS, max_size=3).map(lambda lines: "\n".join(lines).strip())
NAMED = some.dictionaries(some.sampled_from(LOCALES), WORDS.filter(bool), min_size=1)
PHONES = some.none() | some.from_regex(r"[+0-9(][+0-9 ().-]{5,20}[0-9]", fullmatch=True)
EMAILS = some.none() | some.from_regex(r"[a-z0-9.]{1,9}@[a-z]{1,9}\.(org|ma)", fullmatch=True)


@some.composite
def candidates(draw):
    email, phone = draw(EMAILS), draw(PHONES)
    ways = [Channel.PAPER, *([Channel.MAIL] if email else []), *([Channel.PHONE] if phone else [])]
    topics = some.lists(some.sampled_from(sorted(TOPICS)), max_size=4, unique=True).map(tuple)
    return Candidate(
        names=draw(NAMED),
        organisation_names=draw(NAMED),
        email=email,
        phone=phone,
        job=draw(some.just({}) | NAMED),
        languages=draw(some.lists(some.sampled_from(cells.SPOKEN), unique=True).map(tuple)),
        locale=draw(some.sampled_from(Locale)),
        channel=draw(some.sampled_from(ways)),
        city=draw(WORDS),
        country=draw(some.sampled_from(("MA", "FR", "TR", "CI", "PS", "CD", "GB"))),
        type_code=draw(some.none() | some.sampled_from(sorted(TYPES))),
        offers=draw(topics),
        needs=draw(topics),
        offers_text=draw(LINES),
        needs_text=draw(LINES),
        website=draw(some.sampled_from(("", "https://example.org/a;b", "http://مثال.example"))),
        about=draw(LINES),
        group=draw(some.from_regex(r"[a-z2-7]{12}", fullmatch=True)),
    )


def again(content):
    """Read a file as the import does, with the columns that it suggests."""
    rows = read(content).rows
    found = heads.find(rows)
    columns = suggest(heads.texts(rows, found, 60))
    known = Known(by_names(TYPES), by_names(TOPICS))
    return [check(row, columns, known) for row in heads.below(rows, found)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=some.lists(candidates(), min_size=1, max_size=3), locale=some.sampled_from(LOCALES))
def test_everybody_comes_back_as_they_were(app, people, locale):
    with app.test_request_context(), force_locale(locale):
        content = people_sheet(people, [], [], TYPES, TOPICS, delegations={})

    lines = again(content)

    assert [line.candidate for line in lines] == people
    assert [remark for line in lines for remark in line.remarks if remark.wrong] == []


def test_every_country_and_language_is_written_so_that_it_is_read():
    countries = [(code, locale) for code in sorted(set(cells._country_names().values())) for locale in LOCALES]
    languages = [(code, locale) for code in cells.SPOKEN for locale in LOCALES]

    assert [one for one in countries if cells.country(cells.country_name(*one)) != one[0]] == []
    assert [one for one in languages if cells.language(cells.language_name(*one)) != one[0]] == []


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_does_anything(app, text):
    one = Candidate(names={"fr": text}, organisation_names={"fr": text}, about=text, city=text, job={"fr": text})

    with app.test_request_context():
        sheet = load_workbook(BytesIO(people_sheet([one], [], [], {}, {}, delegations={}))).worksheets[0]

    assert {cell.data_type for cell in sheet[2]} <= {"s", "n"}
    assert [cell.value for cell in sheet[2] if cell.value and str(cell.value).lstrip()[0] in "=+-@"] == []


def test_an_event_moves_into_another_but_for_its_private_vetoes(app, now):
    event, other = EventFactory(), EventFactory()
    kind, _ = (ParticipantTypeFactory(event=each, code="buyer", names={"fr": "Acheteurs"}) for each in (event, other))
    atlas = OrganisationFactory(event=event, offers=["machining"], needs=["foundry"], type_id=kind.id)
    twin = OrganisationFactory(event=event, names=atlas.names)
    for organisation in (atlas, atlas, twin):
        ParticipationFactory(organisation=organisation)
    ParticipationFactory(event=event, withdrawn=True)
    team = delegations.add_delegation(event.id, "", {"fr": "Tunisie"}, actor_id=None, now=now)
    delegations.join(event.id, team, [atlas.code], actor_id=None, now=now)
    delegations.set_head(event.id, team, atlas.participations[1].id, actor_id=None, now=now)
    ParticipationFactory(organisation=twin, account=AccountFactory(email=None), channel="paper")
    WishFactory(organisation=atlas, wanted_organisation=twin)
    WishFactory(organisation=twin, wanted_organisation=atlas, level=WishLevel.VETO)
    with app.test_request_context():
        said = exporting.wishes(event.id), exporting.times(event.id)
        types, together = exporting.types(event.id), exporting.delegations(event.id)
        content = people_sheet(exporting.everybody(event.id), *said, types, TOPICS, delegations=together)
    found = read(content)

    def begun(where):
        return importing.begin(where.id, found.rows, title="", actor_id=member(where).id, now=now)

    number = begun(other)
    importing.confirm(other.id, number, 4, now=now)
    importing.carry_out(number, now=now)

    assert plainly(other) == plainly(event)
    assert [
        len(one.participations) for one in db.session.scalars(db.select(Organisation).filter_by(event_id=other.id))
    ] == [2, 2]
    assert len(list(load_workbook(BytesIO(content)).worksheets[1].rows)) == 2
    with pytest.raises(InvalidValue, match="wait for your choice"):  # at home, everybody is there already
        importing.confirm(event.id, begun(event), 4, now=now)


def plainly(event):
    """Return the people without the codes of organisations and delegations, which each event has of its own."""
    names, rest = exporting.delegations(event.id), set(Candidate.__slots__) - {"group", "delegation"}
    return [
        {name: getattr(one, name) for name in rest} | {"delegation": names.get(one.delegation)}
        for one in exporting.everybody(event.id)
    ]
