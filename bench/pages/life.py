"""Starting, sitting, crowding and ending: what a page's ratio does not show."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from statistics import median, quantiles

from sqlalchemy import select

from app.certificates.actions import issue
from app.certificates.files import ensure_pdf
from app.core.db import db
from app.notifications import kinds, mails
from app.notifications.models import Notification
from bench.pages import load
from bench.pages.load import get, post
from bench.pages.school import PASSWORD, School
from bench.pages.serving import children_of, megabytes, product, stop, worker
from bench.places import Place
from bench.table import Row, at_most
from bench.timing import seconds

CROWD = 32
IN_FLIGHT = 4


def start_and_end(place: Place, school: School, rounds: int) -> Iterator[Row]:
    """Starts and ends; each end comes in the middle of sign-ins, whose answers must all arrive."""
    starts, ends, kept = [], [], True
    for _ in range(rounds):
        with product(place) as server:
            starts.append(server.seconds_to_first_200)
            rest = threading.Event()
            with ThreadPoolExecutor(IN_FLIGHT) as pool:
                request = _sign_in(school)
                answers = [pool.submit(load.send_in_halves, server.port, request, rest) for _ in range(IN_FLIGHT)]
                time.sleep(0.5)
                threading.Timer(0.2, rest.set).start()
                ends.append(stop(server.process))
            kept = kept and all(each.result() == 303 for each in answers)
    yield at_most("start to first 200", place.name, 0, median(starts), 1.5, "s")
    row = at_most(f"SIGTERM to exit, {IN_FLIGHT} requests in flight", place.name, 0, median(ends), 10, "s")
    answered = "all answered" if kept else "some NOT answered"
    yield Row(row.what, row.where, "", f"{row.measured}, {answered}", row.bar, bool(row.met) and kept)


def _sign_in(school: School) -> bytes:
    guest = school.guest
    return post("/masuk", guest.cookie, csrf_token=guest.csrf, login=school.reader.email, password=PASSWORD)


def memory(place: Place, school: School) -> Iterator[Row]:
    """After every page was asked for a few hundred times; the worker after it found nothing to do."""
    with product(place) as server, worker(place) as idle:
        load.send(server.port, list(islice(_visits(school), 600)), 8)
        time.sleep(2)
        web = sum(megabytes(pid) for pid in children_of(server.process.pid))
        master = megabytes(server.process.pid)
        yield at_most("PSS of two web workers", place.name, 0, web, 130, "MB")
        yield Row("PSS of their master", place.name, "", f"{master:.0f} MB", "", None)
        yield at_most("PSS of the idle worker", place.name, 0, megabytes(idle.pid), 100, "MB")


def _visits(school: School) -> Iterator[bytes]:
    """Reads and writes by turns, by many people; each write happens again and again."""
    for number, each in enumerate(cycle(school.learners)):
        lesson = school.lessons[number % len(school.lessons)]
        yield get("/", each.cookie)
        yield get(f"/belajar/{school.slug}/{lesson}", each.cookie)
        yield post(f"/belajar/{school.slug}/{lesson}/selesai", each.cookie, csrf_token=each.csrf)
        yield get(f"/kursus/{school.slug}", each.cookie)


def crowd(place: Place, school: School, lasts: float) -> Iterator[Row]:
    """Thirty-two at once, reading and writing, with a worker beside them."""
    with product(place) as server, worker(place):
        found = load.send(server.port, list(islice(_visits(school), 60_000)), CROWD, lasts)
        said = server.log.read_text() + (place.folder / "worker.log").read_text()
    locked = said.count("database is locked")
    what = f"c={CROWD} for {lasts:.0f} s, with a worker"
    answers = f"{len(found.times)} answers, {found.rate:.0f} /s, p95 {found.p95 * 1e3:.0f} ms"
    yield Row(f"{what}: 5xx or broken", place.name, "", f"{found.errors} of {answers}", "≤ 0", found.errors == 0)
    yield Row(f'{what}: "database is locked"', place.name, "", str(locked), "≤ 0", locked == 0)


def papers(place: Place, school: School) -> Iterator[Row]:
    """The certificate's job, and a mail; inside an app context on the school."""
    jobs = [seconds(lambda each=each: _certify(each)) for each in school.completed]
    tail = quantiles(jobs[1:], n=20)[-1] * 1e3
    yield at_most("certificate job (issue + PDF), p95", place.name, 0, tail, 60, "ms")
    yield at_most("mail rendering, p50", place.name, 0, _mail() * 1e3, 1, "ms")


def _certify(enrollment_id: int) -> None:
    certificate = issue(enrollment_id)
    if certificate is None:
        raise RuntimeError(f"no certificate for {enrollment_id}")
    ensure_pdf(certificate)


def _mail() -> float:
    welcome = db.session.scalars(select(Notification).where(Notification.type == kinds.WELCOME).limit(1)).one()
    times = [seconds(lambda: mails._rendered(welcome, welcome.user)) for _ in range(50)]
    return median(times[1:])
