"""Keep requirements, contributions, rates, and the cover derived from them."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0009"
down_revision: str | None = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exchange_rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("per_usd", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("snapshot_uid", sa.Uuid(), nullable=True),
        sa.Column("loaded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rate")),
        sa.UniqueConstraint(
            "currency", "on_day", "source", name=op.f("uq_exchange_rate_currency_on_day_source")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_exchange_rate_uid")),
    )
    op.create_table(
        "money_state",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mandate_ends_on", sa.Date(), nullable=False),
        sa.Column("edition", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("derived_on", sa.Date(), nullable=False),
        sa.Column("derived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_money_state_plan_id_plan")),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_money_state")),
    )
    op.create_table(
        "contribution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("line_uid", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "change",
            sa.Enum(
                "entered",
                "amended",
                "extended-at-no-cost",
                "withdrawn",
                name="change",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("function_code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("receiver_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=280), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("gone_on", sa.Date(), nullable=True),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("made_by_uid", sa.Uuid(), nullable=True),
        sa.Column("donor_id", sa.Integer(), nullable=True),
        sa.Column(
            "pot",
            sa.Enum(
                "voluntary",
                "assessed",
                "mission-budget",
                name="pot",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("part_of_uid", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["area_id"], ["area.id"], name=op.f("fk_contribution_area_id_area")
        ),
        sa.ForeignKeyConstraint(
            ["donor_id"], ["organisation.id"], name=op.f("fk_contribution_donor_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_contribution_plan_id_plan")
        ),
        sa.ForeignKeyConstraint(
            ["receiver_id"],
            ["organisation.id"],
            name=op.f("fk_contribution_receiver_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        sa.UniqueConstraint("line_uid", "number", name=op.f("uq_contribution_line_uid_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_contribution_uid")),
    )
    with op.batch_alter_table("contribution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contribution_donor_id"), ["donor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contribution_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(
            "uq_contribution_current",
            ["line_uid"],
            unique=True,
            sqlite_where=sa.text("gone_on IS NULL"),
            postgresql_where=sa.text("gone_on IS NULL"),
        )

    op.create_table(
        "money_month",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("function_code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("function_uid", sa.Uuid(), nullable=True),
        sa.Column("tier", sa.Integer(), nullable=True),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("receiver_id", sa.Integer(), nullable=True),
        sa.Column("month_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("quarter_on", sa.Date(), nullable=False),
        sa.Column(
            "need",
            sa.Enum(
                "stated",
                "estimated",
                "not-stated",
                name="need",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("required", sa.BigInteger(), nullable=True),
        sa.Column("covered", sa.BigInteger(), nullable=False),
        sa.Column("promised", sa.BigInteger(), nullable=False),
        sa.Column("uncovered", sa.BigInteger(), nullable=True),
        sa.Column("after_pledges", sa.BigInteger(), nullable=True),
        sa.Column("requested", sa.BigInteger(), nullable=False),
        sa.Column("open_pledge", sa.BigInteger(), nullable=False),
        sa.Column("assessed", sa.BigInteger(), nullable=False),
        sa.Column("voluntary", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("at_least", sa.Boolean(), nullable=False),
        sa.Column("at_most", sa.Boolean(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("gone_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_money_month_area_id_area")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_money_month_plan_id_plan")),
        sa.ForeignKeyConstraint(
            ["receiver_id"],
            ["organisation.id"],
            name=op.f("fk_money_month_receiver_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_money_month")),
    )
    with op.batch_alter_table("money_month", schema=None) as batch_op:
        batch_op.create_index(
            "ix_money_month_current",
            ["plan_id", "function_code", "month_on"],
            unique=False,
            sqlite_where=sa.text("gone_on IS NULL"),
            postgresql_where=sa.text("gone_on IS NULL"),
        )
        batch_op.create_index(
            "ix_money_month_lacking",
            ["last_on"],
            unique=False,
            sqlite_where=sa.text("gone_on IS NULL"),
            postgresql_where=sa.text("gone_on IS NULL"),
        )

    op.create_table(
        "requirement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("line_uid", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "change",
            sa.Enum(
                "entered",
                "amended",
                "extended-at-no-cost",
                "withdrawn",
                name="change",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("function_code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("receiver_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=280), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("gone_on", sa.Date(), nullable=True),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("made_by_uid", sa.Uuid(), nullable=True),
        sa.Column(
            "basis",
            sa.Enum(
                "stated",
                "baseline-posts",
                name="basis",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("units", sa.BigInteger(), nullable=True),
        sa.Column("usd_units", sa.BigInteger(), nullable=True),
        sa.Column("usd_rate", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("rate_on", sa.Date(), nullable=True),
        sa.Column("rate_source", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_requirement_area_id_area")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_requirement_plan_id_plan")),
        sa.ForeignKeyConstraint(
            ["receiver_id"],
            ["organisation.id"],
            name=op.f("fk_requirement_receiver_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement")),
        sa.UniqueConstraint("line_uid", "number", name=op.f("uq_requirement_line_uid_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_requirement_uid")),
    )
    with op.batch_alter_table("requirement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_requirement_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(
            "uq_requirement_current",
            ["line_uid"],
            unique=True,
            sqlite_where=sa.text("gone_on IS NULL"),
            postgresql_where=sa.text("gone_on IS NULL"),
        )

    op.create_table(
        "contribution_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "requested",
                "pledged",
                "committed",
                "paid",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("units", sa.BigInteger(), nullable=True),
        sa.Column("usd_units", sa.BigInteger(), nullable=True),
        sa.Column("usd_rate", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("rate_on", sa.Date(), nullable=True),
        sa.Column("rate_source", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_contribution_figure_contribution_id_contribution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_figure")),
        sa.UniqueConstraint(
            "contribution_id", "stage", name=op.f("uq_contribution_figure_contribution_id_stage")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_contribution_figure_uid")),
    )
