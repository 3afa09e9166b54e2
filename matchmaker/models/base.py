"""What all rows share: typed columns, names of constraints, instants, choices."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Enum, ForeignKeyConstraint, Integer, String, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from matchmaker.extensions import metadata as _metadata


class Instant(TypeDecorator[datetime]):
    """An aware moment, stored as naive UTC because SQLite knows no zones.

    Wall times of an event (days, slots, deadlines) are not instants: they are plain ``Date``, ``Time``
    and ``DateTime`` columns, and ``domain.zones`` converts.
    """

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.replace(tzinfo=UTC)


def choice(kind: type[StrEnum]) -> Enum:
    """Return a column type for the values of ``kind``, checked by the database, readable in it."""
    return Enum(
        kind,
        native_enum=False,
        length=24,
        create_constraint=True,
        validate_strings=True,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


Texts = dict[str, str]
"""One text in several languages: locale -> words. ``domain.wording.in_language`` picks."""


class Base(DeclarativeBase):
    metadata = _metadata
    type_annotation_map = {  # noqa: RUF012
        dict[str, str]: JSON,
        dict[str, int]: JSON,
        dict[str, Any]: JSON,
        list[str]: JSON,
        str: String,
        datetime: Instant,
    }

    id: Mapped[int] = mapped_column(Integer, primary_key=True)


def of_event(column: str, target: str, **kwargs: Any) -> ForeignKeyConstraint:
    """Return a foreign key that also holds both rows to the same event.

    ``column`` names the referring column, ``target`` the table. The target needs the unique pair
    (event_id, id), which ``SAME_EVENT`` gives.
    """
    return ForeignKeyConstraint(["event_id", column], [f"{target}.event_id", f"{target}.id"], **kwargs)
