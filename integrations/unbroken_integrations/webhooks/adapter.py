"""Signed events; found by the entry point ``webhook``.

Source: Standard Webhooks 1.0 (headers, signature scheme, symmetric keys).
"""

import base64
import hmac
import json
from collections.abc import Mapping, Sequence
from uuid import UUID

from unbroken.kit.clock import Clock, SystemClock
from unbroken.kit.reaching import Trouble, Unreached
from unbroken.notices.ports import Envelope, Fitting, NotSent

PREFIX = "whsec_"
UNSIGNED = "no-secret"


class Webhooks:
    """Posts the event of an envelope, signed with each of its secrets."""

    def __init__(self, fitting: Fitting, clock: Clock | None = None) -> None:
        """Keep what makes the way to outside servers, and the clock that a signature names."""
        self._reach = fitting.reach
        self._clock = clock or SystemClock()

    def ready(self) -> bool:
        """Return that nothing needs to be set up here: each channel has its own address."""
        return True

    def send(self, envelope: Envelope) -> None:
        """Post one event; the receiver has taken it when this returns.

        Raises:
            NotSent: it has not; ``gone`` where it answered 410.
        """
        if not envelope.secrets:
            raise NotSent(UNSIGNED)
        body = json.dumps(envelope.event, ensure_ascii=False, separators=(",", ":")).encode()
        at = int(self._clock.now().timestamp())
        headers = headers_of(envelope.uid, at, body, secrets=envelope.secrets)
        try:
            self._reach().post(envelope.to, body, headers=headers)
        except Unreached as error:
            is_gone = error.trouble is Trouble.GONE
            raise NotSent(
                error.trouble.value, wait_seconds=error.wait_seconds, gone=is_gone
            ) from error


def headers_of(
    uid: UUID | str, at: int, body: bytes, *, secrets: Sequence[str]
) -> Mapping[str, str]:
    """Return the headers of an event tried at the instant ``at`` (seconds of Unix time).

    One signature for each secret, in their order.
    """
    signatures = [signature_of(uid, at, body, secret=each) for each in secrets]
    return {
        "content-type": "application/json",
        "webhook-id": str(uid),
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signatures),
    }


def signature_of(uid: UUID | str, at: int, body: bytes, *, secret: str) -> str:
    """Return one signature: ``v1,`` and HMAC-SHA256 over ``id.timestamp.body`` in base64."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{uid}.{at}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
