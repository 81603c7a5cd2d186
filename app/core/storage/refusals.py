"""Why a store could not do what was asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from app.core.errors import Refused, StorageFull, is_full


class StorageAway(Refused):
    """The store does not answer; a second try may do."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


@contextmanager
def full_disk_refused() -> Iterator[None]:
    """Inside the block a full disk raises StorageFull."""
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise StorageFull from error
        raise
