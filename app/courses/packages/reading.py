"""A package as it was uploaded: judged, read, and its files taken out one by one."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from typing import IO

from flask_babel import gettext as _

from app.core.storage.refusals import full_disk_refused
from app.courses.packages.archive import CONTENT, FOLDER, MANIFEST, opened, read_json, reading
from app.courses.packages.content import Manifest, PackedCourse, read_course, read_manifest
from app.courses.packages.refusals import PackageRefused, broken

_PIECE = 1024 * 1024


@dataclass(frozen=True)
class Package:
    """A package within the limits, whose two JSON files are in order. Its assets are not unpacked yet."""

    archive: zipfile.ZipFile
    manifest: Manifest
    course: PackedCourse

    def unpack(self, asset: str, target: IO[bytes]) -> None:
        """Writes the file into the target. Raises PackageRefused when it is not what was packed, and StorageFull."""
        expected, digest, size = self.manifest.files[asset], hashlib.sha256(), 0
        with reading(), self.archive.open(asset) as packed:
            while piece := packed.read(_PIECE):
                digest.update(piece)
                size += len(piece)
                with full_disk_refused():
                    target.write(piece)
        if (digest.hexdigest(), size) != (expected.sha256, expected.size):
            raise damaged(self.course.files[asset])


def read_package(file: IO[bytes]) -> Package:
    """What the file holds; nothing but the two JSON files is unpacked. Raises PackageRefused."""
    archive = opened(file)
    manifest = read_manifest(read_json(archive, MANIFEST))
    sizes = {each.filename: each.file_size for each in archive.infolist()}
    sizes.pop(FOLDER, None)
    sizes.pop(MANIFEST)
    if sizes != {name: listed.size for name, listed in manifest.files.items()}:
        raise broken()
    content = read_json(archive, CONTENT)
    if hashlib.sha256(content).hexdigest() != manifest.files[CONTENT].sha256:
        raise damaged(CONTENT)
    return Package(archive, manifest, read_course(content))


def damaged(name: str) -> PackageRefused:
    """The refusal of a file with another checksum than the manifest says."""
    return PackageRefused(
        _("“%(name)s” di paket ini rusak. Ekspor lagi kursusnya, lalu unggah paket yang baru.", name=name[:100])
    )
