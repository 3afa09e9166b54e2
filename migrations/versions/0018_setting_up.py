"""setting up: answers from a sheet, logos, archives"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people_import", sa.Column("kind", sa.String(16), server_default="people", nullable=False))
    op.add_column("event", sa.Column("logos", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("event", sa.Column("archived_at", sa.DateTime(), nullable=True))
    op.create_table(
        "logo",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False),
        sa.Column("large", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_logo_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logo")),
    )
    op.create_index(op.f("ix_logo_event_id"), "logo", ["event_id"])


def downgrade() -> None:
    op.drop_table("logo")
    op.drop_column("event", "archived_at")
    op.drop_column("event", "logos")
    op.drop_column("people_import", "kind")
