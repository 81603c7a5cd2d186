"""When `make bench` ends with an error."""

from __future__ import annotations

import pytest

from bench.pages.load import Burst
from bench.pages.ratios import Found, Operation, _row


@pytest.mark.parametrize(("ratio", "met", "fails"), [(2.0, True, False), (2.2, False, False), (2.4, False, True)])
def test_a_ratio_fails_at_15_percent_above_its_bar(ratio: float, met: bool, fails: bool) -> None:
    operation = Operation("lesson page", iter(()), "page15", lambda: iter(()), bar=2.0)
    row = _row(operation, "sqlite", Found([_burst(0.01 * ratio)], [_burst(0.01)]))
    assert (row.met, row.fails) == (met, fails)


def _burst(seconds: float) -> Burst:
    return Burst(times=[seconds] * 3)
