"""Roles, zones and languages in the reader's words: in lists to choose from, and by themselves."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from wtforms import SelectChoice

from app.accounts.models import Role

ROLES = {
    Role.LEARNER: _lp("peran", "Peserta"),
    Role.CONTENT_MANAGER: _l("Pengelola Konten"),
    Role.TRAINER: _l("Pengajar"),
    Role.LMS_ADMIN: _l("Admin"),
}
ZONES = {
    "Asia/Jakarta": _l("WIB (Jakarta)"),
    "Asia/Makassar": _l("WITA (Makassar)"),
    "Asia/Jayapura": _l("WIT (Jayapura)"),
}
LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}


def role_name(role: str) -> str:
    """What people call the role."""
    return str(ROLES[Role(role)])


def zone_name(zone: str) -> str:
    """What people call the zone; one outside of Indonesia by its name in the IANA database."""
    return str(ZONES.get(zone, zone))


def zone_choices(present: str | None = None) -> list[SelectChoice]:
    """The zones of Indonesia, and the present one if it is another: it can be kept."""
    zones = ZONES if present is None or present in ZONES else {**ZONES, present: present}
    return [SelectChoice(zone, label) for zone, label in zones.items()]


def language_choices() -> list[SelectChoice]:
    """Each language in its own words."""
    return [SelectChoice(code, name) for code, name in LANGUAGES.items()]
