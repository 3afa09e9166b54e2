"""The words of organisers in place of ours: the subject and the opening of a kind of message, by language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.domain.states import Locale
from matchmaker.domain.texts import NOTHING, OF_KIND, Part, Words, fault, tidied
from matchmaker.errors import NotFound, UnfitText
from matchmaker.models import Event, MessageText
from matchmaker.queries import texts
from matchmaker.services.steps.journal import record
from matchmaker.services.steps.revisions import refuse_stale
from matchmaker.unit_of_work import unit_of_work


def save(event_id: int, kind: str, words: Words, *, revision: int, actor_id: int | None, now: datetime) -> None:
    """Say a kind of message in these words; what is left out, or empty, is ours again.

    ``revision`` is the one that the writer saw, 0 where nobody wrote anything yet. Messages that wait are made later,
    and so are made in these words.

    Raises
    ------
    ChangedMeanwhile
        If somebody saved since.
    NotFound
        If there is no such event, or no such kind that can be written anew.
    UnfitText
        At the first text that may not go out: with an unknown placeholder, a lone brace, a character that steers, a
        second line in a subject, or too many characters.
    """
    kept = Words(*(_tidied(words.of(part)) for part in Part))
    for part in Part:
        for language, text in kept.of(part).items():
            if found := fault(kind, part, text) if kind in OF_KIND else None:
                raise UnfitText(name_of(part, language), *found)
    _keep(event_id, kind, kept, revision=revision, actor_id=actor_id, now=now)


def give_back(event_id: int, kind: str, *, revision: int, actor_id: int | None, now: datetime) -> None:
    """Say a kind of message in our words again, in all languages.

    Raises
    ------
    ChangedMeanwhile, NotFound
        As of ``save``.
    """
    _keep(event_id, kind, NOTHING, revision=revision, actor_id=actor_id, now=now)


def name_of(part: Part, language: str) -> str:
    """Return the name of a text in forms, differences and refusals."""
    return f"{part}_{language}"


def by_name(words: Words) -> dict[str, str]:
    """Return the texts of a kind by their names, empty where they are ours."""
    return {name_of(part, str(locale)): words.of(part).get(str(locale), "") for part in Part for locale in Locale}


def _tidied(texts: Mapping[str, str]) -> dict[str, str]:
    written = {str(locale): tidied(texts.get(str(locale), "")) for locale in Locale}
    return {language: text for language, text in written.items() if text}


def _keep(event_id: int, kind: str, words: Words, *, revision: int, actor_id: int | None, now: datetime) -> None:
    with unit_of_work() as session:
        row = _row(session, event_id, kind)
        before = Words(row.subjects, row.openings)
        refuse_stale(row, revision, by_name(before), by_name(words))
        row.subjects, row.openings, row.revision = dict(words.subjects), dict(words.openings), revision + 1
        session.add(row)
        verb = "text.given_back" if words == NOTHING else "text.changed"
        record(session, event_id=event_id, actor_id=actor_id, verb=verb, now=now, subject=kind)


def _row(session: Session, event_id: int, kind: str) -> MessageText:
    """Return the row of a kind, new where there is none; of two who write the first, the second waits."""
    event = session.get(Event, event_id, with_for_update=True, populate_existing=True)
    if event is None or kind not in OF_KIND:
        raise NotFound("text", kind)
    return texts.text(event_id, kind) or MessageText(event_id=event_id, kind=kind, subjects={}, openings={}, revision=0)
