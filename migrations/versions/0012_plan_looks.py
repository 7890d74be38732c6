"""Keep each plan's last look, and find what comes due without reading everything."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0012"
down_revision: str | None = "0011"
branch_labels = None
depends_on = None

WAIVED = sa.text("waiver_asked_until_on IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "plan_look",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("beside", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("turns_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_plan_look_plan_id_plan")
        ),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_plan_look")),
    )
    op.create_index("ix_timetable_step_due", "timetable_step", ["revision_id", "due_on"])
    op.drop_index("ix_gap_rule", table_name="gap")
    op.create_index("ix_gap_rule_state", "gap", ["rule", "state", "plan_id"])
    op.create_index(
        "ix_gap_waiver_ends",
        "gap",
        ["waiver_asked_until_on"],
        sqlite_where=WAIVED,
        postgresql_where=WAIVED,
    )
