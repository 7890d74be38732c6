"""Keep how rules are set, and gaps that a setting has set aside."""

from collections.abc import Mapping

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision: str | None = "0013"
branch_labels = None
depends_on = None

SEVERITIES = ("critical", "high", "medium", "low")
STATES = ("open", "closed", "set-aside")
HAPPENINGS = (
    *("opened", "reopened", "worsened", "eased", "moved", "closed", "acknowledged"),
    *("waiver-asked", "waived", "waiver-ended", "set-aside"),
)


def _severity(name: str) -> "sa.Enum":
    return sa.Enum(*SEVERITIES, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "rule_setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("rule", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_set", sa.Boolean(), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("at_least", _severity("at_least"), nullable=True),
        sa.Column("at_most", _severity("at_most"), nullable=True),
        sa.Column(
            "limits",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=280), nullable=False),
        sa.Column("asked_by_uid", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("granted_by_uid", sa.Uuid(), nullable=True),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_rule_setting_plan_id_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_setting")),
        sa.UniqueConstraint(
            "plan_id", "rule", "number", name=op.f("uq_rule_setting_plan_id_rule_number")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_rule_setting_uid")),
    )
    with op.batch_alter_table("rule_setting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rule_setting_rule"), ["rule"], unique=False)
    _allow("gap", {"state": STATES}, others={"severity": SEVERITIES})
    _allow("gap_event", {"kind": HAPPENINGS}, others={"severity": SEVERITIES})


def _allow(
    table: str,
    checks: Mapping[str, tuple[str, ...]],
    *,
    others: Mapping[str, tuple[str, ...]],
) -> None:
    """Let columns hold these words; ``others`` are those that must not get lost meanwhile."""
    if op.get_bind().dialect.name == "postgresql":
        for column, words in checks.items():
            op.drop_constraint(op.f(f"ck_{table}_{column}"), table, type_="check")
            op.create_check_constraint(op.f(f"ck_{table}_{column}"), table, _one_of(column, words))
        return
    # SQLite makes the table anew, and its CHECKs are not read back out of the old one
    with op.batch_alter_table(table, schema=None, recreate="always") as batch_op:
        for column, words in {**checks, **others}.items():
            batch_op.create_check_constraint(
                batch_op.f(f"ck_{table}_{column}"), _one_of(column, words)
            )


def _one_of(column: str, words: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"{column} IN ({listed})"
