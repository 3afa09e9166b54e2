import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.links import LARGEST_ID, Parts, Purpose, digest, matches, read, sign_in_token, token

SECRET = b"a secret of the tests, long enough"


@given(st.integers(0, LARGEST_ID), st.integers(0, 1000), st.sampled_from(Purpose))
def test_a_token_is_read_back_and_matches(id_, generation, purpose):
    text = token(SECRET, purpose, id_, generation)

    parts = read(text)

    assert re.fullmatch(r"[0-9a-hjkmnp-tv-z]+-[0-9a-hjkmnp-tv-z]{26}", text)
    assert parts.id == id_
    assert matches(parts, SECRET, purpose, generation)


def test_a_token_is_the_same_each_time_so_that_paper_and_mail_agree():
    assert token(SECRET, Purpose.AGENDA, 4711, 1) == "4k7-0xwexqwdagbyds1q5j9s2gzh70"


def test_a_token_opens_nothing_else():
    keys = list(product([SECRET, b"another secret, as long as that"], Purpose, [7, 8], [1, 2]))
    tokens = {key: token(*key) for key in keys}

    opened = [
        (key, other)
        for (key, text), other in product(tokens.items(), keys)
        if (parts := read(text)).id == other[2] and matches(parts, other[0], other[1], other[3])
    ]

    assert opened == [(key, key) for key in keys]


def test_raising_the_generation_revokes():
    parts = read(token(SECRET, Purpose.AGENDA, 7, 1))

    assert matches(parts, SECRET, Purpose.AGENDA, 1)
    assert not matches(parts, SECRET, Purpose.AGENDA, 2)


def test_a_changed_mac_or_id_does_not_match():
    parts = read(token(SECRET, Purpose.AGENDA, 7, 1))

    flipped = [
        bytes(b ^ (1 << bit if i == byte else 0) for i, b in enumerate(parts.mac))
        for byte in range(16)
        for bit in range(8)
    ]

    assert not any(matches(Parts(7, mac), SECRET, Purpose.AGENDA, 1) for mac in flipped)
    assert not matches(parts._replace(id=8), SECRET, Purpose.AGENDA, 1)


def test_read_forgives_capitals_and_the_slips_of_those_who_copy_from_paper():
    text = token(SECRET, Purpose.AGENDA, 33, 1)
    id_, mac = text.split("-")
    slipped = mac.replace("0", "O").replace("1", "l").upper()

    assert id_ == "11"
    assert read(f" lI-{slipped[:13]}-{slipped[13:]} ") == read(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "7",
        "7-",
        f"-{'0' * 26}",
        f"7-{'0' * 25}u",
        f"7-{'z' * 26}",  # 130 bits set
        f"7-{'0' * 27}",
        f"{'z' * 9}-{'0' * 26}",  # no row has such a number
        f"7é-{'0' * 26}",
        f"7/{'0' * 26}",
        f"7-{'0' * 20}\u0660{'0' * 5}",
        "\ud800-0",
    ],
)
def test_read_gives_none_for_what_cannot_be_a_token(text):
    assert read(text) is None


def test_the_largest_id_is_still_read():
    assert read(token(SECRET, Purpose.FEED, LARGEST_ID, 1)).id == LARGEST_ID
    assert read(token(SECRET, Purpose.FEED, LARGEST_ID + 1, 1)) is None


def test_a_short_secret_is_refused():
    with pytest.raises(ValueError, match="a secret of 15 bytes"):
        token(b"x" * 15, Purpose.AGENDA, 1, 1)
    with pytest.raises(ValueError, match="a secret of 0 bytes"):
        sign_in_token(b"", b"nonce")


def test_a_sign_in_token_needs_both_secret_and_nonce():
    tokens = {sign_in_token(secret, nonce) for secret in (SECRET, SECRET[::-1]) for nonce in (b"n" * 16, b"m" * 16)}

    assert len(tokens) == 4
    assert all(re.fullmatch(r"[0-9a-z]{26}", text) for text in tokens)


def test_a_sign_in_token_is_found_again_however_it_was_typed():
    text = sign_in_token(SECRET, b"n" * 16)
    typed = f" {text[:13]}-{text[13:]} ".upper().replace("0", "O")

    assert digest(typed) == digest(text)
    assert digest(text) != digest(sign_in_token(SECRET, b"m" * 16))
    assert text not in digest(text)


def test_a_digest_of_nonsense_is_still_a_digest():
    assert re.fullmatch("[0-9a-f]{64}", digest("\ud800"))
