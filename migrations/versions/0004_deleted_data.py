"""when the data of a person, or of a whole event, was deleted"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("data_deleted_at", sa.DateTime(), nullable=True))
    op.add_column("participation", sa.Column("deleted_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("participation", "deleted_at")
    op.drop_column("event", "data_deleted_at")
