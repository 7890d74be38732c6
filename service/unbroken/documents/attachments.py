"""Reads the data of a certificate back out of its file, whatever was done to it."""

import io
import json
import logging

from pypdf import PdfReader

from unbroken.documents.rules.certificates import VERSION, Data, file_bytes
from unbroken.kit.canonical import canonical

NAME = "certificate.json"
# What it thinks of a broken file is said by our own findings, once and in words.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


class NoData(Exception):
    """The data of a certificate cannot be read out of this file; the message says why."""


def attached_data(raw: bytes) -> Data:
    """Return the data that lie in a certificate's file.

    Raises:
        NoData: the file is broken, has no such data, or they are not in canonical form.
    """
    found = _attached(raw)
    try:
        data = json.loads(found)
        is_same = canonical(data) == found
    except (ValueError, TypeError, RecursionError) as error:
        message = f"the data inside are no JSON of the kind that certificates hold ({error})"
        raise NoData(message) from None
    if not isinstance(data, dict) or data.get("version") != VERSION:
        message = f"the data inside are not those of a certificate of version {VERSION}"
        raise NoData(message)
    if not is_same or file_bytes(data) != found:
        message = "the data inside are not in canonical form"
        raise NoData(message)
    return data


def _attached(raw: bytes) -> bytes:
    try:
        files = PdfReader(io.BytesIO(raw)).attachments
        found = [each for name in files if name.endswith(NAME) for each in files[name]]
    except Exception as error:
        # a reader of PDF may fail in any way over a file that somebody broke
        message = f"the file is broken where its data lie ({type(error).__name__})"
        raise NoData(message) from error
    if len(found) != 1:
        message = f"there is no file {NAME} inside it"
        raise NoData(message)
    return bytes(found[0])
