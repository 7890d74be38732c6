"""Take a capacity for a time only, say what it costs, and answer by a link sent by mail."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CURRENCY = sqlmodel.sql.sqltypes.AutoString(length=3)
HASH = sqlmodel.sql.sqltypes.AutoString(length=64)
ACTS = (
    "plan",
    "offer",
    "recommend",
    "confirm",
    "confirm_part",
    "confirm_on_condition",
    "meet_condition",
    "decline",
    "dispute",
    "resolve",
    "ask_time",
    "withdraw",
    "attest",
    "receive",
    "countersign",
    "refuse_countersign",
    "check",
    "lapse",
    "suspend",
    "resume",
    "end",
    "not_applicable",
)

ACT = sa.Enum(*ACTS, name="act", native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    with op.batch_alter_table("capacity", schema=None) as batch_op:
        batch_op.add_column(sa.Column("left_by_uid", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("cover_from_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("cover_until_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("cost_units", sa.BigInteger(), nullable=True))
        batch_op.add_column(
            sa.Column("cost_currency", CURRENCY, nullable=False, server_default="")
        )
    with op.batch_alter_table("capacity", schema=None) as batch_op:
        batch_op.alter_column("cost_currency", existing_type=CURRENCY, server_default=None)
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("from_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("link_uid", sa.Uuid(), nullable=True))

    op.create_table(
        "act_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("capacity_id", sa.Integer(), nullable=False),
        sa.Column("act", ACT, nullable=False),
        sa.Column("secret_hash", HASH, nullable=False),
        sa.Column("content_hash", HASH, nullable=False),
        sa.Column("made_by_uid", sa.Uuid(), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("used_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_act_link_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["capacity_id"], ["capacity.id"], name=op.f("fk_act_link_capacity_id_capacity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act_link")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_act_link_secret_hash")),
        sa.UniqueConstraint("uid", name=op.f("uq_act_link_uid")),
    )
    with op.batch_alter_table("act_link", schema=None) as batch_op:
        batch_op.create_index("ix_act_link_capacity", ["capacity_id", "account_id"], unique=False)
