import pytest

from matchmaker.domain.calendar_uid import message_id, uid


def test_uid_names_request_event_and_host():
    assert uid("jim-2024", "r7k3", "Rendezvous.example.org") == "r7k3.jim-2024@rendezvous.example.org"


def test_uids_of_different_requests_and_events_differ_even_where_their_parts_join_alike():
    assert len({uid("b-c", "a", "h"), uid("c", "a-b", "h"), uid("a", "b-c", "h")}) == 3


def test_message_id_is_derived_and_hides_its_key():
    found = message_id("version", "jim-2024/17/3", "example.org")

    assert found == "<version.df90f3d2d15e10e5b0998023e1880d09@example.org>"
    assert found == message_id("version", "jim-2024/17/3", "EXAMPLE.org")


def test_message_ids_differ_by_kind_key_and_host():
    assert (
        len({message_id(*parts) for parts in [("a", "k", "h"), ("b", "k", "h"), ("a", "l", "h"), ("a", "k", "i")]}) == 4
    )


@pytest.mark.parametrize("wrong", ["", "a b", "a\r\nBcc: x", "a.b", "<a", "é"])
def test_what_would_break_an_identifier_is_refused(wrong):
    with pytest.raises(ValueError, match="cannot be part"):
        uid(wrong, "r1", "h")
    with pytest.raises(ValueError, match="cannot be part"):
        uid("jim", wrong, "h")
    with pytest.raises(ValueError, match="cannot be part"):
        message_id(wrong, "key", "h")


@pytest.mark.parametrize("wrong", ["", "h:8000", "h>", "a..b", "h\n", "a b"])
def test_what_is_no_host_is_refused(wrong):
    with pytest.raises(ValueError, match="no host name"):
        uid("jim", "r1", wrong)
    with pytest.raises(ValueError, match="no host name"):
        message_id("version", "key", wrong)
