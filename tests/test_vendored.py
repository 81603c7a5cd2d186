"""What others wrote and we serve is exactly what was vendored (T-SUP-01)."""

from __future__ import annotations

import hashlib
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"


def test_t_sup_01_vendored_files_are_those_of_the_hash_list() -> None:
    listed = dict(reversed(line.split("  ", 1)) for line in (VENDOR / "SHA256SUMS").read_text().splitlines())
    there = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    assert there == listed, (
        "cd static/vendor && find * -type f ! -name SHA256SUMS | sort | xargs sha256sum > SHA256SUMS"
    )


def test_t_sup_01_every_vendored_folder_has_its_licence() -> None:
    folders = [each for each in VENDOR.iterdir() if each.is_dir()]
    assert folders
    assert [each.name for each in folders if not list(each.glob("LICENSE*"))] == []
