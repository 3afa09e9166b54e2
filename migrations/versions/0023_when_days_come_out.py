"""the day on which the days that a version withholds come out, where organisers said it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("version", sa.Column("rest_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("version", "rest_on")
