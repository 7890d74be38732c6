"""The style sheet and its companions: read once, named by their content, cached for ever."""

import hashlib
import json
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from unbroken.kit.errors import NotFound

WORKER = "worker.js"
KEPT = ("unbroken.css", "waiting.css", "icon.svg", "queue.js", "offline.js")
"""What pages need that are read without a network."""

FOLDER = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"
VERSION_LENGTH = 12


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """Every file by name, and the version that stands in their addresses."""

    files: dict[str, bytes]
    version: str

    def address(self, name: str) -> str:
        """Return the address of ``name``.

        Raises:
            KeyError: there is no such file; a fault in a template.
        """
        if name not in self.files:
            raise KeyError(name)
        return f"/static/{self.version}/{name}"

    def answer(self, request: Request, name: str, *, version: str) -> Response:
        """Return a file, or that the browser's copy is still good.

        An address of another version is answered too: during an upgrade old pages ask new servers.

        Raises:
            NotFound: there is no such file.
        """
        content = self.files.get(name)
        if content is None:
            raise NotFound
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        is_current = version == self.version
        headers = {"etag": etag, "cache-control": FOR_EVER if is_current else ASK_AGAIN}
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(content, media_type=kind, headers=headers)

    def worker(self, request: Request) -> Response:
        """Return the worker, which is told the version and the addresses of the files it keeps.

        It is never kept by the browser: with a new version comes a new worker.
        """
        told = json.dumps({"version": self.version, "files": [self.address(n) for n in KEPT]})
        content = f"const HERE = {told};\n".encode() + self.files[WORKER]
        etag = f'"{self.version}"'
        headers = {"etag": etag, "cache-control": "no-cache"}
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(content, media_type="text/javascript", headers=headers)


def read_static(folder: Path = FOLDER) -> StaticFiles:
    """Return the files of ``folder``, in memory; their version is a digest over all of them."""
    files = {at.name: at.read_bytes() for at in sorted(folder.iterdir()) if at.is_file()}
    seen = hashlib.sha256()
    for name, content in files.items():
        seen.update(f"{name} {len(content)}\n".encode())
        seen.update(content)
    return StaticFiles(files, seen.hexdigest()[:VERSION_LENGTH])
