"""studies beside runs, and what fairness weighs in a run"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

STATES = "queued", "running", "done", "infeasible", "nothing_found", "failed", "cancelled"
KINDS = "forecast", "frontier"


def upgrade() -> None:
    op.add_column("run", sa.Column("bonus_percent", sa.Integer(), server_default="100", nullable=False))
    op.create_table(
        "study",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", _choice(*KINDS, name="studykind"), nullable=False),
        sa.Column("state", _choice(*STATES, name="runstate"), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("problem", sa.LargeBinary(), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(), nullable=True),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("failure", sa.String(length=24), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_study_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study")),
    )
    op.create_index(op.f("ix_study_event_id"), "study", ["event_id"])


def downgrade() -> None:
    op.drop_table("study")
    op.drop_column("run", "bonus_percent")


def _choice(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)
