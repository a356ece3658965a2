"""Bytes to lines of text: which encoding a file has, and which bytes do not fit it."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

FIRST_LOOK = 4 * 2**20
"""Bytes from which encoding and delimiter are told; the rest of the file is read once."""
CHUNK = 2**20
"""Bytes read at a time after the first look."""

ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "cp1252": "Windows-1252",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}
"""Codecs in use, and what people call them."""

BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
KINDS = {
    b"PK\x03\x04": "a zip file or Excel workbook; a workbook needs the ending .xlsx",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file; save it as .xlsx or as CSV",
    b"PAR1": "a Parquet file; give it the ending .parquet",
    b"%PDF": "a PDF; export the notes as CSV or .xlsx",
    b"\x1f\x8b": "a gzip file; unpack it first",
}
"""First bytes of files that are no text, and what to do with them."""

CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r"))
SURROGATE = re.compile("[\ud800-\udfff]")
"""Bytes that could not be decoded become surrogates, which no text may hold."""


def take_first_look(stream: BinaryIO, where: str) -> bytes:
    """Read the first bytes of a stream.

    Parameters
    ----------
    stream : binary file
        At its start.
    where : str
        Name of the file, for messages.

    Returns
    -------
    bytes
        ``FIRST_LOOK`` bytes, or all there are.

    Raises
    ------
    TypeError
        If the stream yields text.
    ValueError
        If there is nothing but white space.
    """
    head = stream.read(FIRST_LOOK)
    if isinstance(head, str):
        raise TypeError(f"{where}: a binary stream is needed, such as sys.stdin.buffer")
    while len(head) < FIRST_LOOK and (more := stream.read(FIRST_LOOK - len(head))):
        head += more
    if not re.search(rb"[^\s\xef\xbb\xbf\xfe\xff]", head):
        raise ValueError(f"{where}: is empty; was it exported completely?")
    return head


def detect_encoding(head: bytes, where: str) -> tuple[str, int]:
    r"""Tell the encoding of a file from its first bytes.

    A byte order mark settles it. Without one, NUL in every second byte from the start means
    UTF-16. Otherwise the lines with any byte above 127 vote: if at least half of them are
    valid UTF-8 the file is UTF-8, and the others are single faults; else it is Windows-1252.
    Letters of Windows-1252 are hardly ever valid UTF-8 by chance, so the vote is seldom close.

    Parameters
    ----------
    head : bytes
        From `take_first_look`.
    where : str
        Name of the file, for messages.

    Returns
    -------
    codec : str
        A key of ``ENCODING_NAMES``.
    start : int
        Length of the byte order mark.

    Raises
    ------
    ValueError
        If the bytes are of a known kind that is no text, or hold too many control characters.

    Examples
    --------
    >>> detect_encoding("id;text\n1;£20".encode("cp1252"), "notes.csv")
    ('cp1252', 0)
    >>> detect_encoding("id;text\n1;£20".encode("utf-8-sig"), "notes.csv")
    ('utf-8', 3)
    """
    for bom, codec in BOMS.items():
        if head.startswith(bom):
            return codec, len(bom)
    if re.match(rb"(?:[^\0]\0){4}", head, re.DOTALL):
        return "utf-16-le", 0
    if re.match(rb"(?:\0[^\0]){4}", head, re.DOTALL):
        return "utf-16-be", 0
    if len(head) >= FIRST_LOOK:
        head = head[: head.rfind(b"\n") + 1 or None]
    _refuse_binary(head, where)
    lines = [line for line in head.split(b"\n") if not line.isascii()]
    valid = sum(_is_utf8(line) for line in lines)
    return ("utf-8" if 2 * valid >= len(lines) else "cp1252"), 0


def _is_utf8(data: bytes) -> bool:
    """Tell whether the bytes are valid UTF-8."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _refuse_binary(head: bytes, where: str) -> None:
    """Raise for what is no text; text with odd control characters passes."""
    for magic, kind in KINDS.items():
        if head.startswith(magic):
            raise ValueError(f"{where}: is {kind}")
    controls = len(head) - len(head.translate(None, CONTROL))
    if controls > max(8, len(head) // 20) and not _is_utf8(head):
        raise ValueError(f"{where}: is no text file; export the notes as CSV, .xlsx or .jsonl")


def decode_lines(head: bytes, stream: BinaryIO, codec: str) -> Iterator[str]:
    r"""Decode line by line; line ends stay as they are.

    Parameters
    ----------
    head : bytes
        What was read already, without the byte order mark.
    stream : binary file
        The rest.
    codec : str
        A key of ``ENCODING_NAMES``.

    Yields
    ------
    str
        One line with its end: ``\n``, ``\r\n`` or ``\r``. A byte that cannot be decoded stands
        as a surrogate (see ``SURROGATE``).
    """
    errors = "surrogatepass" if codec.startswith("utf-16") else "surrogateescape"
    decoder = codecs.getincrementaldecoder(codec)(errors)
    rest = ""
    for chunk in chain((head,), iter(lambda: stream.read(CHUNK), b"")):
        lines = list(io.StringIO(rest + decoder.decode(chunk), newline=""))
        rest = lines.pop() if lines and not lines[-1].endswith("\n") else ""
        yield from lines
    try:
        rest += decoder.decode(b"", final=True)
    except UnicodeDecodeError:  # UTF-16 cut off inside a character
        rest += "\udcff"
    yield from io.StringIO(rest, newline="")


def decode_text(data: bytes, where: str) -> str:
    """Decode a whole text.

    Parameters
    ----------
    data : bytes
        All of it.
    where : str
        Name of the file, for messages.

    Returns
    -------
    str
        Without byte order mark. A byte that cannot be decoded stands as a surrogate.

    Raises
    ------
    ValueError
        If it is no text.
    """
    codec, start = detect_encoding(data[:FIRST_LOOK], where)
    return "".join(decode_lines(data[start:], io.BytesIO(), codec))


def spell_bad_bytes(text: str) -> str:
    r"""Write what could not be decoded in a form that can be saved.

    Parameters
    ----------
    text : str
        As decoded here.

    Returns
    -------
    str
        With ``\x81`` for the byte 0x81 and ``\ud800`` for a lone surrogate.

    Examples
    --------
    >>> print(spell_bad_bytes("cost \udca320"))
    cost \xa320
    """

    def spell(match: re.Match) -> str:
        code = ord(match[0])
        return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"

    return SURROGATE.sub(spell, text)
