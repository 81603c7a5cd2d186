"""T-RQ-03: a Redis that others can reach, or that forgets, keeps the worker of a production system from starting."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry

from app.events.exposure import check_exposure, weaknesses
from tests import servers

pytestmark = pytest.mark.redis

SAFE = {
    "bind": "127.0.0.1 -::1",
    "requirepass": "a-long-password-of-a-school",
    "appendonly": "yes",
    "maxmemory-policy": "noeviction",
    "protected-mode": "yes",
}

Start = Callable[..., Redis]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a redis-server with the safe settings, some of them replaced; answers a client that knows the password."""
    running = []

    def started(**replaced: str) -> Redis:
        settings = {"port": str(servers.free_port()), **SAFE}
        settings |= {key.replace("_", "-"): value for key, value in replaced.items()}
        lines = [f"{key} {value}" for key, value in settings.items() if value]
        lines += [f"dir {tmp_path}", 'save ""', f"unixsocket {tmp_path / 'redis.sock'}"]
        conf = tmp_path / f"{len(running)}.conf"
        conf.write_text("\n".join(lines))
        command = [servers.program("redis-server"), str(conf)]
        running.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        # The client waits for the server: it tries again for some seconds.
        patient = Retry(ConstantBackoff(0.05), 400, supported_errors=(RedisConnectionError, FileNotFoundError))
        return Redis(
            unix_socket_path=str(tmp_path / "redis.sock"), password=settings["requirepass"] or None, retry=patient
        )

    yield started
    for each in running:
        each.kill()
        each.wait()


def test_t_rq_03_a_loopback_redis_with_password_and_memory_is_accepted(start: Start) -> None:
    redis = start()
    assert weaknesses(redis) == []
    check_exposure(redis, production=True)


def test_t_rq_03_a_socket_without_a_port_needs_no_password(start: Start) -> None:
    assert weaknesses(start(port="0", requirepass="")) == []


@pytest.mark.parametrize(
    ("settings", "cure"),
    [
        ({"requirepass": ""}, "requirepass"),
        ({"bind": "0.0.0.0"}, "bind 127.0.0.1"),
        ({"bind": "* -::*"}, "bind 127.0.0.1"),
        ({"bind": "127.0.0.1 -192.0.2.1"}, "bind 127.0.0.1"),
        ({"protected_mode": "no"}, "protected-mode yes"),
        ({"maxmemory_policy": "allkeys-lru"}, "maxmemory-policy noeviction"),
        ({"appendonly": "no"}, "appendonly yes"),
        ({"port": "0", "requirepass": "", "unixsocketperm": "777"}, "unixsocketperm 700"),
    ],
)
def test_t_rq_03_each_weakness_is_named_with_its_cure_and_refused_in_production(
    start: Start, settings: dict[str, str], cure: str
) -> None:
    redis = start(**settings)
    (sentence,) = weaknesses(redis)
    assert cure in sentence
    with pytest.raises(SystemExit, match=cure):
        check_exposure(redis, production=True)


def test_t_rq_03_all_weaknesses_are_told_at_once(start: Start) -> None:
    redis = start(bind="*", requirepass="", appendonly="no", maxmemory_policy="volatile-ttl", protected_mode="no")
    assert len(weaknesses(redis)) == 5


def test_t_rq_03_elsewhere_a_weak_redis_is_a_warning(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    check_exposure(start(appendonly="no"), production=False)
    assert "appendonly yes" in caplog.text


def test_t_rq_03_a_redis_that_does_not_tell_its_settings_is_refused(start: Start) -> None:
    redis = start()
    redis.execute_command("ACL", "SETUSER", "tuntas", "on", ">secret", "~*", "&*", "+@all", "-config")
    path = redis.connection_pool.connection_kwargs["path"]
    limited = Redis(unix_socket_path=path, username="tuntas", password="secret")
    (sentence,) = weaknesses(limited)
    assert "CONFIG GET" in sentence


def test_t_rq_03_a_redis_that_is_away_is_an_error_not_a_verdict() -> None:
    with pytest.raises(RedisConnectionError):
        weaknesses(Redis(port=servers.free_port(), socket_connect_timeout=0.25))
