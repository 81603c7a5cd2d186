"""What admins change here: the institution's own settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import IO, Any

from app.accounts.models import User
from app.admin.events import SettingsChanged
from app.admin.logo import as_png
from app.admin.queries import fresh_institution
from app.certificates.numbering import check_scheme
from app.core import settings, storage
from app.core.db import action
from app.events import emit


def save_institution(
    changes: Mapping[str, Any], *, logo: IO[bytes] | None = None, actor: User | None = None
) -> list[str]:
    """Sets fields of `core.settings.Institution` and states `SettingsChanged`; answers which ones are new.

    Nothing happens when nothing differs. `signatories` are mappings of name and position. A picture for `logo` is
    decoded and kept first; the one before it stays, for other processes know its name a little longer. Raises Refused
    for a scheme that cannot number certificates and for what is no picture, StorageFull.
    """
    wanted = dict(changes)
    if "certificate_number" in wanted:
        check_scheme(wanted["certificate_number"])
    if logo is not None:
        wanted["logo"] = storage.new_name("institution", ".png")
        storage.save(wanted["logo"], as_png(logo))
    return _change(wanted, actor)


@action
def _change(wanted: dict[str, Any], actor: User | None) -> list[str]:
    present = asdict(fresh_institution())
    present["signatories"] = list(present["signatories"])
    new = {key: value for key, value in wanted.items() if value != present[key]}
    if new:
        settings.change_institution(**new)
        emit(SettingsChanged(area="institution", fields=sorted(new)), actor=actor)
    return sorted(new)
