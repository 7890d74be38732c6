"""Keep what is news, who is told how, channels, and by which way a message leaves."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision: str | None = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_head")),
    )
    op.create_table(
        "channel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "webhook",
                "teams",
                "slack",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column(
            "least",
            sa.Enum(
                "critical",
                "high",
                "medium",
                "low",
                name="least",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "news",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "unconfirmed",
                "active",
                "disabled",
                "ended",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("key_number", sa.Integer(), nullable=False),
        sa.Column("old_key_until_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("told_to", sa.Integer(), nullable=False),
        sa.Column("failing_since_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("made_by_uid", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_channel_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
        sa.UniqueConstraint("uid", name=op.f("uq_channel_uid")),
    )
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channel_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "notice_cursor",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_notice_cursor_plan_id_plan")
        ),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_notice_cursor")),
    )
    op.create_table(
        "notice_reader",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column(
            "cadence",
            sa.Enum(
                "daily",
                "weekly",
                "never",
                name="cadence",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("zone", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("only_own", sa.Boolean(), nullable=False),
        sa.Column("told_to", sa.Integer(), nullable=False),
        sa.Column("told_period_on", sa.Date(), nullable=False),
        sa.Column("told_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_notice_reader_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_reader")),
        sa.UniqueConstraint("account_id", name=op.f("uq_notice_reader_account_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_notice_reader_uid")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "gap-opened",
                "gap-reopened",
                "gap-worsened",
                "gap-escalated",
                "gap-assigned",
                "offered",
                "answered",
                "disputed",
                "revised",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject_uid", sa.Uuid(), nullable=False),
        sa.Column(
            "severity",
            sa.Enum(
                "critical",
                "high",
                "medium",
                "low",
                name="severity",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("function_area_id", sa.Integer(), nullable=True),
        sa.Column("office", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column("for_account_uid", sa.Uuid(), nullable=True),
        sa.Column("by_account_uid", sa.Uuid(), nullable=True),
        sa.Column("happened_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["function_area_id"],
            ["function_area.id"],
            name=op.f("fk_notice_function_area_id_function_area"),
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_notice_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("source", name=op.f("uq_notice_source")),
        sa.UniqueConstraint("uid", name=op.f("uq_notice_uid")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_plan_id_id"), ["plan_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_subject_uid"), ["subject_uid"], unique=False)

    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "sender",
                sqlmodel.sql.sqltypes.AutoString(length=20),
                nullable=False,
                server_default="mail",
            )
        )
        batch_op.add_column(sa.Column("channel_uid", sa.Uuid(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_outbox_message_channel_uid_id"), ["channel_uid", "id"], unique=False
        )

        batch_op.drop_constraint(op.f("ck_outbox_message_state"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_outbox_message_state"),
            "state IN ('waiting', 'claimed', 'sent', 'failed', 'dropped')",
        )
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.alter_column("sender", server_default=None)

    # what happened before there were notices is news to nobody
    op.execute(
        "INSERT INTO notice_cursor (plan_id, entries, event_id) "
        "SELECT plan.id, trail_chain.entry_count, coalesce((SELECT max(gap_event.id) FROM gap_event "
        "JOIN gap ON gap.id = gap_event.gap_id WHERE gap.plan_id = plan.id), 0) "
        "FROM plan JOIN trail_chain ON trail_chain.plan_uid = plan.uid"
    )
    op.execute("INSERT INTO notice_head (id, changes) VALUES (1, 0)")
