"""invitations to single meetings, and the zone data by which a version was told"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "participation", sa.Column("by_invitation", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("version", sa.Column("zone_edition", sa.String(length=16), nullable=False, server_default=""))
    op.add_column("version", sa.Column("zone_noted", sa.String(length=16), nullable=False, server_default=""))
    op.add_column("published_meeting", sa.Column("begins_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("published_meeting", "begins_at")
    op.drop_column("version", "zone_noted")
    op.drop_column("version", "zone_edition")
    op.drop_column("participation", "by_invitation")
