"""on the day"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run", sa.Column("happened", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("participation", sa.Column("arrived_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("participation", "arrived_at")
    op.drop_column("run", "happened")
