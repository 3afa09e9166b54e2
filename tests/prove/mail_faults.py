"""Two days with relays that fail in every way known: each mail ends in a state that is true, and none is lost."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from flask import Flask

from matchmaker.domain.states import MailState
from matchmaker.extensions import current_settings, db
from matchmaker.mail import smtp
from matchmaker.mail.letters import Reading
from matchmaker.models import Mail
from matchmaker.services import outbox
from tests import factories, relays
from tests.conftest import NOW
from tests.prove import house
from tests.prove.rows import Measured, Off, Offs, Row, switched
from tests.relays import Fault, Faults, Stage, Talk

ENDS = frozenset({MailState.SENT, MailState.HELD, MailState.FAILED})
REAL = 20
_BUILT = outbox._built
SILENCE, WHOLE = 0.3, 1.0
"""Seconds that stand for one minute of silence and for five minutes of one message."""


@dataclass(frozen=True)
class Kind:
    """One way to fail. ``refused`` tells which mails never arrive, and rightly, by the number of the recipient."""

    faults: Faults
    refused: Callable[[int], bool] = lambda _number: False
    resend: bool = False
    tls: bool = False


def number_of(recipient: str) -> int:
    return int(recipient.partition("@")[0].removeprefix("p"))


def _now_and_then(every: int, early: dict[int, tuple[Stage, Fault]], first: dict[int, tuple[Stage, Fault]]) -> Faults:
    """Fail in one conversation of ``every``, by its number, and at the first try of some people, by theirs."""

    def faults(talk: Talk) -> Fault | None:
        stage, fault = early.get(talk.number % every, (None, None))
        if stage is talk.stage:
            return fault
        if talk.tries == 1:
            stage, fault = first.get(number_of(talk.recipient) % every, (None, None))
            return fault if stage is talk.stage else None
        return None

    return faults


def _greylist(talk: Talk) -> Fault | None:
    never, early = number_of(talk.recipient or "p0") % 100 == 7, talk.tries <= 2
    return relays.says("451 4.7.1 greylisted") if talk.stage is Stage.RCPT and (never or early) else None


REFUSALS = {0: (Stage.RCPT, "550 5.1.1 nobody here"), 33: (Stage.DATA, "554 no"), 66: (Stage.END, "552 too large")}


def _three_percent(talk: Talk) -> Fault | None:
    if talk.number % 50 == 9:  # not for a person's sake: the relay wants a password
        return relays.says("530 5.7.0 who are you") if talk.stage is Stage.MAIL else None
    stage, answer = REFUSALS.get(number_of(talk.recipient or "p1") % 100, (None, ""))
    return relays.says(answer) if stage is talk.stage else None


def _later() -> Faults:
    early = {1: Stage.GREETING, 2: Stage.EHLO, 3: Stage.MAIL}
    first = {1: Stage.RCPT, 3: Stage.DATA, 5: Stage.END}
    answer = relays.says("451 4.3.0 later")
    return _now_and_then(
        7,
        {key: (stage, answer) for key, stage in early.items()},
        {key: (stage, answer) for key, stage in first.items()},
    )


def _at_each_stage(every: int, fault: Fault) -> Faults:
    early = {1: Stage.GREETING, 2: Stage.EHLO, 3: Stage.MAIL}
    first = {4: Stage.RCPT, 5: Stage.DATA, 6: Stage.TEXT}
    return _now_and_then(
        every,
        {key: (stage, fault) for key, stage in early.items()},
        {key: (stage, fault) for key, stage in first.items()},
    )


def _hangs() -> Faults:
    before = _at_each_stage(40, relays.hangs)
    after = _now_and_then(40, {}, {7: (Stage.END, relays.hangs), 8: (Stage.END, relays.takes(relays.hangs))})
    return lambda talk: before(talk) or after(talk)


def _slow() -> Faults:
    drip = relays.drips(WHOLE / 8)  # nothing is said in time
    return _now_and_then(
        40,
        {1: (Stage.GREETING, drip), 2: (Stage.EHLO, drip)},
        {3: (Stage.RCPT, drip), 4: (Stage.DATA, drip), 5: (Stage.END, relays.takes(drip))},
    )


def _after_the_end() -> Faults:
    return _now_and_then(4, {}, {0: (Stage.END, relays.takes(relays.resets)), 1: (Stage.END, relays.resets)})


def _yes_and_gone() -> Faults:
    yes = "250 kept"
    ways = (relays.closes, relays.resets, relays.hangs)
    return _now_and_then(
        8, {}, {key: (Stage.END, relays.takes(relays.says_and(yes, way))) for key, way in enumerate(ways[:2])}
    )


def _odd() -> Faults:
    says, takes = relays.says, relays.takes
    first = {
        0: (Stage.RCPT, says("250-one", "250-", "250 three")),
        1: (Stage.RCPT, says("251 not here, but it goes on")),
        2: (Stage.RCPT, says("250")),
        3: (Stage.RCPT, says("hello")),
        4: (Stage.DATA, says("250 OK")),
        5: (Stage.END, takes(says("250-kept", "250 and more"))),
        6: (Stage.END, takes(says(b"250 \xff\xfe \xd9\x86\xd8\xb9\xd9\x85"))),
        7: (Stage.END, takes(says("354 go on"))),
        8: (Stage.END, takes(says("no number"))),
        9: (Stage.END, takes(says("250 " + "x" * 10_000))),
        10: (Stage.DATA, says("354 go on", "250 kept")),  # a yes before its turn, and then it loses what comes
    }
    loses = _now_and_then(12, {}, {10: (Stage.END, relays.closes)})
    others = _now_and_then(12, {1: (Stage.GREETING, says("220-one", "220 two"))}, first)
    return lambda talk: loses(talk) or others(talk)


def _tls(stranger: Path) -> Faults:
    garbage = relays.says_and("220 go on", relays.says(b"\x16\x03\x01 nonsense"))
    return _now_and_then(
        12,
        {
            1: (Stage.EHLO, relays.says("250 relay")),
            2: (Stage.STARTTLS, relays.says("454 not now")),
            3: (Stage.STARTTLS, garbage),
            4: (Stage.STARTTLS, relays.says_and("220 go on", relays.resets)),
            5: (Stage.STARTTLS, relays.presents(stranger)),
        },
        {6: (Stage.RCPT, relays.resets), 7: (Stage.END, relays.takes(relays.resets))},
    )


KINDS: dict[str, Kind] = {
    "greylist": Kind(_greylist, refused=lambda number: number % 100 == 7),
    "4xx at each stage": Kind(_later()),
    "5xx for 3 %": Kind(_three_percent, refused=lambda number: number % 100 in REFUSALS),
    "silence at each stage": Kind(_hangs()),
    "half open": Kind(_now_and_then(10, {1: (Stage.GREETING, relays.hangs)}, {})),
    "a byte now and then": Kind(_slow()),
    "reset after the end": Kind(_after_the_end()),
    "reset after the end, sent again": Kind(_after_the_end(), resend=True),
    "reset before the end": Kind(_at_each_stage(10, relays.resets)),
    "TLS refused": Kind(lambda _talk: None, tls=True),
    "yes and gone": Kind(_yes_and_gone()),
    "odd answers": Kind(_odd()),
}

TELLING = ("greylist", "reset after the end", "odd answers")
"""Kinds that take little time, and by which each control is seen."""


# ── the row ─────────────────────────────────────────────────────────────────


def measure(size: int, offs: Offs) -> Measured:
    """Send ``size`` mails through a relay of each kind, and compare what the rows say with what the relays know."""
    faults, ends = [], Counter[str]()
    with house.a_house() as app, switched([Off("matchmaker.services.outbox:_built", _mostly_plain), *offs]):
        event = factories.EventFactory()
        people = house.crowd(event, size)
        kinds = {name: KINDS[name] for name in (TELLING if offs else KINDS)}
        for name, kind in kinds.items():
            house.invite(event, people, name, NOW)
            faults += [f"{name}: {fault}" for fault in _judged(app, name, kind, ends)]
    said = ", ".join(f"{count} {state}" for state, count in sorted(ends.items()))
    return Measured(said, f"{len(kinds)} kinds x {size} mails, one of {REAL} with all its words", faults)


def _mostly_plain(mail_id: int, now: datetime, read: Reading) -> tuple[str, bytes]:
    """Return what goes out. The row is about the way, not the words: these are made for one mail of a few."""
    if mail_id % REAL == 0:
        return _BUILT(mail_id, now, read)
    row = db.session.get_one(Mail, mail_id)
    found = row.recipient, row.message_id
    db.session.rollback()
    return found[0], f"Message-ID: {found[1]}\r\nTo: {found[0]}\r\n\r\n.\r\n..\r\n--\r\n".encode()


def _judged(app: Flask, name: str, kind: Kind, ends: Counter[str]) -> Iterator[str]:
    with _relay(app, kind) as relay:
        way = smtp.Relay(current_settings(), silence_seconds=SILENCE, whole_seconds=WHOLE)
        house.let_time_pass(way, NOW, hours=house.HOURS)
    taken = Counter(relays.message_id(content) for _, content in relay.kept)
    rows = house.mails(name)
    ends.update(row.state.value for row in rows)
    ends["copies in the window"] += sum(taken.values()) - len(taken)
    for row in rows:
        if wrong := _wrong(row, taken[row.message_id], kind):
            yield f"{row.recipient} ({row.state.value}, {row.tries} tries, {row.answer[:60]}): {wrong}"
    if strange := set(taken) - {row.message_id for row in rows}:
        yield f"{len(strange)} messages with a Message-ID that no row has"
    if cut := sum(not content.endswith(b"--\r\n") for _, content in relay.kept):
        yield f"{cut} messages were taken that are not whole"


def _wrong(row: Mail, taken: int, kind: Kind) -> str:
    """Return what is wrong with a row, beside how often the relay took its message."""
    wrongs = {
        "no end after two days": row.state not in ENDS,
        "lost: called sent, and the relay never took it": row.state is MailState.SENT and not taken,
        "called failed, and the relay took it": row.state is MailState.FAILED and taken > 0,
        "given up, though the relay would have taken it": row.state is MailState.FAILED
        and not kind.refused(number_of(row.recipient)),
        f"{taken} copies outside the marked window": taken > (row.tries if kind.resend else 1),
    }
    return "; ".join(what for what, is_so in wrongs.items() if is_so)


@contextmanager
def _relay(app: Flask, kind: Kind) -> Iterator[relays.Relay]:
    """Run the kind's relay, and let the application's settings lead there."""
    before = app.config["SETTINGS"]
    trusted, stranger = (_folder(before.data_folder, name) for name in ("trusted", "stranger"))
    own, other = (relays.certificate(folder) if kind.tls else None for folder in (trusted, stranger))
    faults = _tls(other) if other else kind.faults
    with relays.relay(faults, certificate=own) as relay:
        security = "starttls" if kind.tls else "none"
        doubt = "resend" if kind.resend else "hold"
        app.config["SETTINGS"] = replace(before, smtp_port=relay.port, smtp_security=security, mail_in_doubt=doubt)
        if own:
            os.environ["SSL_CERT_FILE"] = str(own)
        try:
            yield relay
        finally:
            app.config["SETTINGS"] = before
            os.environ.pop("SSL_CERT_FILE", None)


def _folder(home: Path, name: str) -> Path:
    folder = home / name
    folder.mkdir(exist_ok=True)
    return folder


def _always_again(_mail: Mail) -> MailState:
    return MailState.QUEUED


ROW = Row(
    name="mail-faults",
    asked="SMTP faults, 10 kinds x 2,000 mails: 100 % known final state, 0 lost",
    full=2000,
    minutes=60,
    smoke=24,
    measure=measure,
    controls={
        "doubt is taken for a no": (Off("matchmaker.services.outbox:_when_in_doubt", _always_again),),
        "one try only": (Off("matchmaker.services.outbox:MOST_TRIES", 1),),
        "an early yes is believed": (Off("matchmaker.mail.smtp:_refuse_early_words", lambda _smtp: None),),
    },
)
