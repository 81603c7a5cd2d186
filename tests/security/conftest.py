"""One world a module: built once, put back after what has changed it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from app.core import clock
from app.core.db import db
from tests import servers
from tests.conftest import POSTGRES, _make_app
from tests.security.objects import furnish
from tests.security.states import stand
from tests.security.world import World, settle


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world, with its app's context open. A module that uses it does not use the fixture `app`.

    Its clock stands still, so that no page changes by the time that a module takes.
    """
    folder = tmp_path_factory.mktemp("world")
    if POSTGRES:
        url = request.getfixturevalue("migrated_postgres")
    else:
        shutil.copy(request.getfixturevalue("migrated_file"), folder / "world.db")
        url = f"sqlite:///{folder / 'world.db'}"
    app = _make_app(url, folder / "instance", SQLITE_SYNCHRONOUS="OFF")
    with app.app_context(), clock.at(clock.now()):
        found = settle(app)
        stand(found)
        furnish(found)
        yield found
        found.close()
        db.session.remove()
        db.engine.dispose()
    if POSTGRES:
        servers.empty(url)
