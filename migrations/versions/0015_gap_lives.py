"""Let gaps be assigned, talked about and told under one headline; know when each closed."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0015"
down_revision: str | None = "0014"
branch_labels = None
depends_on = None

NOTE = sqlmodel.sql.sqltypes.AutoString(length=280)
INSTANT = sqlmodel.sql.sqltypes.UTCDateTime()
KINDS = (
    *("opened", "reopened", "worsened", "eased", "moved", "closed"),
    *("acknowledged", "acknowledgement-ended", "assigned", "unassigned", "commented"),
    *("waiver-asked", "waived", "waiver-ended", "set-aside"),
)


def upgrade() -> None:
    # the release before goes on writing gaps that say nothing of these
    op.add_column("gap", sa.Column("closed_at", INSTANT, nullable=True))
    op.add_column("gap", sa.Column("acknowledged_note", NOTE, nullable=False, server_default=""))
    op.add_column("gap", sa.Column("assigned_to_uid", sa.Uuid(), nullable=True))
    op.add_column("gap", sa.Column("headline_uid", sa.Uuid(), nullable=True))
    op.create_index("ix_gap_headline", "gap", ["headline_uid"], unique=False)
    op.create_index("ix_gap_assigned", "gap", ["assigned_to_uid"], unique=False)
    op.execute("UPDATE gap SET closed_at = changed_at WHERE state = 'closed'")

    with op.batch_alter_table("gap_event", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_gap_event_kind"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_gap_event_kind"), sa.column("kind").in_(KINDS)
        )

    op.create_table(
        "gap_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("account_uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_uid", sa.Uuid(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("text", NOTE, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("gap_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["gap_id"], ["gap.id"], name=op.f("fk_gap_comment_gap_id_gap")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap_comment")),
        sa.UniqueConstraint("uid", name=op.f("uq_gap_comment_uid")),
    )
    with op.batch_alter_table("gap_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gap_comment_gap_id"), ["gap_id"], unique=False)
