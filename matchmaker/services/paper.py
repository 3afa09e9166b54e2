"""Making what is printed: asked for by an organiser or by the clock on the eve, made by the worker, kept as files."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from secrets import token_hex

import structlog
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matchmaker.domain import zones
from matchmaker.domain.states import PaperState, Phase
from matchmaker.errors import NotFound
from matchmaker.extensions import current_settings, db
from matchmaker.models import Event, PaperPack, Version
from matchmaker.paper.agenda import agendas_pdf
from matchmaker.paper.badges import badges_pdf
from matchmaker.paper.doors import doors_pdf
from matchmaker.paper.interpreters import interpreters_pdf
from matchmaker.paper.tables import tables_pdf
from matchmaker.queries import paper as queries
from matchmaker.queries.paper import Paper
from matchmaker.services.steps import lateness
from matchmaker.services.steps.journal import record
from matchmaker.unit_of_work import unit_of_work

EVENING = time(18)
"""From then on the eve, on the event's clock, paper is made by itself."""
CLAIM_LASTS = timedelta(minutes=15)
"""A claim older than this is of a worker that died."""
MOST_TRIES = 3
AT_ONCE = 250
"""People whose agendas stand in one file: the typesetter takes 2 MB for each page that it sets or tries."""
SITTINGS_AT_ONCE = 600
"""So many have the tables of one file of cards: to set one takes a megabyte."""
IN_PARTS: Mapping[str, Callable[[Paper], Iterator[Paper]]] = {
    "agendas": lambda paper: paper.parts(AT_ONCE),
    "badges": lambda paper: paper.parts(AT_ONCE),
    "tables": lambda paper: paper.parts_by_table(SITTINGS_AT_ONCE),
}
PUBLIC_PHASES = (Phase.PROVISIONAL, Phase.FINAL, Phase.ON_THE_DAY)

log = structlog.get_logger()


def _agendas(paper: Paper) -> bytes | None:
    addressed = zip(paper.agendas, (person.agenda_address for person in paper.people), strict=True)
    return agendas_pdf(addressed, _("All agendas")) if paper.people else None


PRINTED: Mapping[str, Callable[[Paper], bytes | None]] = {
    "agendas": _agendas,
    "interpreters": interpreters_pdf,
    "tables": tables_pdf,
    "doors": doors_pdf,
    "badges": badges_pdf,
}


def ask(event_id: int, *, actor_id: int, now: datetime) -> None:
    """Ask for the paper of the last version, or of those who take part if there is none; what is asked already waits.

    Raises
    ------
    NotFound
        If there is no such event.
    """
    with unit_of_work() as session:
        if session.get(Event, event_id, with_for_update=True) is None:
            raise NotFound("event", event_id)
        number = session.scalar(select(func.max(Version.number)).where(Version.event_id == event_id)) or 0
        pack = session.scalar(
            select(PaperPack).where(PaperPack.event_id == event_id, PaperPack.version_number == number)
        )
        if pack is not None and pack.state in {PaperState.ASKED, PaperState.MAKING}:
            return
        pack = pack or PaperPack(event_id=event_id, version_number=number)
        pack.state, pack.asked_at, pack.asked_by_id, pack.tries = PaperState.ASKED, now, actor_id, 0
        session.add(pack)
        record(session, event_id=event_id, actor_id=actor_id, verb="paper.asked", now=now, detail={"version": number})


def ask_on_the_eve(*, now: datetime) -> int:
    """Ask for the paper of each event that begins tomorrow or goes on; return of how many. Once for each version."""
    found = queries.without_pack(PUBLIC_PHASES)
    due = [
        (event.id, version.number, _since(event, version)) for event, version in found if _is_due(event, version, now)
    ]
    return sum(_ask_by_itself(*one, now) for one in due)


def _is_due(event: Event, version: Version, now: datetime) -> bool:
    """Tell whether the eve's evening has come, or its day and with it a version, and the last day is not over."""
    days = [day.day for day in event.days]
    if not days:
        return False
    wall, eve = zones.wall(now, event.zone), min(days) - timedelta(days=1)
    published_since = zones.wall(version.published_at, event.zone).date() >= eve
    return wall.date() <= max(days) and (wall >= datetime.combine(eve, EVENING) or published_since)


def _since(event: Event, version: Version) -> datetime:
    eve = min(day.day for day in event.days) - timedelta(days=1)
    if zones.wall(version.published_at, event.zone).date() >= eve:
        return version.published_at
    return zones.instant(datetime.combine(eve, EVENING), event.zone)


def _ask_by_itself(event_id: int, number: int, since: datetime, now: datetime) -> bool:
    try:
        with unit_of_work() as session:
            session.add(PaperPack(event_id=event_id, version_number=number, state=PaperState.ASKED, asked_at=now))
    except IntegrityError:
        return False  # an organiser asked at the same moment
    lateness.say("paper", event_id, due=since, now=now)
    return True


def make_next(*, holder: str, now: datetime) -> int | None:
    """Make one pack that waits, and return its id; None if none does. ``holder`` names the worker.

    No transaction is open while the pages are set. A pack that went meanwhile, because a person's data was
    deleted, leaves no file behind.
    """
    claimed = _claim(holder, now)
    if claimed is None:
        return None
    pack_id, event_id = claimed
    folder = f"{pack_id}-{token_hex(8)}"
    try:
        files = _written(event_id, current_settings().paper / folder, now)
    except Exception as error:  # noqa: BLE001 -- a pack that cannot be made must not stop the worker
        log.error("paper.unmade", pack=pack_id, error=type(error).__name__, cause=str(error)[:200])  # noqa: TRY400
        db.session.rollback()
        files = {}
    _end(pack_id, holder, folder, files, now)
    return pack_id


def sweep() -> None:
    """Take away the files of packs that are no more, whatever became of them."""
    place = current_settings().paper
    if not place.is_dir():
        return
    folders = list(place.iterdir())  # before the rows: whatever is being written is claimed already
    packs = db.session.execute(select(PaperPack.id, PaperPack.folder, PaperPack.state)).all()
    db.session.rollback()
    kept = {folder for _id, folder, _state in packs}
    making = {str(id_) for id_, _folder, state in packs if state is PaperState.MAKING}
    for folder in folders:
        if folder.name not in kept and folder.name.split("-")[0] not in making:
            shutil.rmtree(folder, ignore_errors=True)


def _claim(holder: str, now: datetime) -> tuple[int, int] | None:
    abandoned = (PaperPack.state == PaperState.MAKING) & (PaperPack.claimed_at <= now - CLAIM_LASTS)
    waiting = select(PaperPack).where(or_(PaperPack.state == PaperState.ASKED, abandoned))
    if db.session.scalar(waiting.limit(1)) is None:
        return None  # without asking for the lock of the database every second
    with unit_of_work() as session:
        pack = session.scalar(waiting.order_by(PaperPack.asked_at).limit(1).with_for_update(skip_locked=True))
        if pack is None:
            return None
        if pack.tries >= MOST_TRIES:
            pack.state = PaperState.FAILED
            return None
        pack.state, pack.claimed_by, pack.claimed_at = PaperState.MAKING, holder, now
        pack.tries += 1
        return pack.id, pack.event_id


def _written(event_id: int, folder: Path, now: datetime) -> dict[str, int]:
    """Write the files that there is something to print in; return the bytes of each."""
    paper = queries.paper(event_id, now=now)
    db.session.rollback()
    folder.mkdir(parents=True, mode=0o700)
    written = {}
    with force_locale(paper.language):
        for kind, printed in PRINTED.items():
            for number, part in enumerate(IN_PARTS[kind](paper) if kind in IN_PARTS else [paper], 1):
                if content := printed(part):
                    name = queries.name_of(kind, number)
                    (folder / f"{name}.pdf").write_bytes(content)
                    written[name] = len(content)
    return written


def _end(pack_id: int, holder: str, folder: str, files: dict[str, int], now: datetime) -> None:
    with unit_of_work() as session:
        pack = session.get(PaperPack, pack_id, with_for_update=True)
        if pack is None or pack.claimed_by != holder or pack.state is not PaperState.MAKING:
            return
        if not files:
            pack.state = PaperState.FAILED
            return
        pack.state, pack.folder, pack.files, pack.made_at = PaperState.READY, folder, files, now
        _forget_older(session, pack)


def _forget_older(session: Session, pack: PaperPack) -> None:
    older = PaperPack.event_id == pack.event_id, PaperPack.version_number < pack.version_number
    session.execute(delete(PaperPack).where(*older))
