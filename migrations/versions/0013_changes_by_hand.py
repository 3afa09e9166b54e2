"""changes by hand"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("draft", sa.Column("from_number", sa.Integer(), nullable=True))
    op.add_column("run", sa.Column("from_number", sa.Integer(), nullable=True))
    op.add_column("run", sa.Column("schedule", sa.LargeBinary(), nullable=True))
    op.create_table(
        "draft_step",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "draft_id"],
            ["draft.event_id", "draft.id"],
            name=op.f("fk_draft_step_event_id_draft_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "request_id"],
            ["request.event_id", "request.id"],
            name=op.f("fk_draft_step_event_id_request_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_step")),
        sa.UniqueConstraint("draft_id", "number", name=op.f("uq_draft_step_draft_id_number")),
    )
    op.create_table(
        "question_edition",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_question_edition_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_edition")),
        sa.UniqueConstraint("event_id", name=op.f("uq_question_edition_event_id")),
    )


def downgrade() -> None:
    op.drop_table("question_edition")
    op.drop_table("draft_step")
    op.drop_column("run", "schedule")
    op.drop_column("run", "from_number")
    op.drop_column("draft", "from_number")
