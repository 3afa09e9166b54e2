import re
import tomllib
from copy import deepcopy
from pathlib import Path

import pytest

from matchmaker.domain.states import Locale
from matchmaker.domain.taxonomy import DIVISIONS, Complement, Group, Taxonomy, Topic, complement, parse
from matchmaker.errors import ConfigurationError

NAMES = {"fr": "Métal", "ar": "المعادن", "en": "Metal"}
FORGE = {"group": "metal", "isic": ["2591", "24"], "fr": "Forge", "ar": "الحدادة", "en": "Forging"}
REST = "en, fr, group, isic"
NO_ISIC = "a division, group or class of ISIC revision 4"
SMALL = {"groups": {"metal": NAMES}, "topics": {"forge": FORGE}}


@pytest.fixture(scope="module")
def shipped():
    file = Path(__file__).parents[2] / "config" / "taxonomy.toml"
    return parse(tomllib.loads(file.read_text("utf-8")), file.name)


def changed(place, value):
    """Return SMALL with one value set, or, if None, taken away."""
    data = deepcopy(SMALL)
    *way, last = place.split(".")
    table = data
    for key in way:
        table = table[key]
    if value is None:
        del table[last]
    else:
        table[last] = value
    return data


def test_parse_gives_groups_with_their_topics():
    forge = Topic("forge", "metal", ("2591", "24"), {"ar": "الحدادة", "fr": "Forge", "en": "Forging"})

    assert parse(SMALL, "x.toml") == Taxonomy((Group("metal", NAMES, (forge,)),), {"forge": forge})


@pytest.mark.parametrize(
    ("place", "value", "complaint"),
    [
        ("groups", None, "x.toml: the file: keys topics; expected groups, topics"),
        ("more", {}, "x.toml: the file: keys groups, more, topics; expected groups, topics"),
        ("topics", ["forge"], "x.toml: topics: list; expected a table"),
        ("topics.forge", "Forge", "x.toml: topics.forge: str; expected a table"),
        ("topics.Forge", FORGE, "x.toml: topics.Forge: this code; expected small letters, digits, hyphens"),
        ("topics." + "f" * 41, FORGE, f"x.toml: topics.{'f' * 41}: this code; expected small letters, digits, hyphens"),
        ("groups.metal.ar", None, "x.toml: groups.metal: keys en, fr; expected ar, en, fr"),
        ("groups.metal.ar", " ", "x.toml: groups.metal.ar: ' '; expected a name"),
        ("topics.forge.en", 3, "x.toml: topics.forge.en: 3; expected a name"),
        ("topics.forge.de", "x", f"x.toml: topics.forge: keys ar, de, {REST}; expected ar, {REST}"),
        ("topics.forge.group", "wood", "x.toml: topics.forge.group: 'wood'; expected one of metal"),
        ("topics.forge.isic", [], "x.toml: topics.forge.isic: []; expected a list of codes"),
        ("topics.forge.isic", "2591", "x.toml: topics.forge.isic: '2591'; expected a list of codes"),
        ("topics.forge.isic", [2591], f"x.toml: topics.forge.isic: 2591; expected {NO_ISIC}"),
        ("topics.forge.isic", ["3400"], f"x.toml: topics.forge.isic: '3400'; expected {NO_ISIC}"),
        ("topics.forge.isic", ["25911"], f"x.toml: topics.forge.isic: '25911'; expected {NO_ISIC}"),
        ("topics.smithy", FORGE, "x.toml: topics.smithy.ar: the name of forge; expected a name of its own"),
        ("groups.empty", NAMES, "x.toml: groups.empty: no topic; expected at least one topic in each group"),
    ],
)  # fmt: skip
def test_parse_says_what_is_wrong_and_where(place, value, complaint):
    with pytest.raises(ConfigurationError, match=re.escape(complaint) + "$"):
        parse(changed(place, value), "x.toml")


def test_divisions_of_revision_4_are_88():
    assert len(DIVISIONS) == 88
    assert {"01", "03", "10", "33", "99"} <= DIVISIONS
    assert not {"00", "04", "34", "40", "44", "48", "54", "57", "67", "76", "83", "89"} & DIVISIONS


def test_the_shipped_taxonomy_serves_the_sectors_of_the_five_events(shipped):
    assert {
        "machining", "phosphates", "port", "cold-chain", "renewables", "training", "preserves",  # jim
        "seed-capital", "credit", "guarantee", "research", "public-orders",  # souss-massa
        "leather", "zellige-pottery", "carpets", "certification", "export-markets",  # fes-meknes
        "data", "software", "textile", "networks",  # arab-smes
        "argan", "saffron-spices", "honey", "aquaculture", "hotels-restaurants",  # oujda
    } <= set(shipped.topics)  # fmt: skip
    assert (len(shipped.groups), len(shipped.topics)) == (13, 72)


def test_the_shipped_taxonomy_speaks_each_language_in_its_own_script(shipped):
    named = [*shipped.groups, *shipped.topics.values()]
    arabic = re.compile("[\u0600-\u06ff]")

    assert [row.code for row in named if not arabic.search(row.names[Locale.ARABIC])] == []
    assert [row.code for row in named if arabic.search(row.names["fr"] + row.names["en"])] == []
    assert [row.code for row in named if "'" in "".join(row.names.values())] == []


@pytest.mark.parametrize(
    ("offers_a", "needs_a", "offers_b", "needs_b", "expected"),
    [
        ("", "", "", "", Complement(0)),
        ("argan", "", "", "argan", Complement(50, ("argan",), ())),
        ("", "argan", "argan", "", Complement(50, (), ("argan",))),
        ("argan", "credit", "credit", "argan", Complement(100, ("argan",), ("credit",))),
        ("argan honey", "", "", "honey leather argan", Complement(33, ("argan", "honey"), ())),
        ("argan", "credit", "credit", "argan leather", Complement(75, ("argan",), ("credit",))),
        ("argan", "", "argan", "", Complement(0)),  # two who sell the same
        ("", "argan", "", "argan", Complement(0)),  # two who look for the same
        ("argan argan", "", "", "argan argan", Complement(50, ("argan",), ())),
    ],
)
def test_complement(offers_a, needs_a, offers_b, needs_b, expected):
    assert complement(offers_a.split(), needs_a.split(), offers_b.split(), needs_b.split()) == expected


def test_complement_seen_from_the_other_side_is_the_same():
    a, b = (["argan", "honey"], ["credit"]), (["credit", "packaging"], ["argan", "leather"])

    there, back = complement(*a, *b), complement(*b, *a)

    assert there == Complement(back.score, back.b_gives, back.a_gives)
