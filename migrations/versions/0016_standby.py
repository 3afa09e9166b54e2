"""meetings made on the day of people and tables that are free; numbered queues"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "event", sa.Column("standby_by_clock", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("event", sa.Column("standby_looked_at", sa.DateTime(), nullable=True))
    op.create_table(
        "standby_meeting",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        _of_event("standby_meeting", "meeting", "published_meeting"),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_standby_meeting_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_standby_meeting_made_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standby_meeting")),
    )
    op.create_index(op.f("ix_standby_meeting_event_id"), "standby_meeting", ["event_id"])
    op.create_index(op.f("ix_standby_meeting_meeting_id"), "standby_meeting", ["meeting_id"])
    op.create_table(
        "standby_person",
        *_at_one_time(),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        _of_event("standby_person", "version", "version"),
        _of_event("standby_person", "meeting", "published_meeting"),
        _of_event("standby_person", "participation", "participation", ondelete=None),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standby_person")),
        sa.UniqueConstraint(
            "version_id",
            "participation_id",
            "day",
            "start",
            "seat",
            name=op.f("uq_standby_person_version_id_participation_id_day_start_seat"),
        ),
    )
    op.create_index(op.f("ix_standby_person_meeting_id"), "standby_person", ["meeting_id"])
    op.create_table(
        "standby_table",
        *_at_one_time(),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("table_number", sa.Integer(), nullable=False),
        _of_event("standby_table", "version", "version"),
        _of_event("standby_table", "meeting", "published_meeting"),
        _of_event("standby_table", "location", "location", ondelete=None),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standby_table")),
        sa.UniqueConstraint(
            "version_id",
            "location_id",
            "table_number",
            "day",
            "start",
            name=op.f("uq_standby_table_version_id_location_id_table_number_day_start"),
        ),
    )
    op.create_index(op.f("ix_standby_table_meeting_id"), "standby_table", ["meeting_id"])
    op.create_table(
        "numbered_queue",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("serving", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 1 AND 120", name=op.f("ck_numbered_queue_minutes")),
        _of_event("numbered_queue", "organisation", "organisation"),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_numbered_queue_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_numbered_queue")),
        sa.UniqueConstraint("event_id", "id", name=op.f("uq_numbered_queue_event_id_id")),
        sa.UniqueConstraint("event_id", "organisation_id", name=op.f("uq_numbered_queue_event_id_organisation_id")),
    )
    op.create_table(
        "queue_number",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("queue_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        _of_event("queue_number", "queue", "numbered_queue"),
        _of_event("queue_number", "participation", "participation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_number")),
        sa.UniqueConstraint("queue_id", "number", name=op.f("uq_queue_number_queue_id_number")),
    )
    op.create_index(op.f("ix_queue_number_participation_id"), "queue_number", ["participation_id"])


def downgrade() -> None:
    op.drop_table("queue_number")
    op.drop_table("numbered_queue")
    op.drop_table("standby_table")
    op.drop_table("standby_person")
    op.drop_table("standby_meeting")
    op.drop_column("event", "standby_looked_at")
    op.drop_column("event", "standby_by_clock")


def _at_one_time() -> list[sa.Column[object]]:
    """Give the columns of what is taken at one time of a version: fresh ones, since a table owns its columns."""
    return [
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("start", sa.Time(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
    ]


def _of_event(table: str, what: str, target: str, ondelete: str | None = "CASCADE") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_event_id_{what}_id")
    columns, there = ["event_id", f"{what}_id"], [f"{target}.event_id", f"{target}.id"]
    return sa.ForeignKeyConstraint(columns, there, name=name, ondelete=ondelete)
