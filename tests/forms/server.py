"""A server of phone forms on this machine that plays both dialects, and every kind of bad day.

Its records are full of what must never be stored: positions, devices, names, numbers, files.
"""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

Record = dict[str, object]
Served = TypeVar("Served", bound="FormServer")
CANARIES = (
    *("Ximena Canary", "canary-user", "collect:CANARYdev", "+22370009999", "89.4242", "13.3737"),
    *("canary-photo.jpg", "canary note", "353918052107063", "canary@example.org", "CANARYtag"),
)
ASSET = "aYuTZn9vegi3Z49MXwKjep"


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one request instead of its answer, or with the answer itself."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    truncated: bool = False
    dripping: bool = False
    body: bytes | None = None
    change: Callable[[dict[str, object]], None] | None = None


@dataclass(slots=True)
class FormServer:
    """What it holds and what goes wrong; ``faults`` by the number of the request, from 1."""

    records: list[Record] = field(default_factory=list)
    page_size: int = 1000
    faults: dict[int, Fault] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    authorisations: set[str] = field(default_factory=set)
    asked_with: list[dict[str, str]] = field(default_factory=list)
    address: str = ""

    def fails_from(self, number: int, fault: Fault) -> None:
        """Let every request from this one on fail."""
        self.faults |= dict.fromkeys(range(number, number + 20), fault)

    def answer(self, path: str) -> dict[str, object]:
        """Return what it says to a path with its query."""
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == f"/api/v2/assets/{ASSET}/data.json":
            return self._kobo(query)
        if parts.path == "/v1/projects/7/forms/answers.svc/Submissions":
            return self._odk(query)
        raise KeyError(parts.path)

    def _kobo(self, query: Mapping[str, str]) -> dict[str, object]:
        start = int(query.get("start", "0"))
        size = min(int(query.get("limit", "100")), self.page_size)
        more = start + size < len(self.records)
        following = f"/api/v2/assets/{ASSET}/data.json?start={start + size}&limit={size}"
        return {
            "count": len(self.records),
            "next": self.address + following if more else None,
            "previous": None,
            "results": self.records[start : start + size],
        }

    def _odk(self, query: Mapping[str, str]) -> dict[str, object]:
        start = int(query.get("$skiptoken", "0"))
        size = min(int(query.get("$top", "250")), self.page_size)
        body: dict[str, object] = {
            "value": self.records[start : start + size],
            "@odata.context": f"{self.address}/v1/projects/7/forms/answers.svc/$metadata",
            "@odata.count": len(self.records),
        }
        if start + size < len(self.records):
            path = "/v1/projects/7/forms/answers.svc/Submissions"
            asked = f"%24top={size}&%24skiptoken={start + size}&%24count=true"
            body["@odata.nextLink"] = f"{self.address}{path}?{asked}"
        return body


@contextmanager
def serving_forms() -> Iterator[FormServer]:
    """Serve on a free port of this machine, and stop."""
    with serving(FormServer()) as state:
        yield state


@contextmanager
def serving(state: Served) -> Iterator[Served]:
    """Serve what ``state`` answers on a free port of this machine, and stop."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state))
    state.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def kobo_record(
    number: int, answers: Mapping[str, str], *, group: str = "", status: str = "approved"
) -> Record:
    """Return one submission as KoboToolbox tells it, our questions inside a group if wanted."""
    uid = f"validation_status_{status}"
    told = {f"{group}{name}": text for name, text in answers.items()}
    return {
        "_id": number,
        "formhub/uuid": "5388c680d19148828ea45913af820f30",
        "start": "2026-02-20T10:37:39.565-00:00",
        "deviceid": "collect:CANARYdev",
        "username": "canary-user",
        "phonenumber": "+22370009999",
        "subscriberid": "353918052107063",
        "email": "canary@example.org",
        "full_name": "Ximena Canary",
        **told,
        "__version__": "vW6fMPTWKJmBfdSRM7jd4V",
        "meta/instanceID": f"uuid:bc989238-c3ea-41d2-af54-{number:012}",
        "_xform_id_string": ASSET,
        "_uuid": f"bc989238-c3ea-41d2-af54-{number:012}",
        "_attachments": [{"filename": "canary-photo.jpg", "mimetype": "image/jpeg"}],
        "_status": "submitted_via_web",
        "_geolocation": [13.3737, 89.4242],
        "_submission_time": "2026-02-20T10:38:30",
        "_tags": ["CANARYtag"],
        "_notes": ["canary note"],
        "_validation_status": {"uid": uid, "by_whom": "canary-user"} if status else {},
        "_submitted_by": "canary-user",
    }


def odk_record(
    number: int,
    answers: Mapping[str, str],
    *,
    review: str | None = "approved",
    edits: int = 0,
) -> Record:
    """Return one submission as ODK Central tells it, our questions inside a group."""
    identity = f"uuid:85cb9aff-005e-4edd-9739-{number:012}"
    return {
        "__id": identity,
        "__system": {
            "submissionDate": "2026-02-20T08:00:00.000Z",
            "updatedAt": f"2026-02-21T{edits:02}:00:00.000Z" if edits else None,
            "submitterId": "23",
            "submitterName": "Ximena Canary",
            "attachmentsPresent": 1,
            "attachmentsExpected": 1,
            "reviewState": review,
            "deviceId": "collect:CANARYdev",
            "edits": edits,
            "formVersion": "7",
            "deletedAt": None,
        },
        "meta": {"instanceID": identity},
        "position": {"type": "Point", "coordinates": [89.4242, 13.3737, 0]},
        "photo": "canary-photo.jpg",
        "contact": {"full_name": "Ximena Canary", "phone": "+22370009999"},
        "answer_group": dict(answers),
    }


def _handler(state: FormServer) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        forms = state

    return Handler


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    forms: FormServer

    def do_GET(self) -> None:
        self.forms.asked.append(self.path)
        self.forms.asked_with.append({name.lower(): told for name, told in self.headers.items()})
        self.forms.authorisations.add(self.headers.get("authorization", ""))
        fault = self.forms.faults.get(len(self.forms.asked), Fault())
        self.close_connection = True
        try:
            body = self.forms.answer(self.path)
        except KeyError:
            self._send(404, b'{"detail":"Not found."}', {})
            return
        if fault.change:
            fault.change(body)
        self._answer(fault, fault.body if fault.body is not None else json.dumps(body).encode())

    def _answer(self, fault: Fault, raw: bytes) -> None:
        if fault.dripping:
            self._drip(raw)
        elif fault.truncated:
            self._send(200, raw[: len(raw) // 2], {"content-length": str(len(raw))})
        else:
            self._send(fault.status, raw, fault.headers)

    def _send(self, status: int, raw: bytes, headers: Mapping[str, str]) -> None:
        told = {"content-length": str(len(raw)), "content-type": "application/json", **headers}
        self.send_response(status)
        for name, value in told.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def _drip(self, raw: bytes) -> None:
        self.send_response(200)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        try:
            for at in range(len(raw)):
                self.wfile.write(b"1\r\n" + raw[at : at + 1] + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            return  # the other side had enough

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002
        """Say nothing."""
