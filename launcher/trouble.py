"""What the operator reads: lines on the terminal, and what is wrong with what to do about it."""

from __future__ import annotations

import errno
from contextlib import suppress

_CAUSES = {
    errno.ENOSPC: "disk penuh; kosongkan ruang lalu coba lagi",
    errno.EDQUOT: "kuota disk habis; kosongkan ruang lalu coba lagi",
    errno.EACCES: "tidak ada izin menulis; periksa pemilik folder itu",
    errno.EPERM: "tidak ada izin menulis; periksa pemilik folder itu",
    errno.EROFS: "disk hanya dapat dibaca",
    errno.ENOTDIR: "itu bukan folder",
    errno.EEXIST: "itu bukan folder",
}


class Trouble(Exception):
    """Tuntas cannot start; the sentence says why and what to do."""


def of_file(error: OSError) -> Trouble:
    """The trouble behind an error of the file system."""
    cause = _CAUSES.get(error.errno or 0, error.strerror or str(error))
    return Trouble(f"{error.filename or 'folder instance'}: {cause}.")


def say(line: str) -> None:
    """Prints the line at once. A terminal that is gone stops nobody."""
    with suppress(OSError):
        print(line, flush=True)
