"""Keep the certificates that were issued."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision: str | None = "0006"
branch_labels = None
depends_on = None


def _text(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("transfer_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("plan", "transfer", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "audience",
            sa.Enum(
                "restricted",
                "public",
                name="audience",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("language", _text(8), nullable=False),
        sa.Column("code", _text(23), nullable=False),
        sa.Column("content_hash", _text(64), nullable=False),
        sa.Column("state_hash", _text(64), nullable=False),
        sa.Column("chain_uid", sa.Uuid(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("head_hash", _text(64), nullable=False),
        sa.Column("file_sha256", _text(64), nullable=False),
        sa.Column(
            "data",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("issued_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("issued_by_uid", sa.Uuid(), nullable=True),
        sa.Column("organisation_uid", sa.Uuid(), nullable=True),
        sa.Column("role", _text(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_certificate_plan_id_plan")
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name=op.f("fk_certificate_transfer_id_transfer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
        sa.UniqueConstraint("uid", name=op.f("uq_certificate_uid")),
    )
    op.create_index("ix_certificate_plan", "certificate", ["plan_id", "id"])
    op.create_index(op.f("ix_certificate_transfer_id"), "certificate", ["transfer_id"])
