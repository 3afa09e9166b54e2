"""The agendas of those whose mails leave next, read together: to read one by one takes longer than to write it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import Mail, Participation
from matchmaker.queries.agenda import agendas
from matchmaker.queries.agenda_facts import Agenda
from matchmaker.queries.shelf import editions


class Ahead:
    """Knows the agendas of the readers of some mails, as long as nothing changes that stands in them.

    Only logos may be those of some seconds ago: no edition counts them.
    """

    def __init__(self, mail_ids: Sequence[int]) -> None:
        self._mail_ids = mail_ids
        self._true_of: object = None
        self._read: dict[int, Agenda] = {}

    def agenda(self, participation: Participation, *, today: date | None = None) -> Agenda:
        """Return somebody's agenda as it is now; that of one of the readers costs a glance."""
        true_of = participation.event_id, editions(participation.event_id), today
        if true_of != self._true_of or participation.id not in self._read:
            people = self._readers(participation)
            self._true_of = true_of
            self._read = dict(zip((person.id for person in people), agendas(people, today=today), strict=True))
        return self._read[participation.id]

    def _readers(self, participation: Participation) -> list[Participation]:
        theirs = select(Mail.participation_id).where(Mail.id.in_(self._mail_ids))
        others = Participation.event_id == participation.event_id, Participation.id != participation.id
        return [participation, *db.session.scalars(select(Participation).where(*others, Participation.id.in_(theirs)))]
