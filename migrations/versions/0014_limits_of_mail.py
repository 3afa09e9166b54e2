"""limits of mail"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("mail_stopped_at", sa.DateTime(), nullable=True))
    op.add_column("mail", sa.Column("host", sa.String(length=254), nullable=False, server_default=""))
    op.execute("UPDATE mail SET host = lower(substr(recipient, instr(recipient, '@') + 1))" if _is_sqlite() else FILL)
    op.create_index("ix_mail_claimed_at", "mail", ["claimed_at"])


FILL = "UPDATE mail SET host = lower(split_part(recipient, '@', 2))"


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def downgrade() -> None:
    op.drop_index("ix_mail_claimed_at", table_name="mail")
    op.drop_column("mail", "host")
    op.drop_column("event", "mail_stopped_at")
