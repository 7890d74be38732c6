"""Let people work on items: editions per capacity, added lines, assignment, comments, two hands."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NAME = sqlmodel.sql.sqltypes.AutoString(length=40)
SHORT_NAME = sqlmodel.sql.sqltypes.AutoString(length=20)
EDITIONS = ("plan", "revision", "transfer", "receipt")


def upgrade() -> None:
    for table in EDITIONS:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(
                "edition", existing_type=SHORT_NAME, type_=NAME, existing_nullable=False
            )

    with op.batch_alter_table("capacity", schema=None) as batch_op:
        batch_op.add_column(sa.Column("edition", NAME, nullable=False, server_default=""))
    op.execute(
        "UPDATE capacity SET edition = "
        "(SELECT transfer.edition FROM transfer WHERE transfer.id = capacity.transfer_id)"
    )
    with op.batch_alter_table("capacity", schema=None) as batch_op:
        batch_op.alter_column("edition", existing_type=NAME, server_default=None)

    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("edition", NAME, nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("is_added", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(_text("text", 240))
        batch_op.add_column(_text("wanted_evidence", 240))
        batch_op.add_column(
            sa.Column("in_content", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(sa.Column("retired_in", NAME, nullable=True))
        batch_op.add_column(sa.Column("assigned_to_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("assigned_account_id", sa.Integer(), nullable=True))
        batch_op.add_column(_text("aside_reason", 280))
        batch_op.add_column(sa.Column("aside_by_uid", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("aside_organisation_uid", sa.Uuid(), nullable=True))
    op.execute(
        "UPDATE item SET edition = "
        "(SELECT capacity.edition FROM capacity WHERE capacity.id = item.capacity_id)"
    )
    with op.batch_alter_table("item", schema=None) as batch_op:
        for name, kind in _ADDED:
            batch_op.alter_column(name, existing_type=kind, server_default=None)
        batch_op.create_foreign_key(
            batch_op.f("fk_item_assigned_to_id_organisation"),
            "organisation",
            ["assigned_to_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_item_assigned_account_id_account"),
            "account",
            ["assigned_account_id"],
            ["id"],
        )
        batch_op.drop_index("ix_item_step")
        batch_op.create_index(
            "ix_item_step",
            ["function_area_id", "state", "step"],
            unique=False,
            sqlite_where=sa.text("retired_in IS NULL"),
            postgresql_where=sa.text("retired_in IS NULL"),
        )
        batch_op.create_index(
            "ix_item_assigned",
            ["assigned_to_id"],
            unique=False,
            sqlite_where=sa.text("assigned_to_id IS NOT NULL"),
            postgresql_where=sa.text("assigned_to_id IS NOT NULL"),
        )

    op.create_table(
        "item_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("account_uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_uid", sa.Uuid(), nullable=True),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(length=280), nullable=False),
        sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_item_comment_item_id_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_comment")),
        sa.UniqueConstraint("uid", name=op.f("uq_item_comment_uid")),
    )
    with op.batch_alter_table("item_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_comment_item_id"), ["item_id"], unique=False)

    op.create_table(
        "added_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("function_area_id", sa.Integer(), nullable=False),
        sa.Column("step", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("anchor", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["function_area_id"],
            ["function_area.id"],
            name=op.f("fk_added_step_function_area_id_function_area"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_added_step")),
        sa.UniqueConstraint(
            "function_area_id", "step", name=op.f("uq_added_step_function_area_id_step")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_added_step_uid")),
    )


def _text(name: str, length: int) -> sa.Column:
    kind = sqlmodel.sql.sqltypes.AutoString(length=length)
    return sa.Column(name, kind, nullable=False, server_default="")


_ADDED = (
    ("edition", NAME),
    ("is_added", sa.Boolean()),
    ("text", sqlmodel.sql.sqltypes.AutoString(length=240)),
    ("wanted_evidence", sqlmodel.sql.sqltypes.AutoString(length=240)),
    ("in_content", sa.Boolean()),
    ("aside_reason", sqlmodel.sql.sqltypes.AutoString(length=280)),
)
