"""The address that opens WhatsApp: the text whole in any script, the number only if it is whole."""

from urllib.parse import parse_qs, urlsplit

import pytest

from matchmaker.domain.whatsapp import address

TEXTS = ["برنامجي: https://example.org/a/1-x?lang=ar&b=1", "Mon agenda & le vôtre + 100 %", "one\ntwo #three"]


@pytest.mark.parametrize("text", TEXTS)
def test_the_text_arrives_as_it_is(text):
    parts = urlsplit(address(text))

    assert (parts.scheme, parts.netloc, parts.path, parts.fragment) == ("https", "wa.me", "/", "")
    assert parse_qs(parts.query) == {"text": [text]}


@pytest.mark.parametrize(
    ("phone", "digits"),
    [
        ("+212 6 00 00 00 00", "212600000000"),
        ("00212 600-000000", "212600000000"),
        ("+33 (0)6 00 00 00 00", "33600000000"),
        ("06 00 00 00 00", ""),
        ("+212", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_number_is_used_only_if_it_is_whole(phone, digits):
    assert urlsplit(address("text", phone)).path == f"/{digits}"
