"""Remember what the headings of an organisation's workbooks mean."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heading_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_uid", sa.Uuid(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("heading", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("slot", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heading_mapping")),
        sa.UniqueConstraint(
            "organisation_uid",
            "kind",
            "heading",
            name=op.f("uq_heading_mapping_organisation_uid_kind_heading"),
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_heading_mapping_uid")),
    )
