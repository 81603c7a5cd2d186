"""What admins change here: failed work in groups, and the institution's own settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import IO, Any

from sqlalchemy import select

from app.accounts.models import User
from app.admin.events import SettingsChanged
from app.admin.logo import as_png
from app.admin.queries import fresh_institution
from app.certificates.numbering import check_scheme
from app.core import settings, storage
from app.core.db import action, db
from app.events import emit
from app.events.actions import retry
from app.events.models import DeliveryStatus, StoredDelivery


@action
def retry_group(receiver: str, error: str, *, actor: User) -> int:
    """Retries what that receiver gave up for that class of error; answers how many. Others may do so at once."""
    found = db.session.scalars(
        select(StoredDelivery.event_id)
        .where(
            StoredDelivery.receiver == receiver,
            StoredDelivery.status == DeliveryStatus.FAILED,
            StoredDelivery.last_error.startswith(f"{error}:", autoescape=True),
        )
        .with_for_update(skip_locked=True)
    ).all()
    for event_id in found:
        retry(event_id, receiver, actor=actor)
    return len(found)


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
