"""Four months of the demo school: who does what when, as a plan that is made first and then played."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Literal

DAYS = 120
A_LOOK_AROUND = timedelta(minutes=1)
"""Between entering a course and opening its first lesson."""

AN_EXAM_LATER = (timedelta(days=4), timedelta(days=12))
"""From entering a course to its exam."""
SITTERS = 12
"""So many learners sit the assessment of a course; what the last one wrote still waits to be graded."""

Verb = Literal["enroll", "open", "complete", "drop", "begin", "hand_in", "grade"]


@dataclass(frozen=True, order=True)
class Act:
    """Somebody does something. `learner`, `course` and `lesson` are places in the lists that the seeder holds."""

    moment: datetime
    learner: int
    course: int
    verb: Verb
    lesson: int = 0


@dataclass(frozen=True)
class Temper:
    """How a learner studies: courses taken up, the share that is finished, days between two evenings of study."""

    courses: tuple[int, int]
    finishes: float
    pause: tuple[int, int]
    drops: float


DILIGENT = Temper(courses=(2, 4), finishes=0.9, pause=(1, 4), drops=0.0)
STEADY = Temper(courses=(1, 3), finishes=0.5, pause=(2, 8), drops=0.1)
FADING = Temper(courses=(1, 2), finishes=0.1, pause=(3, 12), drops=0.3)


def plan(learners: int, lessons: list[int], now: datetime, seed: int = 20260817) -> list[Act]:
    """What `learners` people do in courses with so many lessons each, in the order of time, up to `now`."""
    random = Random(seed)  # noqa: S311 - a story, not a secret
    acts: list[Act] = []
    for learner in range(learners):
        temper = random.choices((DILIGENT, STEADY, FADING), weights=(3, 5, 2))[0]
        chosen = random.sample(range(len(lessons)), k=random.randint(*temper.courses))
        for course in chosen:
            begin = now - timedelta(days=random.uniform(3, DAYS))
            acts.extend(_study(random, temper, learner, course, lessons[course], begin))
    return sorted(act for act in acts if act.moment < now)


def _study(random: Random, temper: Temper, learner: int, course: int, lessons: int, begin: datetime) -> Iterator[Act]:
    moment = _evening(random, begin)
    yield Act(moment, learner, course, "enroll")
    moment += A_LOOK_AROUND
    finishes = random.random() < temper.finishes
    wanted = lessons if finishes else random.randint(0, lessons - 1)
    done = 0
    while done < wanted:
        for _ in range(min(random.randint(1, 4), wanted - done)):
            yield Act(moment, learner, course, "open", done)
            moment += timedelta(minutes=random.uniform(4, 25))
            yield Act(moment, learner, course, "complete", done)
            done += 1
        moment = _evening(random, moment + timedelta(days=random.randint(*temper.pause)))
    if not finishes and random.random() < temper.drops:
        yield Act(moment + timedelta(minutes=5), learner, course, "drop")


def _evening(random: Random, day: datetime) -> datetime:
    """Some moment of that day at which people study: mostly in the evening, some at noon (UTC; Jakarta is +7)."""
    hour = random.choices((3, 5, 9, 11, 12, 13, 14), weights=(1, 2, 1, 2, 4, 4, 2))[0]
    return day.replace(hour=hour, minute=random.randrange(60), second=random.randrange(60), microsecond=0)


def of_the_visitor(now: datetime, finished: int, begun: int, lessons: list[int]) -> list[Act]:
    """What `peserta@demo.test` (learner −1) has done: one course to its end, another half way."""
    start, later = now - timedelta(days=21, hours=4), now - timedelta(days=6, hours=2)
    acts = [Act(start - A_LOOK_AROUND, -1, finished, "enroll"), Act(later - A_LOOK_AROUND, -1, begun, "enroll")]
    for number in range(lessons[finished]):
        acts += _one_lesson(start + timedelta(days=number), finished, number, minutes=9)
    for number in range(lessons[begun] // 2):
        acts += _one_lesson(later + timedelta(hours=7 * number), begun, number, minutes=12)
    return sorted(act for act in acts if act.moment < now)


def sittings(acts: list[Act], courses: list[int], visited: int, now: datetime, seed: int = 20260818) -> list[Act]:
    """Who sits the assessments of these courses, of those whose acts are given; the visitor sits that of `visited`."""
    random = Random(seed)  # noqa: S311 - a story, not a secret
    found: list[Act] = []
    for course in courses:
        entered = [act for act in acts if act.verb == "enroll" and act.course == course and act.learner >= 0]
        dropped = {act.learner for act in acts if act.verb == "drop" and act.course == course}
        in_time = [act for act in entered if act.learner not in dropped and act.moment < now - timedelta(days=14)]
        sitters = in_time[-SITTERS:]
        for act in sitters:
            wait = random.uniform(*(each.total_seconds() for each in AN_EXAM_LATER))
            is_last = act == sitters[-1]
            begin = now - timedelta(days=2) if is_last else act.moment + timedelta(seconds=wait)
            found += _sitting(random, _evening(random, begin), act.learner, course, is_graded=not is_last)
    found += _sitting(random, _evening(random, now - timedelta(days=3)), -1, visited, is_graded=True)
    return sorted(act for act in found if act.moment < now)


def _sitting(random: Random, moment: datetime, learner: int, course: int, *, is_graded: bool) -> Iterator[Act]:
    yield Act(moment, learner, course, "begin")
    ended = moment + timedelta(minutes=random.uniform(6, 24))
    yield Act(ended, learner, course, "hand_in")
    if is_graded:
        yield Act(ended + timedelta(hours=random.uniform(10, 30)), learner, course, "grade")


def _one_lesson(moment: datetime, course: int, number: int, minutes: int) -> list[Act]:
    done = moment + timedelta(minutes=minutes)
    return [Act(moment, -1, course, "open", number), Act(done, -1, course, "complete", number)]
