"""The private file store."""

from __future__ import annotations

import errno
import io
import os

import pytest
from flask import Flask

from app.core import storage
from app.core.storage import local


def test_what_is_saved_can_be_read_and_deleted(app: Flask) -> None:
    name = storage.new_name("media", ".pdf")
    assert storage.save(name, b"isi") == 3
    assert storage.exists(name)
    assert storage.read(name) == b"isi"
    storage.delete(name)
    storage.delete(name)
    assert not storage.exists(name)


def test_a_stream_is_saved_in_pieces(app: Flask) -> None:
    content = os.urandom(3 * 1024 * 1024 + 7)
    assert storage.save("media/besar", io.BytesIO(content)) == len(content)
    assert storage.read("media/besar") == content


def test_saving_again_replaces_the_whole_file(app: Flask) -> None:
    storage.save("media/satu", b"panjang sekali")
    storage.save("media/satu", b"baru")
    assert storage.read("media/satu") == b"baru"


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "/etc/passwd",
        "a/../b",
        "a//b",
        "",
        ".",
        "a/.",
        ".hidden",
        "A.pdf",
        "a b",
        "a\\b",
        "a.pdf/b",
        "a\0b",
        "é",
    ],
)
def test_a_name_that_is_not_ours_is_an_error(app: Flask, name: str) -> None:
    with pytest.raises(ValueError, match="not a storage name"):
        storage.save(name, b"x")


def test_a_full_disk_is_said_clearly_and_leaves_no_part(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    storage.save("media/lama", b"tetap")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(storage.StorageFull, match="Ruang simpan server penuh"):
        storage.save("media/lama", b"baru")
    assert storage.read("media/lama") == b"tetap"
    assert [each.name for each in local.path("media/lama").parent.iterdir()] == ["lama"]


def test_another_fault_of_the_disk_stays_what_it_is(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output"):
        storage.save("media/rusak", b"x")
    assert list(local.path("media/rusak").parent.iterdir()) == []


def test_files_are_readable_by_nobody_else(app: Flask) -> None:
    storage.save("media/rahasia", b"x")
    assert local.path("media/rahasia").stat().st_mode & 0o077 == 0
    assert local.path("media/rahasia").parent.stat().st_mode & 0o077 == 0
