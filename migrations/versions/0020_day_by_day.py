"""the days that a version published, and those that are told since; empty: all"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("version", sa.Column("days", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("version", sa.Column("days_out", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("version", "days_out")
    op.drop_column("version", "days")
