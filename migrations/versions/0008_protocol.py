"""title and rank of protocol, and whose meetings only people move"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("participation", sa.Column("title", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("participation", sa.Column("protocol_rank", sa.Integer(), nullable=True))
    op.add_column(
        "participation", sa.Column("moved_by_hand", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column("participation", "moved_by_hand")
    op.drop_column("participation", "protocol_rank")
    op.drop_column("participation", "title")
