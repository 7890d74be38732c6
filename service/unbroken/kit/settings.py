"""The only reader of the environment. Every setting begins with UNBROKEN_."""

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an operator may set; each is described in ``deploy/env.example``."""

    model_config = SettingsConfigDict(env_prefix="UNBROKEN_", extra="ignore")

    data: Path = Field(default=Path("data"), description="folder of the SQLite file and all else")
    database_url: str = Field(default="", description="empty: SQLite in the data folder")
    host: str = Field(default="127.0.0.1", description="address that serve listens on")
    port: int = Field(default=8764, ge=0, le=65535, description="port that serve listens on")
    base_url: str = Field(default="", description="address that people see, for links")
    secure_cookies: bool = Field(default=True, description="send cookies over https only")
    log_format: str = Field(
        default="console", pattern="^(console|json)$", description="console or json"
    )
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")
    scan_every_seconds: int = Field(default=86_400, ge=1, description="length of a scan's tick")
    scan_every_minutes: int = Field(
        default=0, ge=0, description="its former name, in minutes; 0: scan_every_seconds counts"
    )
    scan_lease_seconds: int = Field(
        default=60, ge=2, description="a claimed scan is taken over after"
    )
    wake_seconds: float = Field(default=15.0, gt=0, description="how often the alarm clock rings")
    stop_seconds: float = Field(
        default=25.0, gt=0, description="longest time between being told to end and having ended"
    )
    watchdog_url: str = Field(
        default="", description="address that is called after each finished tick"
    )
    watchdog_fail_path: str = Field(
        default="/fail", description="what is added to that address when a scan failed"
    )
    rules: str = Field(default="", description="file that sets rules for all plans; empty: none")
    upload_limit_kb: int = Field(default=2048, ge=64, description="largest file that is read")
    workbook_limit_kb: int = Field(
        default=16384, ge=64, description="largest spreadsheet that is read, as a file"
    )
    workbook_unpacked_mb: int = Field(
        default=192, ge=1, description="largest spreadsheet that is read, unpacked"
    )
    workbook_part_mb: int = Field(
        default=160, ge=1, description="largest single part inside a spreadsheet, unpacked"
    )
    workbook_ratio: int = Field(
        default=200, ge=20, description="most times that a part may grow when it is unpacked"
    )
    workbook_parts: int = Field(default=1000, ge=20, description="most parts inside a spreadsheet")
    workbook_cells: int = Field(
        default=4_000_000, ge=1000, description="most cells in the rectangles that its sheets span"
    )
    private_hosts: str = Field(
        default="",
        description="hosts of outside sources on this machine or an own network, by commas",
    )
    secret_signing: str = Field(
        default="", repr=False, description="what the keys of webhooks are derived from"
    )
    act_link_sign_in: Literal["always", "recent", "never"] = Field(
        default="always", description="what stands behind a link by mail that signs one act"
    )
    act_link_hours: int = Field(default=72, ge=1, le=720, description="life of such a link")
    smtp_host: str = Field(default="", description="mail server; empty: no letter leaves")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="its port")
    smtp_security: Literal["starttls", "tls", "plain", "plain-over-network"] = Field(
        default="starttls", description="how letters are kept from being read on the way to it"
    )
    smtp_ca_file: Path | None = Field(
        default=None, description="roots its certificate is checked by, instead of the system's"
    )
    smtp_user: str = Field(default="", description="account there; empty: no sign-in")
    smtp_from: str = Field(default="", description="sender of letters: a mailbox, or with a name")
    smtp_seconds: float = Field(default=10.0, gt=0, le=60, description="patience with each step")
    forwarded_hops: int = Field(default=0, ge=0, description="trusted proxies before the server")

    def scan_every(self) -> timedelta:
        """Return the length of a scan's tick; the former name counts where the other is not set."""
        is_former = self.scan_every_minutes and "scan_every_seconds" not in self.model_fields_set
        minutes, seconds = self.scan_every_minutes, self.scan_every_seconds
        return timedelta(minutes=minutes) if is_former else timedelta(seconds=seconds)

    def url(self) -> str:
        """Return the database address: the one set, or the SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data.resolve() / 'unbroken.sqlite3'}"

    def own_hosts(self) -> frozenset[str]:
        """Return the hosts on this machine or an own network that may be reached; may be empty."""
        return frozenset(each.strip() for each in self.private_hosts.split(",") if each.strip())


SIGNING_NAME = "UNBROKEN_SECRET_SIGNING"
SECRET_NAME = re.compile(r"UNBROKEN_SECRET_[A-Z0-9_]{1,60}")


def secret_named(name: str) -> str:
    """Return the secret of an outside system out of the environment; empty where it is not set.

    Only names that begin with ``UNBROKEN_SECRET_`` are read: whoever may enter a source must not
    be able to send out what else the environment holds.
    """
    return os.environ.get(name, "").strip() if SECRET_NAME.fullmatch(name) else ""
