"""Remember the catalogue's texts in other languages; room for the names of layered editions."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "text_translation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column(
            "language",
            sa.Enum(
                "fr",
                "ar",
                "es",
                name="language",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source_digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_translation")),
        sa.UniqueConstraint(
            "language", "source_digest", name=op.f("uq_text_translation_language_source_digest")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_text_translation_uid")),
    )
    for table, column, length in (("edition", "name", 20), ("checklist_item", "item_id", 24)):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(
                column,
                existing_type=sqlmodel.sql.sqltypes.AutoString(length=length),
                type_=sqlmodel.sql.sqltypes.AutoString(length=40),
                existing_nullable=False,
            )
