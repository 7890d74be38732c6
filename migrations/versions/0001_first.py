"""Make every table of the first release."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "country_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("country_iso3", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column(
            "fact",
            sa.Enum(
                "mrm-active",
                "parties-listed",
                "mara-active",
                "child-protection-mandate",
                "forces-supported",
                "ddr-process",
                "mission-radio",
                "biometric-register",
                "successor-force",
                name="fact",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_country_fact")),
        sa.UniqueConstraint("uid", name=op.f("uq_country_fact_uid")),
    )
    with op.batch_alter_table("country_fact", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_country_fact_country_iso3"), ["country_iso3"], unique=False
        )

    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("loaded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("name", name=op.f("uq_edition_name")),
        sa.UniqueConstraint("uid", name=op.f("uq_edition_uid")),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_uid", sa.Uuid(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=False),
        sa.Column("request_digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "running",
                "done",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column(
            "headers",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=True,
        ),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_key")),
        sa.UniqueConstraint("account_uid", "key", name=op.f("uq_idempotency_key_account_uid_key")),
    )
    with op.batch_alter_table("idempotency_key", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_idempotency_key_created_at"), ["created_at"], unique=False
        )

    op.create_table(
        "instance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("today_on", sa.Date(), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_instance_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance")),
        sa.UniqueConstraint("uid", name=op.f("uq_instance_uid")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column(
            "body",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("progress_done", sa.Integer(), nullable=False),
        sa.Column("progress_total", sa.Integer(), nullable=True),
        sa.Column("owner", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("lease_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column(
            "result",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=True,
        ),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_by_uid", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("finished_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("uid", name=op.f("uq_job_uid")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_created_by_uid"), ["created_by_uid"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_job_state_lease_until"), ["state", "lease_until"], unique=False
        )

    op.create_table(
        "mission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("slug", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("acronym", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "peacekeeping",
                "special-political",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("country_iso3", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("predecessor_id", sa.Integer(), nullable=True),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["predecessor_id"], ["mission.id"], name=op.f("fk_mission_predecessor_id_mission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mission")),
        sa.UniqueConstraint("slug", name=op.f("uq_mission_slug")),
        sa.UniqueConstraint("uid", name=op.f("uq_mission_uid")),
    )
    with op.batch_alter_table("mission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mission_country_iso3"), ["country_iso3"], unique=False)

    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("slug", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "mission",
                "coordination",
                "agency",
                "task-force",
                "authority",
                "regional",
                "out-of-country-office",
                "ngo",
                "donor",
                "secretariat",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("country_iso3", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=True),
        sa.Column("party_to_conflict", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisation_slug")),
        sa.UniqueConstraint("uid", name=op.f("uq_organisation_uid")),
    )
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("topic", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("dedup_key", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("recipient", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column(
            "body",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "claimed",
                "sent",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("available_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("owner", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column("lease_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("settled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("dedup_key", name=op.f("uq_outbox_message_dedup_key")),
        sa.UniqueConstraint("uid", name=op.f("uq_outbox_message_uid")),
    )
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_outbox_message_state_available_at"),
            ["state", "available_at"],
            unique=False,
        )

    op.create_table(
        "scan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("due_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("scanned_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "running",
                "done",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("owner", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("lease_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("skipped_ticks", sa.Integer(), nullable=False),
        sa.Column(
            "counts",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("started_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("finished_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("error", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan")),
        sa.UniqueConstraint("kind", "due_at", name=op.f("uq_scan_kind_due_at")),
        sa.UniqueConstraint("uid", name=op.f("uq_scan_uid")),
    )
    op.create_table(
        "sign_in_try",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("window_start_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_try")),
        sa.UniqueConstraint(
            "subject", "window_start_at", name=op.f("uq_sign_in_try_subject_window_start_at")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_sign_in_try_uid")),
    )
    op.create_table(
        "trail_chain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("scope", sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
        sa.Column("plan_uid", sa.Uuid(), nullable=True),
        sa.Column("head_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_chain")),
        sa.UniqueConstraint("plan_uid", name=op.f("uq_trail_chain_plan_uid")),
        sa.UniqueConstraint("scope", name=op.f("uq_trail_chain_scope")),
        sa.UniqueConstraint("uid", name=op.f("uq_trail_chain_uid")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("handle", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
        sa.Column("mailbox", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "invited",
                "active",
                "closed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=True),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_account_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("handle", name=op.f("uq_account_handle")),
        sa.UniqueConstraint("mailbox", name=op.f("uq_account_mailbox")),
        sa.UniqueConstraint("uid", name=op.f("uq_account_uid")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_account_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "checklist_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("function_code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("item_id", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
        sa.Column(
            "dimension",
            sa.Enum(
                "posts",
                "skills",
                "data",
                "agreements",
                "access",
                "funding",
                "relationships",
                "systems",
                name="dimension",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "milestone",
            sa.Enum(
                "lead-start",
                "receiver-named",
                "agreement-signed",
                "capacity-confirmed",
                "last-day",
                "check-3",
                "check-6",
                "check-12",
                name="milestone",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text_digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_checklist_item_edition_id_edition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_item")),
        sa.UniqueConstraint(
            "edition_id", "item_id", name=op.f("uq_checklist_item_edition_id_item_id")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_checklist_item_uid")),
    )
    with op.batch_alter_table("checklist_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_checklist_item_edition_id"), ["edition_id"], unique=False
        )

    op.create_table(
        "function",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "mission",
                "area",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column(
            "body",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_function_edition_id_edition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_function")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_function_edition_id_code")),
        sa.UniqueConstraint("uid", name=op.f("uq_function_uid")),
    )
    with op.batch_alter_table("function", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_function_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("slug", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "drawdown",
                "start-up",
                "downsizing",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "scope",
            sa.Enum(
                "whole", "areas", name="scope", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "paused",
                "completed",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("edition", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("time_zone", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("triggered_on", sa.Date(), nullable=False),
        sa.Column("mandate_ends_on", sa.Date(), nullable=False),
        sa.Column("transfer_ends_on", sa.Date(), nullable=True),
        sa.Column("plan_due_on", sa.Date(), nullable=False),
        sa.Column("ends_known_on", sa.Date(), nullable=False),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("touched_on", sa.Date(), nullable=False),
        sa.Column("silent_after_on", sa.Date(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["mission.id"], name=op.f("fk_plan_mission_id_mission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("slug", name=op.f("uq_plan_slug")),
        sa.UniqueConstraint("uid", name=op.f("uq_plan_uid")),
    )
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_mission_id"), ["mission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_state"), ["state"], unique=False)

    op.create_table(
        "trail_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("chain_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("account_uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_uid", sa.Uuid(), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("subject_kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("subject_uid", sa.Uuid(), nullable=False),
        sa.Column("commitment", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("previous_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["chain_id"], ["trail_chain.id"], name=op.f("fk_trail_entry_chain_id_trail_chain")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_entry")),
        sa.UniqueConstraint("chain_id", "position", name=op.f("uq_trail_entry_chain_id_position")),
        sa.UniqueConstraint("uid", name=op.f("uq_trail_entry_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("trail_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_trail_entry_subject_uid"), ["subject_uid"], unique=False
        )

    op.create_table(
        "agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "handover-protocol",
                "action-plan",
                "memorandum",
                "information-sharing-protocol",
                "access-letter",
                "support-agreement",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
        sa.Column("names_mission", sa.Boolean(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("successor_signed_on", sa.Date(), nullable=True),
        sa.Column("valid_until_on", sa.Date(), nullable=True),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_agreement_plan_id_plan")),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["organisation.id"],
            name=op.f("fk_agreement_successor_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("uid", name=op.f("uq_agreement_uid")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "area",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("slug", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "mission",
                "region",
                "site",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("pcode", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("mandate_ends_on", sa.Date(), nullable=True),
        sa.Column("reachable", sa.Boolean(), nullable=True),
        sa.Column("closings_public", sa.Boolean(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["area.id"], name=op.f("fk_area_parent_id_area")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_area_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
        sa.UniqueConstraint("plan_id", "name", "kind", name=op.f("uq_area_plan_id_name_kind")),
        sa.UniqueConstraint("slug", name=op.f("uq_area_slug")),
        sa.UniqueConstraint("uid", name=op.f("uq_area_uid")),
    )
    with op.batch_alter_table("area", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_area_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "preparation",
                "renewal",
                "transition",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_assessment_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("uid", name=op.f("uq_assessment_uid")),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "baseline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "signed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("signed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("signed_by_uid", sa.Uuid(), nullable=True),
        sa.Column("content_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_baseline_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baseline")),
        sa.UniqueConstraint("uid", name=op.f("uq_baseline_uid")),
    )
    with op.batch_alter_table("baseline", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_baseline_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "bearer_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("secret_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("used_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_bearer_token_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bearer_token")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_bearer_token_secret_hash")),
        sa.UniqueConstraint("uid", name=op.f("uq_bearer_token_uid")),
    )
    with op.batch_alter_table("bearer_token", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_bearer_token_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "custody",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("taken_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("taken_by_uid", sa.Uuid(), nullable=False),
        sa.Column("signature", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_custody_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_custody_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody")),
        sa.UniqueConstraint("uid", name=op.f("uq_custody_uid")),
    )
    with op.batch_alter_table("custody", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_custody_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "resolution",
                "letter",
                "budget",
                "statement",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("symbol", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=280), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("is_trigger", sa.Boolean(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_decision_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("uid", name=op.f("uq_decision_uid")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(
            "uq_decision_trigger",
            ["plan_id"],
            unique=True,
            sqlite_where=sa.text("is_trigger = 1"),
            postgresql_where=sa.text("is_trigger"),
        )

    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("head_of_operation", sa.Boolean(), nullable=False),
        sa.Column("special_representative", sa.Boolean(), nullable=False),
        sa.Column("task_force", sa.Boolean(), nullable=False),
        sa.Column("authorities", sa.Boolean(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_meeting_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("uid", name=op.f("uq_meeting_uid")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "invitation",
                "password-reset",
                "sign-in",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("secret_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("used_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_one_time_link_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_one_time_link_secret_hash")),
        sa.UniqueConstraint("uid", name=op.f("uq_one_time_link_uid")),
    )
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_one_time_link_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "planner",
                "country-team",
                "co-chair",
                "donor",
                "observer",
                "steward",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "signing",
            sa.Enum(
                "none",
                "recommends",
                "signs",
                name="signing",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("country_iso3", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=True),
        sa.Column("plan_uid", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_role_grant_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint("uid", name=op.f("uq_role_grant_uid")),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grant_account_id"), ["account_id"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("csrf_token", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("seen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sign_in_secret_hash")),
        sa.UniqueConstraint("uid", name=op.f("uq_sign_in_uid")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_account_id"), ["account_id"], unique=False)

    op.create_table(
        "trail_erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("entry_uid", sa.Uuid(), nullable=False),
        sa.Column(
            "reason_code",
            sa.Enum(
                "person",
                "contact",
                "case",
                "place",
                "other",
                name="reason_code",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_by_uid", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("granted_by_uid", sa.Uuid(), nullable=True),
        sa.Column("granted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_uid"], ["trail_entry.uid"], name=op.f("fk_trail_erasure_entry_uid_trail_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_erasure")),
        sa.UniqueConstraint("uid", name=op.f("uq_trail_erasure_uid")),
    )
    with op.batch_alter_table("trail_erasure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trail_erasure_entry_uid"), ["entry_uid"], unique=False)

    op.create_table(
        "trail_value",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("salt", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column(
            "body",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=True,
        ),
        sa.Column("erased_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("erased_by_uid", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["trail_entry.id"], name=op.f("fk_trail_value_entry_id_trail_entry")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_trail_value")),
    )
    op.create_table(
        "agreement_signatory",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "mission",
                "government",
                "united-nations",
                "civil-society",
                "armed-party",
                "data-supplier",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("renewed_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_signatory_agreement_id_agreement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_signatory")),
        sa.UniqueConstraint(
            "agreement_id", "role", name=op.f("uq_agreement_signatory_agreement_id_role")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_agreement_signatory_uid")),
    )
    with op.batch_alter_table("agreement_signatory", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agreement_signatory_agreement_id"), ["agreement_id"], unique=False
        )

    op.create_table(
        "closing_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "planned",
                "reported",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("event", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column(
            "precision",
            sa.Enum(
                "day",
                "month",
                "about",
                "no-later-than",
                "quarter",
                "year",
                "unknown",
                name="precision",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("earliest_on", sa.Date(), nullable=True),
        sa.Column("latest_on", sa.Date(), nullable=True),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("chosen_on", sa.Date(), nullable=True),
        sa.Column("disputed", sa.Boolean(), nullable=False),
        sa.Column("received_by", sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"], ["area.id"], name=op.f("fk_closing_claim_area_id_area")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing_claim")),
        sa.UniqueConstraint("uid", name=op.f("uq_closing_claim_uid")),
    )
    with op.batch_alter_table("closing_claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closing_claim_area_id"), ["area_id"], unique=False)

    op.create_table(
        "function_area",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("function_code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("function_uid", sa.Uuid(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"], ["area.id"], name=op.f("fk_function_area_area_id_area")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_function_area_plan_id_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_function_area")),
        sa.UniqueConstraint(
            "plan_id",
            "area_id",
            "function_code",
            name=op.f("uq_function_area_plan_id_area_id_function_code"),
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_function_area_uid")),
    )
    with op.batch_alter_table("function_area", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_function_area_area_id"), ["area_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_function_area_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column(
            "side",
            sa.Enum(
                "giver",
                "receiver",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("grade", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("authorised", sa.Integer(), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("funded_until_on", sa.Date(), nullable=True),
        sa.Column("is_secretariat", sa.Boolean(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_post_area_id_area")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_post_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_post_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("uid", name=op.f("uq_post_uid")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "in-force",
                "superseded",
                "scenario",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.Column(
            "content",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("content_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("baseline_id", sa.Integer(), nullable=True),
        sa.Column("edition", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("made_by_uid", sa.Uuid(), nullable=True),
        sa.Column("in_force_on", sa.Date(), nullable=True),
        sa.Column("in_force_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("superseded_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["baseline_id"], ["baseline.id"], name=op.f("fk_revision_baseline_id_baseline")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_revision_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_revision_plan_id_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_revision_uid")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(
            "uq_revision_in_force",
            ["plan_id"],
            unique=True,
            sqlite_where=sa.text("state = 'in-force'"),
            postgresql_where=sa.text("state = 'in-force'"),
        )

    op.create_table(
        "baseline_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("baseline_id", sa.Integer(), nullable=False),
        sa.Column("function_area_id", sa.Integer(), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["baseline_id"], ["baseline.id"], name=op.f("fk_baseline_line_baseline_id_baseline")
        ),
        sa.ForeignKeyConstraint(
            ["function_area_id"],
            ["function_area.id"],
            name=op.f("fk_baseline_line_function_area_id_function_area"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baseline_line")),
        sa.UniqueConstraint(
            "baseline_id",
            "function_area_id",
            name=op.f("uq_baseline_line_baseline_id_function_area_id"),
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_baseline_line_uid")),
    )
    with op.batch_alter_table("baseline_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_baseline_line_baseline_id"), ["baseline_id"], unique=False
        )

    op.create_table(
        "post_function",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("function_code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_post_function_post_id_post")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_function")),
        sa.UniqueConstraint(
            "post_id", "function_code", name=op.f("uq_post_function_post_id_function_code")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_post_function_uid")),
    )
    with op.batch_alter_table("post_function", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_function_post_id"), ["post_id"], unique=False)

    op.create_table(
        "timetable",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("function_area_id", sa.Integer(), nullable=False),
        sa.Column("last_day_on", sa.Date(), nullable=False),
        sa.Column(
            "last_day_reason",
            sa.Enum(
                "mandate",
                "phase",
                "posts",
                "closing",
                name="last_day_reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("certain_on", sa.Date(), nullable=False),
        sa.Column("lead_start_on", sa.Date(), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=False),
        sa.Column("cannot_be_met", sa.Boolean(), nullable=False),
        sa.Column("receiver_by", sa.Date(), nullable=False),
        sa.Column("agreement_by", sa.Date(), nullable=False),
        sa.Column("custodian_by", sa.Date(), nullable=False),
        sa.Column("check_3_on", sa.Date(), nullable=False),
        sa.Column("check_6_on", sa.Date(), nullable=False),
        sa.Column("check_12_on", sa.Date(), nullable=False),
        sa.Column("overlap_from_on", sa.Date(), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("silence_days", sa.Integer(), nullable=False),
        sa.Column("overlap_days", sa.Integer(), nullable=False),
        sa.Column("moved_days", sa.Integer(), nullable=False),
        sa.Column("moved_limit_on", sa.Date(), nullable=False),
        sa.Column("dispute_days", sa.Integer(), nullable=False),
        sa.Column("condition_days", sa.Integer(), nullable=False),
        sa.Column("silence_shortens_on", sa.Date(), nullable=True),
        sa.Column("late_silence_days", sa.Integer(), nullable=True),
        sa.Column("bridge_days", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["function_area_id"],
            ["function_area.id"],
            name=op.f("fk_timetable_function_area_id_function_area"),
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_timetable_revision_id_revision")
        ),
        sa.PrimaryKeyConstraint("revision_id", "function_area_id", name=op.f("pk_timetable")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("timetable", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_timetable_function_area_id"), ["function_area_id"], unique=False
        )

    op.create_table(
        "timetable_step",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("function_area_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("latest_start_on", sa.Date(), nullable=False),
        sa.Column("cannot_be_met", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["function_area_id"],
            ["function_area.id"],
            name=op.f("fk_timetable_step_function_area_id_function_area"),
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_timetable_step_revision_id_revision")
        ),
        sa.PrimaryKeyConstraint(
            "revision_id", "function_area_id", "step", name=op.f("pk_timetable_step")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "transfer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("function_area_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "transfer",
                "bridge",
                "onward",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open", "ended", name="state", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("passed_on_from_id", sa.Integer(), nullable=True),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("scope_note", sqlmodel.sql.sqltypes.AutoString(length=280), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("declined_on", sa.Date(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("edition", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("touched_on", sa.Date(), nullable=False),
        sa.Column("silent_after_on", sa.Date(), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["function_area_id"],
            ["function_area.id"],
            name=op.f("fk_transfer_function_area_id_function_area"),
        ),
        sa.ForeignKeyConstraint(
            ["giver_id"], ["organisation.id"], name=op.f("fk_transfer_giver_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["passed_on_from_id"],
            ["transfer.id"],
            name=op.f("fk_transfer_passed_on_from_id_transfer"),
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_transfer_plan_id_plan")),
        sa.ForeignKeyConstraint(
            ["receiver_id"], ["organisation.id"], name=op.f("fk_transfer_receiver_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sa.UniqueConstraint("uid", name=op.f("uq_transfer_uid")),
    )
    with op.batch_alter_table("transfer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_transfer_function_area_id"), ["function_area_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_transfer_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transfer_receiver_id"), ["receiver_id"], unique=False)

    op.create_table(
        "capacity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("transfer_id", sa.Integer(), nullable=False),
        sa.Column(
            "dimension",
            sa.Enum(
                "posts",
                "skills",
                "data",
                "agreements",
                "access",
                "funding",
                "relationships",
                "systems",
                name="dimension",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "not-started",
                "planned",
                "offered",
                "recommended",
                "time-asked",
                "attested",
                "confirmed",
                "conditional",
                "sustained",
                "declined",
                "disputed",
                "withdrawn",
                "lapsed",
                "suspended",
                "ended",
                "not-applicable",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column(
            "parts",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("rest_of_id", sa.Integer(), nullable=True),
        sa.Column("offered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("offered_by_uid", sa.Uuid(), nullable=True),
        sa.Column("without_offer", sa.Boolean(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("extended_to_on", sa.Date(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("condition", sqlmodel.sql.sqltypes.AutoString(length=280), nullable=False),
        sa.Column("condition_until_on", sa.Date(), nullable=True),
        sa.Column("dispute_until_on", sa.Date(), nullable=True),
        sa.Column("funded_until_on", sa.Date(), nullable=True),
        sa.Column("checked_3_on", sa.Date(), nullable=True),
        sa.Column("checked_6_on", sa.Date(), nullable=True),
        sa.Column("checked_12_on", sa.Date(), nullable=True),
        sa.Column("check_failed_on", sa.Date(), nullable=True),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("content_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("signed_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column(
            "pending_act",
            sa.Enum(
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
                name="pending_act",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("pending_uid", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["rest_of_id"], ["capacity.id"], name=op.f("fk_capacity_rest_of_id_capacity")
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name=op.f("fk_capacity_transfer_id_transfer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity")),
        sa.UniqueConstraint("uid", name=op.f("uq_capacity_uid")),
    )
    with op.batch_alter_table("capacity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_capacity_rest_of_id"), ["rest_of_id"], unique=False)
        batch_op.create_index(
            "ix_capacity_transfer_dimension", ["transfer_id", "dimension"], unique=False
        )
        batch_op.create_index(
            "ix_capacity_waiting",
            ["answer_by"],
            unique=False,
            sqlite_where=sa.text("state IN ('offered','recommended','time-asked')"),
            postgresql_where=sa.text("state IN ('offered','recommended','time-asked')"),
        )

    op.create_table(
        "agreement_capacity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("capacity_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_capacity_agreement_id_agreement"),
        ),
        sa.ForeignKeyConstraint(
            ["capacity_id"],
            ["capacity.id"],
            name=op.f("fk_agreement_capacity_capacity_id_capacity"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_capacity")),
        sa.UniqueConstraint(
            "agreement_id",
            "capacity_id",
            name=op.f("uq_agreement_capacity_agreement_id_capacity_id"),
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_agreement_capacity_uid")),
    )
    with op.batch_alter_table("agreement_capacity", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agreement_capacity_agreement_id"), ["agreement_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_agreement_capacity_capacity_id"), ["capacity_id"], unique=False
        )

    op.create_table(
        "gap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("rule", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("function_area_id", sa.Integer(), nullable=True),
        sa.Column("capacity_id", sa.Integer(), nullable=True),
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
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open", "closed", name="state", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("turns_on", sa.Date(), nullable=False),
        sa.Column(
            "facts",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("times_opened", sa.Integer(), nullable=False),
        sa.Column("acknowledged_by_uid", sa.Uuid(), nullable=True),
        sa.Column("acknowledged_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("waiver_asked_by_uid", sa.Uuid(), nullable=True),
        sa.Column("waiver_asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("waiver_asked_until_on", sa.Date(), nullable=True),
        sa.Column("waived_until_on", sa.Date(), nullable=True),
        sa.Column("waiver_reason", sqlmodel.sql.sqltypes.AutoString(length=280), nullable=False),
        sa.Column("waived_by_uid", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["capacity_id"], ["capacity.id"], name=op.f("fk_gap_capacity_id_capacity")
        ),
        sa.ForeignKeyConstraint(
            ["function_area_id"],
            ["function_area.id"],
            name=op.f("fk_gap_function_area_id_function_area"),
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_gap_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap")),
        sa.UniqueConstraint("key", name=op.f("uq_gap_key")),
        sa.UniqueConstraint("uid", name=op.f("uq_gap_uid")),
    )
    with op.batch_alter_table("gap", schema=None) as batch_op:
        batch_op.create_index("ix_gap_plan_state", ["plan_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_gap_rule"), ["rule"], unique=False)
        batch_op.create_index(
            "ix_gap_state_severity", ["state", "severity", "turns_on"], unique=False
        )

    op.create_table(
        "item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("capacity_id", sa.Integer(), nullable=False),
        sa.Column("function_area_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("step", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("asks_girls_boys", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "done",
                "not-applicable",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=280), nullable=False),
        sa.Column("evidence_title", sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
        sa.Column("evidence_on", sa.Date(), nullable=True),
        sa.Column(
            "evidence_class",
            sa.Enum(
                "public",
                "restricted",
                "confidential",
                name="evidence_class",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "evidence_custodian", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False
        ),
        sa.Column("evidence_until_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["capacity_id"], ["capacity.id"], name=op.f("fk_item_capacity_id_capacity")
        ),
        sa.ForeignKeyConstraint(
            ["function_area_id"],
            ["function_area.id"],
            name=op.f("fk_item_function_area_id_function_area"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("capacity_id", "item_id", name=op.f("uq_item_capacity_id_item_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_item_uid")),
    )
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.create_index(
            "ix_item_evidence_ends",
            ["evidence_until_on"],
            unique=False,
            sqlite_where=sa.text("evidence_until_on IS NOT NULL"),
            postgresql_where=sa.text("evidence_until_on IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_item_girls_boys",
            ["function_area_id"],
            unique=False,
            sqlite_where=sa.text("asks_girls_boys = 1"),
            postgresql_where=sa.text("asks_girls_boys"),
        )
        batch_op.create_index("ix_item_step", ["function_area_id", "state", "step"], unique=False)

    op.create_table(
        "receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("capacity_id", sa.Integer(), nullable=False),
        sa.Column("package_uid", sa.Uuid(), nullable=True),
        sa.Column(
            "act",
            sa.Enum(
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
                name="act",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("account_uid", sa.Uuid(), nullable=True),
        sa.Column("organisation_uid", sa.Uuid(), nullable=True),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("acted_on", sa.Date(), nullable=False),
        sa.Column(
            "state_before",
            sa.Enum(
                "not-started",
                "planned",
                "offered",
                "recommended",
                "time-asked",
                "attested",
                "confirmed",
                "conditional",
                "sustained",
                "declined",
                "disputed",
                "withdrawn",
                "lapsed",
                "suspended",
                "ended",
                "not-applicable",
                name="state_before",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state_after",
            sa.Enum(
                "not-started",
                "planned",
                "offered",
                "recommended",
                "time-asked",
                "attested",
                "confirmed",
                "conditional",
                "sustained",
                "declined",
                "disputed",
                "withdrawn",
                "lapsed",
                "suspended",
                "ended",
                "not-applicable",
                name="state_after",
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
        sa.Column("check_months", sa.Integer(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=280), nullable=False),
        sa.Column("instrument", sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
        sa.Column("instrument_on", sa.Date(), nullable=True),
        sa.Column("authority", sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
        sa.Column(
            "ground",
            sa.Enum(
                "decision",
                "delisting",
                "archived-or-destroyed",
                "not-performed",
                "mission-closure",
                name="ground",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("edition", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column(
            "content",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("content_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("signature", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("needs_countersignature", sa.Boolean(), nullable=False),
        sa.Column("countersigns_uid", sa.Uuid(), nullable=True),
        sa.Column("rest_uid", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["capacity_id"], ["capacity.id"], name=op.f("fk_receipt_capacity_id_capacity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("uid", name=op.f("uq_receipt_uid")),
    )
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.create_index("ix_receipt_capacity", ["capacity_id", "id"], unique=False)

    op.create_table(
        "gap_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("gap_id", sa.Integer(), nullable=False),
        sa.Column("scan_uid", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "opened",
                "reopened",
                "worsened",
                "eased",
                "moved",
                "closed",
                "acknowledged",
                "waiver-asked",
                "waived",
                "waiver-ended",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
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
            nullable=False,
        ),
        sa.Column("turns_on", sa.Date(), nullable=False),
        sa.Column(
            "facts",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("account_uid", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["gap_id"], ["gap.id"], name=op.f("fk_gap_event_gap_id_gap")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap_event")),
        sa.UniqueConstraint("uid", name=op.f("uq_gap_event_uid")),
    )
    with op.batch_alter_table("gap_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gap_event_gap_id"), ["gap_id"], unique=False)

