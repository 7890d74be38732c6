"""The zip package around a workbook: its directory, and its parts unpacked in bounded memory.

Stricter than zip readers are, so that no two of them can see different contents: nothing before,
between or after what the directory names. Source: PKWARE APPNOTE 6.3.10, sections 4.3 and 4.4.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from unbroken.workbooks.refusals import damaged, lying, unusual

LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
END_64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR_64 = struct.Struct("<4sLQL")
STORED, DEFLATED = 0, 8
ENCRYPTED, UTF_8 = 0x1, 0x800
FULL_16, FULL_32 = 0xFFFF, 0xFFFFFFFF
ZIP_64 = 1
CHUNK = 1 << 20
FEED = 1 << 16
BYTES_OF_A_RECORD = 1024


@dataclass(frozen=True, slots=True)
class Part:
    """One part as the directory declares it; positions count from the package's first byte."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    starts: int
    data_at: int
    record: bytes

    @property
    def ends(self) -> int:
        """Return where the packed bytes end."""
        return self.data_at + self.packed


def parts_of(raw: bytes, most: int) -> tuple[Part, ...]:
    """Return the parts that the package declares, in the order of its directory.

    A directory of more than ``most`` parts is cut there: one more is returned, never all.

    Raises:
        Invalid: The directory is missing, cut short, or disagrees with the parts' own headers.
    """
    starts, size = directory_at(raw)
    if size > (most + 1) * BYTES_OF_A_RECORD:
        raise unusual()
    parts: list[Part] = []
    at = starts
    while at < starts + size and len(parts) <= most:
        part, at = _part(raw, at, starts)
        parts.append(part)
    if len(parts) <= most:
        _must_stand_apart(parts, starts)
    return tuple(parts)


def unpacked(raw: bytes, part: Part) -> Iterator[bytes]:
    """Yield the part's bytes, at most a mebibyte at a time and never more than declared.

    Raises:
        Invalid: The part is damaged, or larger or smaller than the directory says.
    """
    done, crc = 0, 0
    for piece in _stored(raw, part) if part.method == STORED else _inflated(raw, part):
        done += len(piece)
        if done > part.size:
            raise lying()
        crc = zlib.crc32(piece, crc)
        yield piece
    if done != part.size:
        raise lying()
    if crc != part.crc:
        raise damaged()


def _stored(raw: bytes, part: Part) -> Iterator[bytes]:
    for at in range(part.data_at, part.ends, CHUNK):
        yield raw[at : min(at + CHUNK, part.ends)]


def _inflated(raw: bytes, part: Part) -> Iterator[bytes]:
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    view = memoryview(raw)
    try:
        for at in range(part.data_at, part.ends, FEED):
            pending: bytes | memoryview = view[at : min(at + FEED, part.ends)]
            while pending and not engine.eof:
                yield engine.decompress(pending, CHUNK)
                pending = engine.unconsumed_tail
        while not engine.eof and (rest := engine.decompress(b"", CHUNK)):
            yield rest
    except zlib.error as fault:
        raise damaged() from fault
    if not engine.eof or engine.unused_data:
        raise damaged()


def directory_at(raw: bytes) -> tuple[int, int]:
    """Return where the directory starts and its length; it must reach up to its own end record.

    Raises:
        Invalid: It is missing, cut short, or something stands around it.
    """
    try:
        at = len(raw) - END.size
        mark, *_rest, size, starts, comment = END.unpack_from(raw, at)
        if raw[at - LOCATOR_64.size :][:4] == b"PK\x06\x07":
            at, size, starts = _directory_64(raw, at - LOCATOR_64.size)
    except struct.error as fault:
        raise damaged() from fault
    if mark != b"PK\x05\x06" or comment or starts + size != at:
        raise damaged()
    return starts, size


def _directory_64(raw: bytes, locator_at: int) -> tuple[int, int, int]:
    at: int = LOCATOR_64.unpack_from(raw, locator_at)[2]
    mark, *_rest, size, starts = END_64.unpack_from(raw, at)
    if mark != b"PK\x06\x06" or at + END_64.size != locator_at:
        raise damaged()
    return at, size, starts


def _part(raw: bytes, at: int, limit: int) -> tuple[Part, int]:
    """Return the part of the record at ``at``, and where the next record starts."""
    try:
        fields = CENTRAL.unpack_from(raw, at)
        mark, flags, method, crc = fields[0], fields[3], fields[4], fields[7]
        name_at = at + CENTRAL.size
        extra_at = name_at + fields[10]
        ends = extra_at + fields[11] + fields[12]
        extra = raw[extra_at : extra_at + fields[11]]
        size, packed, starts = _sizes(extra, (fields[9], fields[8], fields[16]))
        name = raw[name_at:extra_at]
        data_at = _data_at(raw, starts, name, method)
    except struct.error as fault:
        raise damaged() from fault
    if mark != b"PK\x01\x02" or data_at + packed > limit:
        raise damaged()
    told = name.decode("utf-8" if flags & UTF_8 else "cp437", "replace")
    return Part(told, flags, method, crc, packed, size, starts, data_at, raw[at:ends]), ends


def _sizes(extra: bytes, fields: tuple[int, int, int]) -> tuple[int, int, int]:
    """Return size, packed size and start, from the long form where the short one is full."""
    long = _extra(extra, ZIP_64)
    found: list[int] = []
    for field in fields:
        if field == FULL_32:
            found.append(struct.unpack_from("<Q", long)[0])
            long = long[8:]
        else:
            found.append(field)
    return found[0], found[1], found[2]


def _extra(extra: bytes, kind: int) -> bytes:
    while len(extra) >= 4:  # noqa: PLR2004 - a kind and a length, two bytes each
        found, length = struct.unpack_from("<2H", extra)
        if found == kind:
            return extra[4 : 4 + length]
        extra = extra[4 + length :]
    return b""


def _data_at(raw: bytes, starts: int, name: bytes, method: int) -> int:
    mark, _version, _flags, own_method, *_rest, name_size, extra_size = LOCAL.unpack_from(
        raw, starts
    )
    name_at = starts + LOCAL.size
    own_name = raw[name_at : name_at + name_size]
    if mark != b"PK\x03\x04" or own_method != method or own_name != name:
        raise damaged()
    return int(name_at + name_size + extra_size)


def _must_stand_apart(parts: list[Part], limit: int) -> None:
    """Refuse parts that share bytes, or a package that begins with something else."""
    by_place = sorted(parts, key=lambda part: part.starts)
    overlapping = any(one.ends > other.starts for one, other in pairwise(by_place))
    if not by_place or by_place[0].starts or overlapping or by_place[-1].ends > limit:
        raise damaged()
