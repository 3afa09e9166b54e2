"""What a Postfix log says of messages whose fate we do not know."""

from matchmaker.mail.relay_log import accepted

ONE, TWO, THREE = (f"<agenda.{name}@matchmaker.example.org>" for name in ("one", "two", "three"))


def line(process, words):
    return f"Nov 28 10:15:02 mail postfix/{process}[4711]: {words}\n"


def test_what_the_queue_took_up_is_accepted(tmp_path):
    log = tmp_path / "mail.log"
    log.write_text(
        line("cleanup", f"4A0C21: message-id={ONE}")
        + line("smtpd", "4A0C22: client=localhost[127.0.0.1]")
        + line("cleanup", f"4A0C22: message-id={TWO}")  # and broken off: the queue never had it
        + line("qmgr", "4A0C21: from=<salon@example.org>, size=48211, nrcpt=1 (queue active)")
    )

    assert accepted(log, [ONE, TWO, THREE]) == {ONE}


def test_the_log_before_the_last_turn_is_read_first(tmp_path):
    log = tmp_path / "mail.log"
    (tmp_path / "mail.log.1").write_text(line("cleanup", f"3zq: message-id={ONE}"))
    log.write_text(line("qmgr", "3zq: from=<salon@example.org>, size=1, nrcpt=1 (queue active)"))

    assert accepted(log, [ONE]) == {ONE}


def test_a_number_that_comes_again_is_of_the_latest(tmp_path):
    log = tmp_path / "mail.log"
    log.write_text(
        line("cleanup", f"A1: message-id={ONE}")
        + line("cleanup", f"A1: message-id={TWO}")
        + line("qmgr", "A1: from=<salon@example.org>, size=1, nrcpt=1 (queue active)")
    )

    assert accepted(log, [ONE, TWO]) == {TWO}


def test_a_log_that_cannot_be_read_knows_of_none(tmp_path):
    assert accepted(tmp_path / "nothing", [ONE]) == frozenset()
