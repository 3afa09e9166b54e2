"""A table between the file it came from and the people, wishes or times that it becomes."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.domain.heads import Row
from matchmaker.domain.states import ImportKind, ImportState
from matchmaker.models.base import Base, Instant, choice


class PeopleImport(Base):
    """What an organiser sent and what they settled for it: which column is what, what becomes of which row.

    ``kind`` is what its rows tell (``ImportKind``); ``people`` counts what was entered, also of wishes and times.
    ``rows`` are emptied when all is entered; the whole is deleted after a day. ``columns`` and ``choices`` go by
    the number of the column from 0 and of the row in the sheet, as text. ``trouble`` is a sentence of the catalogues
    that says why a confirmed import came back.
    """

    __tablename__ = "people_import"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(16), default=ImportKind.PEOPLE, server_default=ImportKind.PEOPLE)
    title: Mapped[str] = mapped_column(String(200))
    others: Mapped[list[str]] = mapped_column(default=list)
    rows: Mapped[list[Row]] = mapped_column(JSON, deferred=True)
    columns: Mapped[dict[str, str]] = mapped_column(default=dict)
    head_first: Mapped[int]
    head_count: Mapped[int]
    choices: Mapped[dict[str, str]] = mapped_column(default=dict)
    state: Mapped[ImportState] = mapped_column(choice(ImportState), default=ImportState.DRAFT)
    trouble: Mapped[str] = mapped_column(String(200), default="")
    total: Mapped[int]
    checked: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=0)
    organisations: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
