"""Whoever can write to Redis can ring, and nothing more: forged jobs are not run (T-RQ-01, T-RQ-02)."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from redis import Redis
from rq import Callback, Queue, Repeat, Retry, SimpleWorker
from rq.job import Job
from rq.registry import StartedJobRegistry
from rq.serializers import JSONSerializer
from rq.webhook import Webhook

from app.events.worker import rq_worker
from tests.events.queueing import burst, deliveries, until, waiting
from tests.events.sample import happen, noted

pytestmark = pytest.mark.redis

betrayals: list[str] = []


def betray(*_args: Any) -> None:
    """What a forger would like to be called."""
    betrayals.append("called")


@pytest.fixture(autouse=True)
def _nobody_was_betrayed() -> Iterator[None]:
    betrayals.clear()
    yield
    assert betrayals == []


def forge(redis: Redis, function: str, *args: object, queue: str = "default", **options: Any) -> Job:
    """Puts a job into Redis as anybody could who reaches it, with stock RQ."""
    return Queue(queue, connection=redis, serializer=JSONSerializer).enqueue(function, *args, **options)


def stock_worker(redis: Redis) -> SimpleWorker:
    return SimpleWorker([Queue("default", connection=redis)], connection=redis, serializer=JSONSerializer)


OURSELVES = f"{__name__}.betray"


def test_t_rq_01_a_forged_pickle_job_is_not_executed(
    rq_app: Flask, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[Callable[..., None], tuple[str]]:
            return betray, ("unpickled",)

    job = forge(redis, OURSELVES)
    for data in (pickle.dumps((OURSELVES, None, (), {})), pickle.dumps(Bomb())):
        redis.hset(f"rq:job:{job.id}", "data", data)
        redis.rpush("rq:queue:default", job.id)
    happen(1)
    until(lambda: len(waiting(redis)) == 3)
    burst(redis)
    assert "queued-1" in noted(), "the worker goes on"


def test_t_rq_02_what_we_forge_here_does_run_on_a_stock_worker(rq_app: Flask, redis: Redis) -> None:
    forge(redis, OURSELVES)
    forge(redis, "builtins.len", "x", on_success=Callback(OURSELVES))
    burst(redis, stock_worker(redis))
    assert betrayals == ["called", "called"]
    betrayals.clear()


def test_t_rq_02_a_forged_function_is_refused(
    rq_app: Flask, redis: Redis, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    forge(redis, "os.system", f"touch {tmp_path / 'owned'}")
    forge(redis, OURSELVES)
    forge(redis, "deliver", "0" * 32, "sample_queued", 0, True, sneaky=1)
    forge(redis, "app.events.batches.drain", "record_audit")
    burst(redis)
    assert not (tmp_path / "owned").exists()
    assert caplog.text.count("refused the job") >= 4


def test_t_rq_02_a_forged_method_call_is_refused(rq_app: Flask, redis: Redis, caplog: pytest.LogCaptureFixture) -> None:
    job = forge(redis, "deliver")
    redis.hset(f"rq:job:{job.id}", "data", JSONSerializer.dumps(["append", ["an instance"], ["x"], {}]))
    burst(redis)
    assert "refused the job" in caplog.text


@pytest.mark.parametrize("function", ["drain", "os.system"])
def test_t_rq_02_forged_callbacks_are_not_called(rq_app: Flask, redis: Redis, function: str) -> None:
    callback = Callback(OURSELVES)
    forge(redis, function, "record_audit", on_success=callback, on_failure=callback, on_stopped=callback)
    burst(redis)


def test_t_rq_02_the_callback_of_an_abandoned_job_is_not_called(rq_app: Flask, redis: Redis) -> None:
    """RQ's housekeeping would call it for a job whose worker seems to have died."""
    job = forge(redis, "drain", "record_audit", on_failure=Callback(OURSELVES))
    redis.delete("rq:queue:default")
    redis.zadd(StartedJobRegistry("default", redis).key, {f"{job.id}:forged": 1})
    worker = rq_worker(redis, threading.Event())
    worker.clean_registries()
    assert redis.zcard(StartedJobRegistry("default", redis).key) == 0


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A web server that nobody may call; its address, and who did."""
    calls: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            calls.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_args: object) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", calls
    server.shutdown()
    thread.join()
    server.server_close()


def test_t_rq_02_a_forged_webhook_sends_nothing(rq_app: Flask, redis: Redis, listener: tuple[str, list[str]]) -> None:
    url, calls = listener
    hooks = [Webhook(url, state, method=method) for state in ("finished", "failed") for method in ("GET", "POST")]
    forge(redis, "builtins.len", "x", webhooks=hooks)
    burst(redis, stock_worker(redis))
    assert len(calls) == 2, "a stock worker calls it"
    calls.clear()
    forge(redis, "drain", "record_audit", webhooks=hooks)
    forge(redis, "os.system", "true", webhooks=hooks)
    burst(redis)
    assert calls == []


def test_t_rq_02_forged_retries_repeats_and_dependents_do_not_come_back(
    rq_app: Flask, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    first = forge(redis, "os.system", "true", retry=Retry(max=3))
    forge(redis, "drain", "record_audit", repeat=Repeat(times=3))
    forge(redis, "drain", "record_audit", repeat=Repeat(times=3, interval=1))
    forge(redis, OURSELVES, depends_on=first)
    burst(redis)
    assert caplog.text.count("refused the job") <= 2
    assert waiting(redis) == {}
    assert redis.zcard("rq:scheduled:default") == 0


def test_t_rq_02_a_drain_of_what_is_no_batch_is_refused(rq_app: Flask, redis: Redis) -> None:
    happen(1, note="raise inline")
    forge(redis, "drain", "sample_inline", queue="notifications")
    forge(redis, "drain", "nobody", queue="notifications")
    burst(redis)
    assert [row.attempts for row in deliveries("sample_inline")] == [1]


def test_a_job_that_cannot_be_read_does_not_end_the_work(rq_app: Flask, redis: Redis) -> None:
    job = forge(redis, "deliver", queue="notifications")
    redis.hset(f"rq:job:{job.id}", "success_callback_timeout", "not a number")
    happen(1)
    until(lambda: len(waiting(redis)) == 3)
    burst(redis)  # RQ gives up here, and the worker's loop begins anew
    burst(redis)
    assert {"queued-1", "after-1"} <= noted()
