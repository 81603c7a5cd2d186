"""Two hundred learners save and hand in within the last two seconds, over HTTP, each in a session of their own."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

from sqlalchemy import func, select, update

from app.assessments.actions.starting import start_attempt
from app.assessments.models import Answer, Attempt, AttemptStatus
from app.assessments.queries.attempts import answers_of
from app.core.clock import now
from app.core.db import db, transaction
from app.events.models import StoredEvent
from bench import places
from bench.pages import serving
from bench.pages.school import Visitor, settings, visitor
from bench.places import Place
from bench.table import Row
from tests import make

LAST_SECONDS = 2.0
KINDS = ("numeric", "short_answer", "true_false")
ANSWERS = {"numeric": "87,5", "short_answer": "Jakarta", "true_false": "benar"}


@dataclass
class Seat:
    """A learner at the exam, and what the server has acknowledged."""

    visitor: Visitor
    public_id: str
    questions: dict[int, str]
    """Place of the question → what is answered."""
    saved: list[int] = field(default_factory=list)
    handed_in: bool = False
    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)


def measure(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Counts that must be 0, on SQLite and PostgreSQL; times for information."""
    people = 40 if quick else 200
    with places.sqlite(folder / "sqlite") as light, places.postgres(folder / "postgres") as heavy:
        for place in (light, heavy):
            yield from _of(place, people)


def _of(place: Place, people: int) -> Iterator[Row]:
    seats = _seat(place, people)
    with serving.product(place) as server:
        app = places.make_app(place, **settings())
        with app.app_context():
            ends = now() + timedelta(seconds=LAST_SECONDS + 2)
            with transaction() as session:
                session.execute(update(Attempt).values(deadline_at=ends))
            time.sleep(max(0.0, (ends - now()).total_seconds() - LAST_SECONDS))
            gate = threading.Barrier(people)
            with ThreadPoolExecutor(people) as pool:
                list(pool.map(lambda seat: _finish(seat, server.port, gate), seats))
            yield from judged(place, seats)
            db.session.remove()
            db.engine.dispose()


def _seat(place: Place, people: int) -> list[Seat]:
    place.folder.mkdir(parents=True, exist_ok=True)
    with places.fresh(place, **settings()) as app:
        assessment = make.assessment(kinds=KINDS, time_limit_minutes=60)
        seats = []
        for _number in range(people):
            user = make.user()
            make.enrollment(user, assessment.course)
            attempt = start_attempt(assessment, actor=user)
            questions = {each.position: ANSWERS[each.asked.type] for each in answers_of(attempt)}
            seats.append(Seat(visitor(app, user), attempt.public_id, questions))
        return seats


def _finish(seat: Seat, port: int, gate: threading.Barrier) -> None:
    gate.wait()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for place, answer in seat.questions.items():
        status, body = _post(connection, seat, "jawab", question=str(place), answer=answer)
        if status == HTTPStatus.OK and json.loads(body)["saved"]:
            seat.saved.append(place)
    status, _body = _post(connection, seat, "kirim")
    seat.handed_in = status == HTTPStatus.SEE_OTHER
    connection.close()


def _post(connection: http.client.HTTPConnection, seat: Seat, verb: str, **fields: str) -> tuple[int, bytes]:
    # JSON is asked for: to a form a refusal is a redirect as well, and looks like a receipt.
    started = time.monotonic()
    headers = {
        "Accept": "application/json",
        "Cookie": f"session={seat.visitor.cookie}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    body = urlencode({"csrf_token": seat.visitor.csrf, **fields})
    connection.request("POST", f"/percobaan/{seat.public_id}/{verb}", body, headers)
    answer = connection.getresponse()
    told = answer.read()
    seat.times.append(time.monotonic() - started)
    seat.statuses[answer.status] += 1
    return answer.status, told


def judged(place: Place, seats: list[Seat]) -> Iterator[Row]:
    """The rows of an exam that is over. Every answer of everybody must have been acknowledged: refusals lose too."""
    stored = {
        (public_id, position): response
        for public_id, position, response in db.session.execute(
            select(Attempt.public_id, Answer.position, Answer.response).join(Answer.attempt)
        )
    }
    acknowledged = [(seat, place) for seat in seats for place in seat.saved]
    lost = sum(stored[seat.public_id, place] != seat.questions[place] for seat, place in acknowledged)
    graded = db.session.scalars(select(func.count()).where(Attempt.status == AttemptStatus.GRADED)).one()
    facts = db.session.scalars(select(func.count()).where(StoredEvent.name == "assessment.graded")).one()
    asked, acked = sum(len(seat.questions) for seat in seats), len(acknowledged)
    what = f"{len(seats)} learners hand in in the last {LAST_SECONDS:.0f} s"
    counts = {
        "answers not acknowledged": (asked - acked, asked),
        "acknowledged answers lost": (lost, acked),
        "hand-ins not acknowledged": (sum(not seat.handed_in for seat in seats), len(seats)),
        "attempts without exactly one result": (abs(len(seats) - graded) + abs(len(seats) - facts), len(seats)),
        **_refusals(seats),
    }
    for name, (count, of) in counts.items():
        yield Row(f"{what}: {name}", place.name, "", f"{count} of {of}", "≤ 0", count == 0)
    told = ", ".join(f"{status}: {count}" for status, count in sorted(_statuses(seats).items()))
    yield Row(f"{what}: answers of the server by status", place.name, "", told, "", None)
    p95 = quantiles([each for seat in seats for each in seat.times], n=20)[-1]
    yield Row(f"{what}: an answer of the server, p95", place.name, "", f"{p95 * 1e3:,.0f} ms", "", None)


def _statuses(seats: list[Seat]) -> Counter[int]:
    return sum((seat.statuses for seat in seats), Counter())


def _refusals(seats: list[Seat]) -> dict[str, tuple[int, int]]:
    statuses = _statuses(seats)
    late = statuses[HTTPStatus.CONFLICT]
    broken = sum(count for status, count in statuses.items() if status >= HTTPStatus.INTERNAL_SERVER_ERROR)
    refused = sum(count for status, count in statuses.items() if status >= HTTPStatus.BAD_REQUEST)
    counts = {"refused as late": late, "5xx": broken, "refused otherwise": refused - late - broken}
    return {name: (count, statuses.total()) for name, count in counts.items()}
