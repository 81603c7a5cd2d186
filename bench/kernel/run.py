"""All of the kernel's bars, in one table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench import places
from bench.kernel import commits, recovery, workers
from bench.places import Place
from bench.table import Row
from tests import servers


def measure(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Every bar on SQLite and on PostgreSQL, the quick ones first."""
    with (
        places.sqlite(folder / "sqlite") as light,
        places.postgres(folder / "postgres") as heavy,
        servers.redis(folder / "redis") as redis_url,
    ):
        for place in (light, heavy):
            print(places.modes(place))
        yield commits.stating(light, 5 if quick else 25)
        for place in (light, heavy):
            yield from _of(place, redis_url, quick=quick)


def _of(place: Place, redis_url: str, *, quick: bool) -> Iterator[Row]:
    rounds = 5
    yield commits.committing(place, 200 if quick else 1000)
    yield from commits.trips(place, redis_url)
    yield commits.memory(place)
    yield workers.embedded(place, rounds)
    yield workers.by_rq(place, redis_url, rounds)
    yield workers.auditing(place, rounds)
    yield workers.idle_tick(place, 200, 100 if quick else 1000)
    yield recovery.recovery(place)
