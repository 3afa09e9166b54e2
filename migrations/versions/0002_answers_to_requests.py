"""answers to requests, and how an event comes to its meetings

The columns of ``event`` are added by plain SQL, each with its check: to make the table anew would, on SQLite, delete
every row that hangs on an event.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LEVELS_BEFORE = ("must", "like", "veto")
LEVELS = ("must", "like", "yes", "no", "veto")


def upgrade() -> None:
    _levels(LEVELS)
    op.execute(
        "ALTER TABLE event ADD COLUMN asking VARCHAR(24) DEFAULT 'wishes' NOT NULL "
        "CONSTRAINT ck_event_asking CHECK (asking IN ('wishes', 'requests'))"
    )
    op.execute(
        "ALTER TABLE event ADD COLUMN answer_days INTEGER "
        "CONSTRAINT ck_event_answer_days CHECK (answer_days BETWEEN 1 AND 60)"
    )
    op.add_column("event", sa.Column("digest_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM wish WHERE level IN ('yes', 'no')")
    _levels(LEVELS_BEFORE)
    for column in ("digest_on", "answer_days", "asking"):
        op.execute(f"ALTER TABLE event DROP COLUMN {column}")


def _levels(levels: tuple[str, ...]) -> None:
    """Let a wish have these levels."""
    listed = ", ".join(f"'{level}'" for level in levels)
    with op.batch_alter_table("wish") as batch_op:
        batch_op.drop_constraint(op.f("ck_wish_wishlevel"), type_="check")
        batch_op.create_check_constraint(op.f("ck_wish_wishlevel"), f"level IN ({listed})")
