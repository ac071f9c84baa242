"""Turn the bytes of a text file into text, whatever editor wrote them."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# https://peps.python.org/pep-0263/
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.MULTILINE)


def decode(content: bytes) -> str:
    """Return the text: by byte-order mark, coding line, UTF-8, and Latin-1 as a last resort."""
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
        return text.replace("\r\n", "\n").replace("\r", "\n")
    return content.decode("latin-1").replace("\r\n", "\n").replace("\r", "\n")


def _encodings(content: bytes) -> list[str]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return [encoding]
    # PowerShell's redirect without a mark: every other byte is zero.
    if len(content) > 3 and content[1:40:2].strip(b"\0") == b"":
        return ["utf-16-le"]
    cookie = _COOKIE.search(b"\n".join(content.split(b"\n", 2)[:2]))
    named = [cookie.group(1).decode("ascii", "ignore")] if cookie else []
    return [*named, "utf-8"]
