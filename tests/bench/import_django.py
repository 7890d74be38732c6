"""A peer: django-import-export in its bulk mode, with its cache of instances."""

import time
from pathlib import Path

from tests.bench.import_openpyxl import planted


def run(folder: Path) -> dict[str, float]:
    """Import the workbook into a table of its own and return how long that took."""
    planted(folder).close()
    _configure(folder / "openpyxl.sqlite3")
    raw = (folder / "items.xlsx").read_bytes()
    from tests.bench.import_django_resource import ItemResource  # noqa: PLC0415 - after settings

    began = time.perf_counter()
    from import_export.formats.base_formats import XLSX  # noqa: PLC0415 - after settings

    table = XLSX().create_dataset(raw)
    result = ItemResource().import_data(table, dry_run=False, raise_errors=True)
    took = time.perf_counter() - began
    return {"changed": result.totals["update"], "import_s": took}


def _configure(file: Path) -> None:
    import django  # noqa: PLC0415 - only with its pins installed
    from django.conf import settings  # noqa: PLC0415 - the same

    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file)}},
        INSTALLED_APPS=["import_export"],
        USE_TZ=True,
    )
    django.setup()
