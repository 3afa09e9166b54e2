"""notices"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "participation", sa.Column("wants_reminders", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.create_table(
        "notice",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_notice_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("event_id", "name", name=op.f("uq_notice_event_id_name")),
    )


def downgrade() -> None:
    op.drop_table("notice")
    op.drop_column("participation", "wants_reminders")
