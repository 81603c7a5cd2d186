"""A sample of `make chaos`: the declared points are the real ones, and some deaths at them lose and double nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.events.steps import STEPS
from tests import servers
from tests.chaos import matrix
from tests.chaos.ground import TRANSPORTS, Grounds, ground, grounds
from tests.chaos.matrix import Case

pytestmark = [pytest.mark.chaos, pytest.mark.redis]

SAMPLE = (
    Case("sqlite", "embedded", "web", "outbox.written#2"),
    Case("sqlite", "embedded", "web", "delivery.marked#2"),
    Case("sqlite", "embedded", "worker", "delivery.effected@chaos_mail#1"),
    Case("sqlite", "rq", "web", "handout.begun#2"),
    Case("sqlite", "rq", "worker", "drain.effected#1"),
    Case("sqlite", "rq", "worker", "relay.claimed#1"),
)
ON_POSTGRESQL = (
    Case("postgres", "embedded", "worker", "relay.claimed#1"),
    Case("postgres", "rq", "web", "delivery.marked#2"),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    with grounds(tmp_path_factory.mktemp("chaos") / "grounds", ("sqlite",)) as made:
        yield made


def test_the_whole_matrix_dies_at_every_point_there_is() -> None:
    assert {case.point.partition("@")[0] for case in matrix.cases()} == set(STEPS)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_process_passes_the_points_that_are_declared_and_no_others(made: Grounds, transport: str) -> None:
    with ground(made, "sqlite", transport) as here:
        assert here.finish("web", count=matrix.ACTS, trace="web") == 0
        worker = here.start("worker", trace="worker")
        assert here.settle()
        worker.terminate()
        worker.join(20)
        verdict = here.judge()
        traced = {role: _lines(here.folder / role) for role in ("web", "worker")}
    for role in ("web", "worker"):
        assert traced[role] == {point.partition("@")[0] for point in matrix.points(role, transport)}
    assert (verdict.acknowledged, verdict.lost, verdict.doubled, verdict.duplicate_mails) == (matrix.ACTS, [], [], 0)


def _lines(path: Path) -> set[str]:
    return set(path.read_text().split())


def test_processes_that_die_at_a_sample_of_points_lose_and_double_nothing(made: Grounds) -> None:
    assert _troubles(made, SAMPLE) == {}


def test_nor_do_they_on_postgresql(tmp_path: Path) -> None:
    servers.program("postgres")
    with grounds(tmp_path / "grounds", ("postgres",)) as made:
        assert _troubles(made, ON_POSTGRESQL) == {}


def _troubles(made: Grounds, cases: tuple[Case, ...]) -> dict[str, list[str]]:
    """Side by side: most of their time is waiting."""
    with ThreadPoolExecutor(len(cases)) as pool:
        results = list(pool.map(lambda case: matrix.play(made, case), cases))
    return {str(each.case): each.trouble for each in results if each.trouble or not each.reached}


def test_everything_the_plan_expects_is_looked_for(made: Grounds) -> None:
    """An oracle that sees nothing would always be content: without any worker it must miss what is queued."""
    with ground(made, "sqlite", "embedded") as here:
        assert here.finish("web", count=2, linger=0) == 0
        verdict = here.judge()
    missing = {sentence.split(" of act ")[0] for sentence in verdict.lost if " of act " in sentence}
    wanted = ("queued", "followed", "echoed", "batched", "rated", "timed")
    assert missing >= set(itertools.chain((f"effect {what}" for what in wanted), ["mail", "fact chaos.echoed"]))
