"""Search a saved image (``docker save``) for values, in every layer and in its configuration."""

from __future__ import annotations

import re
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from typing import IO

from djscaffold.verify.model import Skip

CHUNK = 1 << 20
GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


class Stream:
    """The chunks of an answer as a file, for tarfile."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        """Keep the iterator; nothing is read yet."""
        self._chunks = iter(chunks)
        self._rest = b""

    def read(self, size: int = CHUNK) -> bytes:
        """Return *size* bytes, or fewer at the end."""
        parts, length = [self._rest], len(self._rest)
        while length < size and (chunk := next(self._chunks, b"")):
            parts.append(chunk)
            length += len(chunk)
        found = b"".join(parts)
        self._rest = found[size:]
        return found[:size]


def find_canaries(chunks: Iterable[bytes], prefix: str) -> set[int] | Skip:
    """Return the numbers of the canaries that begin with *prefix*, wherever in the image."""
    found: set[int] = set()
    pattern = re.compile(re.escape(prefix.encode()) + rb"(\d{4})")
    overlap = len(prefix) + 4
    with tarfile.open(fileobj=Stream(chunks), mode="r|") as archive:  # type: ignore[call-overload]
        for member in archive:
            content = archive.extractfile(member)
            if content is None:
                continue
            parts = _plain(content)
            if parts is None:
                return Skip(f"{member.name} is compressed in a way that cannot be read here")
            tail = b""
            for part in parts:
                text = tail + part
                found |= {int(number) for number in pattern.findall(text)}
                tail = text[-overlap:]
    return found


def _plain(content: IO[bytes]) -> Iterator[bytes] | None:
    """Return the bytes of a layer: as they are, or unpacked; None for another compression."""
    first = content.read(CHUNK)
    if first.startswith(ZSTD):
        return None
    parts = _parts(first, content)
    return _unpacked(parts) if first.startswith(GZIP) else parts


def _parts(first: bytes, content: IO[bytes]) -> Iterator[bytes]:
    while first:
        yield first
        first = content.read(CHUNK)


def _unpacked(parts: Iterator[bytes]) -> Iterator[bytes]:
    packed = zlib.decompressobj(wbits=31)
    for part in parts:
        yield packed.decompress(part)
