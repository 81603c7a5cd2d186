"""Why a store could not do what was asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, ENOSPC
from http import HTTPStatus

from flask_babel import gettext as _

from app.core.errors import Refused


class StorageFull(Refused):
    """No space is left for a file; nothing of it was kept."""


class StorageAway(Refused):
    """The store does not answer; a second try may do."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


@contextmanager
def full_disk_refused() -> Iterator[None]:
    """Inside the block a full disk raises StorageFull."""
    try:
        yield
    except OSError as error:
        if error.errno in (ENOSPC, EDQUOT):
            raise StorageFull(_("Ruang simpan server penuh. Hubungi admin lembaga Anda.")) from error
        raise
