"""What a browser may claim."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.progress.recording import Extent, Report, apply_report, is_done_by_itself, new_row

START = datetime(2026, 8, 17, 1, 0, tzinfo=UTC)

ENOUGH = {"read": 100, "watched": 90}


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_the_furthest_page_only_grows_and_ends_with_the_file() -> None:
    row = new_row(1, 1)
    for page in (4, 2, 900):
        apply_report(row, Report(page=page), Extent(pages=10), START)
    assert (row.current_page, row.highest_page_reached, row.total_pages) == (10, 10, 10)
    apply_report(row, Report(page=1), Extent(pages=10), START)
    assert (row.current_page, row.highest_page_reached) == (1, 10)


def test_the_first_report_may_claim_a_minute() -> None:
    row = new_row(1, 1)
    apply_report(row, Report(seconds=10_000), Extent(), START)
    assert row.time_spent_seconds == 60


def test_time_is_capped_by_the_wall_clock() -> None:
    row = new_row(1, 1)
    apply_report(row, Report(), Extent(), START)
    apply_report(row, Report(seconds=500), Extent(), after(30))
    assert row.time_spent_seconds == 30
    apply_report(row, Report(seconds=10), Extent(), after(90))
    assert row.time_spent_seconds == 40


def test_a_night_with_an_open_page_is_not_time_spent() -> None:
    row = new_row(1, 1)
    apply_report(row, Report(), Extent(), START)
    apply_report(row, Report(seconds=36_000), Extent(), after(36_000))
    assert row.time_spent_seconds == 1800


def test_a_clock_that_went_back_takes_nothing_away() -> None:
    row = new_row(1, 1)
    apply_report(row, Report(seconds=20), Extent(), START)
    apply_report(row, Report(seconds=20), Extent(), after(-500))
    assert row.time_spent_seconds == 20


def test_jumping_to_the_end_of_a_video_is_not_watching_it() -> None:
    row = new_row(1, 1)
    apply_report(row, Report(position=0), Extent(seconds=600), START)
    apply_report(row, Report(position=600), Extent(seconds=600), after(15))
    assert row.media_percentage == Decimal("5.00")  # 15 s at twice the speed are 30 of 600
    assert row.media_position_seconds == 600


def test_the_first_report_claims_nothing_of_a_video_for_it_has_just_been_opened() -> None:
    row = new_row(1, 1)
    apply_report(row, Report(position=110, seconds=60), Extent(seconds=110), START)
    assert (row.media_position_seconds, row.media_percentage) == (110, 0)
    apply_report(row, Report(position=110), Extent(seconds=110), after(11))
    assert row.media_percentage == Decimal("20.00")


def test_a_lesson_is_done_by_its_last_page_or_by_enough_of_its_video() -> None:
    pages, video = Extent(pages=3), Extent(seconds=100)
    row = new_row(1, 1)
    assert not is_done_by_itself(row, Extent(), **ENOUGH)
    apply_report(row, Report(page=3), pages, START)
    assert is_done_by_itself(row, pages, **ENOUGH)
    row = new_row(1, 1)
    apply_report(row, Report(), video, START)
    apply_report(row, Report(position=89), video, after(50))
    assert not is_done_by_itself(row, video, **ENOUGH)
    apply_report(row, Report(position=90), video, after(60))
    assert is_done_by_itself(row, video, **ENOUGH)


reports = st.builds(
    Report,
    page=st.none() | st.integers(-5, 10**12),
    position=st.none() | st.integers(-5, 10**12),
    seconds=st.integers(-5, 10**12),
)


@given(st.lists(st.tuples(reports, st.integers(-100, 5000)), max_size=30), st.integers(1, 50), st.integers(1, 4000))
def test_whatever_is_reported_nothing_shrinks_and_nothing_exceeds(
    told: list[tuple[Report, int]], pages: int, seconds: int
) -> None:
    row, moment = new_row(1, 1), START
    for report, passed in told:
        before = (row.highest_page_reached, row.media_percentage, row.time_spent_seconds)
        moment += timedelta(seconds=passed)
        apply_report(row, report, Extent(pages, seconds), moment)
        after = (row.highest_page_reached, row.media_percentage, row.time_spent_seconds)
        assert all(new >= old for old, new in zip(before, after, strict=True))
        assert 1 <= row.current_page <= row.highest_page_reached <= pages
        assert 0 <= row.media_percentage <= 100
        assert 0 <= row.media_position_seconds <= seconds
        assert row.time_spent_seconds - before[2] <= max(60, passed)
