"""What a package is refused with."""

from __future__ import annotations

from flask_babel import gettext as _

from app.core.errors import Refused


class PackageRefused(Refused):
    """Nothing of the package is imported."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, "file")


class LessonSkipped(Refused):
    """One lesson of a package cannot be imported; the others can."""


def not_a_package() -> PackageRefused:
    """The refusal of any other file."""
    return PackageRefused(_("Berkas ini bukan paket kursus. Pilih berkas ZIP yang diekspor dari Tuntas."))


def broken() -> PackageRefused:
    """The refusal of what was damaged on its way, or made by hand."""
    return PackageRefused(_("Paket ini rusak atau tidak lengkap. Ekspor lagi kursusnya, lalu unggah paket yang baru."))


def odd(place: str) -> PackageRefused:
    """The refusal of content that no export writes; `place` says where it stands."""
    return PackageRefused(
        _("Isi paket ini tidak sesuai di “%(place)s”. Ekspor lagi kursusnya, lalu unggah paket yang baru.", place=place)
    )
