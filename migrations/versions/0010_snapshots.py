"""Keep outside sources, what they answered, and from which day their silence counts."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision: str | None = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outside_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("question", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.Column("base_url", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("secret_name", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("every_minutes", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("lease_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("read_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("answered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("not_before_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("silent_since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("silent_reason", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("silent_after_on", sa.Date(), nullable=True),
        sa.Column("etag", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("modified", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_source")),
        sa.UniqueConstraint("kind", "question", name=op.f("uq_outside_source_kind_question")),
        sa.UniqueConstraint("uid", name=op.f("uq_outside_source_uid")),
    )
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("question", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.Column("chosen", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("connector", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("retrieved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("last_seen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("stated_on", sa.Date(), nullable=True),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column(
            "document",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sa.UniqueConstraint(
            "kind", "question", "sha256", name=op.f("uq_snapshot_kind_question_sha256")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_snapshot_uid")),
    )
    op.create_table(
        "snapshot_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("payload", sa.Integer(), nullable=False),
        sa.Column("piece", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshot.id"], name=op.f("fk_snapshot_part_snapshot_id_snapshot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot_part")),
        sa.UniqueConstraint(
            "snapshot_id",
            "payload",
            "piece",
            name=op.f("uq_snapshot_part_snapshot_id_payload_piece"),
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_snapshot_part_uid")),
    )
    op.create_table(
        "snapshot_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("question", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.Column("plan_uid", sa.Uuid(), nullable=False),
        sa.Column("linked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot_link")),
        sa.UniqueConstraint(
            "kind", "question", "plan_uid", name=op.f("uq_snapshot_link_kind_question_plan_uid")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_snapshot_link_uid")),
    )
    with op.batch_alter_table("snapshot_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_snapshot_link_plan_uid"), ["plan_uid"], unique=False)

    with op.batch_alter_table("form_source", schema=None) as batch_op:
        batch_op.add_column(sa.Column("silent_after_on", sa.Date(), nullable=True))
