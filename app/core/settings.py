"""What the institution decides about itself: a small table, read once and kept."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.db import Model, action, committed, db

# Another process sees a change after this many seconds.
CACHE_SECONDS = 30


class Setting(Model):
    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(String(50), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


@dataclass(frozen=True)
class Signatory:
    name: str
    position: str


@dataclass(frozen=True)
class Institution:
    """Who runs this installation, as it stands on pages, mails and certificates."""

    name: str = "Tuntas"
    city: str = ""
    email: str = ""
    signatories: tuple[Signatory, ...] = ()
    logo: str | None = None
    """The name of a PNG in the storage."""
    certificate_number: str = "{urut:03}/SERT/{bulan_romawi}/{tahun}"
    registration_open: bool = True
    """Whether people may make their own account; REGISTRATION_OPEN=false closes it whatever stands here."""
    two_factor_for_staff: bool = False
    """Whether staff must sign in with a second step."""
    storage_gb: int = 10
    """How many gigabytes the files of lessons may take."""


_lock = threading.Lock()


def institution() -> Institution:
    """The institution's settings; defaults where nothing was set. Costs a statement at most every 30 s."""
    kept = current_app.extensions.get("institution")
    if kept is not None and kept[0] > time.monotonic():
        return kept[1]  # type: ignore[no-any-return]
    value = db.session.scalar(select(Setting.value).where(Setting.key == "institution")) or {}
    signatories = tuple(Signatory(**each) for each in value.get("signatories", ()))
    found = Institution(**{**value, "signatories": signatories})
    with _lock:
        current_app.extensions["institution"] = (time.monotonic() + CACHE_SECONDS, found)
    return found


def registration_is_open() -> bool:
    """Whether people may make their own account."""
    return bool(current_app.config["REGISTRATION_OPEN"]) and institution().registration_open


@action
def change_institution(**changes: Any) -> None:
    """Sets the named fields of `Institution`; the others stay."""
    row = db.session.get(Setting, "institution", with_for_update=True)
    if row is None:
        row = Setting(key="institution", value={})
        db.session.add(row)
    row.value = {**row.value, **changes}
    db.session.info["institution_changed"] = True


@committed.connect
def _forget(session: Session) -> None:
    if session.info.pop("institution_changed", False):
        current_app.extensions.pop("institution", None)
