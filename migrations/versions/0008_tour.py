"""Remember who has put the first steps aside."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0008"
down_revision: str | None = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hidden_tour",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("hidden_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_hidden_tour_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_hidden_tour")),
    )
