"""Zips that anybody may have made: what the standard library raises of broken ones, and what it may unpack of them."""

from __future__ import annotations

import struct
import zipfile
import zlib

BREAKS = (zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, ValueError, EOFError, OSError)
"""What comes of zips that are none, or are cut, or lie, or are locked; NotImplementedError is a RuntimeError."""


def is_locked(entry: zipfile.ZipInfo) -> bool:
    """Whether the entry, or the names in the zip, need a password."""
    return bool(entry.flag_bits & 0x41)


def is_bounded(entry: zipfile.ZipInfo) -> bool:
    """Whether the entry is stored or deflated; the other methods unpack without a bound."""
    return entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
