"""what people ask to change of a published agenda, who came in whose place, until when one may comment"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.add_column("event", sa.Column("comments_close_at", sa.DateTime(), nullable=True))

    op.create_table(
        "change_request",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("cancel", "cannot", name="changeasked", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("withdraw", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "done", "refused", "taken_back",
                name="changestate", native_enum=False, create_constraint=True, length=24,
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_change_request_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "request_id"],
            ["request.event_id", "request.id"],
            name=op.f("fk_change_request_event_id_request_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "participation_id"],
            ["participation.event_id", "participation.id"],
            name=op.f("fk_change_request_event_id_participation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["account.id"], name=op.f("fk_change_request_settled_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
    )
    with op.batch_alter_table("change_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_request_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_change_request_request_id"), ["request_id"], unique=False)
        batch_op.create_index(
            "uq_change_request_open",
            ["participation_id", "request_id"],
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        )

    op.create_table(
        "hand_over",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("gave_id", sa.Integer(), nullable=True),
        sa.Column("took_id", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_hand_over_event_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["event_id", "meeting_id"],
            ["published_meeting.event_id", "published_meeting.id"],
            name=op.f("fk_hand_over_event_id_meeting_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "gave_id"],
            ["participation.event_id", "participation.id"],
            name=op.f("fk_hand_over_event_id_gave_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "took_id"],
            ["participation.event_id", "participation.id"],
            name=op.f("fk_hand_over_event_id_took_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_hand_over_made_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
    )
    with op.batch_alter_table("hand_over", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hand_over_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hand_over_gave_id"), ["gave_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hand_over_meeting_id"), ["meeting_id"], unique=False)


def downgrade() -> None:
    op.drop_table("hand_over")
    op.drop_table("change_request")
    op.drop_column("event", "comments_close_at")
