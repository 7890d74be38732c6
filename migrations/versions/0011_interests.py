"""Keep what donors say and ask: interests, watches, and what was told."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision: str | None = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "money_interest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("function_code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=True),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=280), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "registered",
                "withdrawn",
                "answered",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "answer",
            sa.Enum(
                "in-talks",
                "covered",
                "declined",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("answer_note", sqlmodel.sql.sqltypes.AutoString(length=280), nullable=False),
        sa.Column("answered_by_uid", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("registered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_money_interest_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_money_interest_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_money_interest_plan_id_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_money_interest")),
        sa.UniqueConstraint(
            "organisation_id",
            "plan_id",
            "function_code",
            name=op.f("uq_money_interest_organisation_id_plan_id_function_code"),
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_money_interest_uid")),
    )
    with op.batch_alter_table("money_interest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_money_interest_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "money_watch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "filters",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("least_units", sa.BigInteger(), nullable=False),
        sa.Column("by_mail", sa.Boolean(), nullable=False),
        sa.Column("secret_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("told_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_money_watch_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_money_watch")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_money_watch_secret_hash")),
        sa.UniqueConstraint("uid", name=op.f("uq_money_watch_uid")),
    )
    with op.batch_alter_table("money_watch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_money_watch_account_id"), ["account_id"], unique=False)

    op.create_table(
        "money_told",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("watch_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("function_code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("gap_uid", sa.Uuid(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("turns_on", sa.Date(), nullable=False),
        sa.Column("uncovered_units", sa.BigInteger(), nullable=False),
        sa.Column("scan_uid", sa.Uuid(), nullable=False),
        sa.Column("told_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("shown_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_money_told_plan_id_plan")),
        sa.ForeignKeyConstraint(
            ["watch_id"], ["money_watch.id"], name=op.f("fk_money_told_watch_id_money_watch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_money_told")),
        sa.UniqueConstraint("uid", name=op.f("uq_money_told_uid")),
        sa.UniqueConstraint(
            "watch_id",
            "plan_id",
            "function_code",
            "opened_on",
            name=op.f("uq_money_told_watch_id_plan_id_function_code_opened_on"),
        ),
    )
    with op.batch_alter_table("money_told", schema=None) as batch_op:
        batch_op.create_index("ix_money_told_feed", ["watch_id", "shown_at"], unique=False)
        batch_op.create_index(
            "ix_money_told_waits",
            ["watch_id"],
            unique=False,
            sqlite_where=sa.text("waits"),
            postgresql_where=sa.text("waits"),
        )
