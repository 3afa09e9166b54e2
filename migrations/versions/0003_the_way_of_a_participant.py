"""when times were said, when agendas are promised, and who waits for a seat in a session"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("agendas_on", sa.Date(), nullable=True))
    op.add_column("participation", sa.Column("times_said_at", sa.DateTime(), nullable=True))
    op.execute(
        "UPDATE participation SET times_said_at = created_at "
        "WHERE EXISTS (SELECT 1 FROM unavailability WHERE unavailability.participation_id = participation.id)"
    )
    op.create_table(
        "session_queue",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "participation_id"],
            ["participation.event_id", "participation.id"],
            name=op.f("fk_session_queue_event_id_participation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "session_id"],
            ["event_session.event_id", "event_session.id"],
            name=op.f("fk_session_queue_event_id_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_queue")),
        sa.UniqueConstraint(
            "session_id", "participation_id", name=op.f("uq_session_queue_session_id_participation_id")
        ),
    )
    with op.batch_alter_table("session_queue", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_queue_participation_id"), ["participation_id"], unique=False)


def downgrade() -> None:
    op.drop_table("session_queue")
    op.drop_column("participation", "times_said_at")
    op.drop_column("event", "agendas_on")
