"""Keep who holds the offices of a plan and the steps of its escalation."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision: str | None = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_ladder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column(
            "steps",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_ladder_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_ladder")),
        sa.UniqueConstraint("plan_id", name=op.f("uq_plan_ladder_plan_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_plan_ladder_uid")),
    )
    op.create_table(
        "plan_office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column(
            "office",
            sa.Enum(
                "planner",
                "head-of-component",
                "resident-coordinator",
                "observer",
                name="office",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_plan_office_account_id_account")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_office_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_office")),
        sa.UniqueConstraint(
            "plan_id", "office", "account_id", name=op.f("uq_plan_office_plan_id_office_account_id")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_plan_office_uid")),
    )
    with op.batch_alter_table("plan_office", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_office_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_office_plan_id"), ["plan_id"], unique=False)

    with op.batch_alter_table("notice_cursor", schema=None) as batch_op:
        batch_op.add_column(sa.Column("escalated_on", sa.Date(), nullable=True))

