"""Keep what phone forms propose, where it came from and how each reading ended."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision: str | None = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("plan_uid", sa.Uuid(), nullable=False),
        sa.Column("system", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("base_url", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("form", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("secret_name", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("every_minutes", sa.Integer(), nullable=False),
        sa.Column("hook_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("lease_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("read_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("not_before_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("silent_since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("silent_reason", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_source")),
        sa.UniqueConstraint(
            "system", "base_url", "form", name=op.f("uq_form_source_system_base_url_form")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_form_source_uid")),
    )
    with op.batch_alter_table("form_source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_source_hook_hash"), ["hook_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_form_source_plan_uid"), ["plan_uid"], unique=False)

    op.create_table(
        "form_hint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("submission", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("noted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["form_source.id"], name=op.f("fk_form_hint_source_id_form_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_hint")),
        sa.UniqueConstraint(
            "source_id", "submission", name=op.f("uq_form_hint_source_id_submission")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_form_hint_uid")),
    )
    op.create_table(
        "form_poll",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("finished_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "done",
                "silent",
                "overtaken",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("read_count", sa.Integer(), nullable=False),
        sa.Column("added_count", sa.Integer(), nullable=False),
        sa.Column("edited_count", sa.Integer(), nullable=False),
        sa.Column("restated_count", sa.Integer(), nullable=False),
        sa.Column("withdrawn_count", sa.Integer(), nullable=False),
        sa.Column("unread_count", sa.Integer(), nullable=False),
        sa.Column(
            "unread",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["form_source.id"], name=op.f("fk_form_poll_source_id_form_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_poll")),
        sa.UniqueConstraint("uid", name=op.f("uq_form_poll_uid")),
    )
    with op.batch_alter_table("form_poll", schema=None) as batch_op:
        batch_op.create_index("ix_form_poll_source", ["source_id", "id"], unique=False)

    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("submission", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("decided_digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("capacity_id", sa.Integer(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "recommend",
                "confirm",
                "confirm_part",
                "confirm_on_condition",
                "ask_time",
                "decline",
                "dispute",
                "received_nothing",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column(
            "parts",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=280), nullable=False),
        sa.Column("reason_left_out", sa.Boolean(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "head-of-office",
                "child-protection",
                "field-office",
                "coordination",
                "authority",
                "other",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("seen_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("form_version", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("revision", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column(
            "validation",
            sa.Enum(
                "waiting",
                "approved",
                "rejected",
                "withdrawn",
                name="validation",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "accepted",
                "refused",
                "superseded",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("submitted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("received_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("edited_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("receipt_uid", sa.Uuid(), nullable=True),
        sa.Column("decided_by_uid", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("refusal_reason", sqlmodel.sql.sqltypes.AutoString(length=280), nullable=False),
        sa.ForeignKeyConstraint(
            ["capacity_id"], ["capacity.id"], name=op.f("fk_proposal_capacity_id_capacity")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_proposal_plan_id_plan")),
        sa.ForeignKeyConstraint(
            ["source_id"], ["form_source.id"], name=op.f("fk_proposal_source_id_form_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint(
            "source_id", "submission", "turn", name=op.f("uq_proposal_source_id_submission_turn")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_proposal_uid")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_capacity_state", ["capacity_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_plan_id"), ["plan_id"], unique=False)

