"""`python -m launcher run` (the demo school), `serve` (the real start), `flask …` (one command with their settings)."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import config
from launcher import carrier, greeting, network, note, settings, supervisor
from launcher.supervisor import Child
from launcher.trouble import Trouble, of_file, say

PROFILES = {"run": "development", "serve": "production"}


def main(arguments: Sequence[str]) -> int:
    """Does what the first argument says; answers the exit code. Every trouble is one line on the terminal."""
    command = arguments[0] if arguments else ""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # until the supervisor takes over
    os.chdir(config.ROOT)
    os.umask(0o077)  # what is written here is nobody else's business
    try:
        if command == "flask":
            _flask(arguments[1:])
        elif command in PROFILES:
            _start(command)
        else:
            say("Pakai: make run, make serve, atau make flask CMD='…'.")
            return 2
    except Trouble as trouble:
        return _complain(trouble)
    except OSError as error:
        return _complain(of_file(error))
    except KeyboardInterrupt:
        say("Dibatalkan.")
        return 130
    return 0


def _complain(trouble: Trouble) -> int:
    say(f"Tuntas tidak dapat berjalan: {trouble}")
    return 1


def _start(command: str) -> None:
    folder, host = settings.folder_of(command), "127.0.0.1"
    with settings.claimed(folder):
        settings.complete(PROFILES[command], folder)
        port = settings.port()
        if command == "serve":
            host = os.environ.get("HOST") or "0.0.0.0"  # noqa: S104 - the school's network shall reach it
            base_url = settings.public_address(folder, port, ask=True)
        else:
            base_url = os.environ.get("BASE_URL") or f"http://127.0.0.1:{port}"
        settings.add_addresses(base_url)
        other = port + 1 if 1024 <= port < 65535 else 8000
        with network.open_port(host, port, f"make {command} PORT={other}") as listener:
            _run(folder, listener, _load())


def _load() -> dict[str, Any]:
    """The settings as the app will see them. Raises Trouble when it would refuse them."""
    try:
        loaded = config.load()
        config.refuse_weak(loaded)
    except ValueError as error:
        raise Trouble(f"ada setelan yang salah: {error}") from error
    return loaded


def _run(folder: Path, listener: socket.socket, loaded: dict[str, Any]) -> None:
    """Runs everything on the listening socket until we are told to stop. It is ours: a web restart refuses nobody."""
    chosen = carrier.choose(folder, loaded["QUEUE"], loaded["REDIS_URL"])
    os.environ["QUEUE"] = chosen.queue
    if chosen.url:
        os.environ["REDIS_URL"] = chosen.url
    children = [chosen.redis] if chosen.redis else []
    host, port = listener.getsockname()
    try:
        _prepare(folder, loaded)
        # The pages come first: the worker starts when they answer, or after ten seconds.
        worker = Child("Pekerja", [sys.executable, "-m", "flask", "worker"], start_at=time.monotonic() + 10)
        children += [_web(listener.fileno()), worker]

        def greet() -> None:
            worker.start_at = 0
            say(greeting.of(loaded, host, port, chosen.why))

        supervisor.keep(children, say, network.when_answered(host, port, greet))
    finally:
        supervisor.end(children, seconds=1)


def _web(listener: int) -> Child:
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--bind", f"fd://{listener}"]
    return Child("Web", [*command, "wsgi:app"], pass_fds=(listener,))


def _prepare(folder: Path, loaded: dict[str, Any]) -> None:
    if note.is_done(folder, loaded["SQLALCHEMY_DATABASE_URI"]):
        return
    if supervisor.run([sys.executable, "-m", "launcher.prepare"]) != 0:
        raise Trouble("basis data tidak dapat disiapkan; penyebabnya ada di baris-baris di atas")


def _flask(arguments: Sequence[str]) -> None:
    """Becomes `flask <arguments>` with the settings of the school that is here."""
    folder = settings.folder_of("flask")
    real = settings.settings_file(folder).exists()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings.complete("production" if real else "development", folder)
    settings.add_addresses(settings.public_address(folder, settings.port(), ask=False))
    _load()
    print(f"Data: {folder}", file=sys.stderr)
    os.execv(sys.executable, [sys.executable, "-m", "flask", *arguments])  # noqa: S606 - the operator's own words


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
