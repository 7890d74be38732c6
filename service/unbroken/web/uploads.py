"""Files that people send with a form: read into memory, never longer than allowed, never kept.

Where a workbook is taken the address ends in one of ``ENDINGS``: only there may a request be as
large as one.
"""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends
from starlette.datastructures import UploadFile
from starlette.requests import Request

from unbroken.kit.errors import TooLarge
from unbroken.kit.languages import gettext as _
from unbroken.kit.settings import Settings
from unbroken.web.dependencies import house_of
from unbroken.workbooks.limits import KILO, PackageLimits, limits_of

FIELD = "file"
ENDINGS = ("/workbook", "/checklist/import", "/checklist-imports", "/money/import")
HOOKS, HOOK_BYTES = "/hooks/", 256 * KILO
"""What another server says unasked is mostly thrown away; nobody needs to send much of it."""

AROUND = 16 * KILO
"""Bytes that a form may add around its file: its other fields and the seams between them."""
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent: what its sender calls it, and its bytes."""

    name: str
    raw: bytes = field(repr=False)


def body_limit(path: str, settings: Settings) -> int:
    """Return how many bytes a request to ``path`` may carry."""
    general = settings.upload_limit_kb * KILO
    if path.startswith(HOOKS):
        return min(general, HOOK_BYTES)
    if not path.endswith(ENDINGS):
        return general
    return max(general, limits_of(settings).packed_bytes + AROUND)


async def read_upload(file: UploadFile, limits: PackageLimits) -> bytes:
    """Return the bytes of a file and let go of it; at most one more than allowed is read.

    Raises:
        TooLarge: it is larger than allowed.
    """
    try:
        raw = await file.read(limits.packed_bytes + 1)
    finally:
        await file.close()
    if len(raw) > limits.packed_bytes:
        raise TooLarge(
            _("The file is larger than {most} kB."),
            remedy=_("Keep only the sheets and rows that are needed, and try again."),
            most=limits.packed_bytes // KILO,
        )
    return raw


async def uploaded(request: Request) -> Upload | None:
    """Return the file of a form, ``None`` where none was chosen. Raises as ``read_upload``."""
    found = (await request.form()).get(FIELD)
    if not isinstance(found, UploadFile):
        return None
    raw = await read_upload(found, limits_of(house_of(request).settings))
    name = (found.filename or "").replace("\\", "/").rpartition("/")[2]
    return Upload(name[-LONGEST_NAME:], raw) if name or raw else None


Uploaded = Annotated[Upload | None, Depends(uploaded)]
