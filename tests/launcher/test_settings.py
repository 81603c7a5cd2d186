"""What the launcher finds out and puts into the environment."""

from __future__ import annotations

import os
import socket
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

import config
from launcher import carrier, network, note, settings
from launcher.trouble import Trouble
from tests.servers import free_port

KEYS = ("SECRET_KEY", "AUDIT_KEY", "TOTP_KEY")


@pytest.fixture(autouse=True)
def plain_environment() -> Iterator[None]:
    """Without settings, and as it was afterwards."""
    before = dict(os.environ)
    for name in (*KEYS, "BASE_URL", "TRUSTED_HOSTS", "INSTANCE", "QUEUE", "REDIS_URL", "PORT", "DATABASE_URL"):
        os.environ.pop(name, None)
    yield
    os.environ.clear()
    os.environ |= before


def keys_of(folder: Path) -> list[str]:
    for name in KEYS:
        os.environ.pop(name, None)
    settings.complete("development", folder)
    return [os.environ[name] for name in KEYS]


def test_every_purpose_has_a_key_of_its_own_that_stays(tmp_path: Path) -> None:
    first = keys_of(tmp_path)
    assert len(set(first)) == 3
    assert min(map(len, first)) >= 32
    assert keys_of(tmp_path) == first
    files = list((tmp_path / "keys").iterdir())
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert len(files) == 3


def test_production_takes_the_keys_that_were_made(tmp_path: Path) -> None:
    settings.complete("production", tmp_path)
    config.refuse_weak(config.load())


def test_a_key_that_others_could_read_is_closed(tmp_path: Path) -> None:
    keys_of(tmp_path)
    (tmp_path / "keys" / "audit.key").chmod(0o644)
    keys_of(tmp_path)
    assert stat.S_IMODE((tmp_path / "keys" / "audit.key").stat().st_mode) == 0o600


def test_a_damaged_key_is_not_replaced(tmp_path: Path) -> None:
    keys_of(tmp_path)
    (tmp_path / "keys" / "audit.key").write_text("")
    with pytest.raises(Trouble, match=r"audit\.key rusak"):
        keys_of(tmp_path)


def test_a_given_key_needs_no_file(tmp_path: Path) -> None:
    os.environ["SECRET_KEY"] = "x" * 40
    settings.complete("development", tmp_path)
    assert not (tmp_path / "keys" / "secret.key").exists()


def test_the_demo_school_and_the_real_one_are_kept_apart() -> None:
    assert settings.folder_of("run") != settings.folder_of("serve")
    os.environ["INSTANCE"] = "/srv/tuntas"
    assert settings.folder_of("run") == settings.folder_of("flask") == Path("/srv/tuntas")


def test_the_settings_file_is_made_once_and_the_environment_wins(tmp_path: Path) -> None:
    os.environ["MAIL_PORT"] = "2525"
    settings.complete("production", tmp_path)
    file = tmp_path / "serve.env"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text("# mail\nMAIL_SERVER = 'smtp.sekolah.test'\n\nMAIL_PORT=25\n".replace(" = ", "="))
    settings.complete("production", tmp_path)
    assert (config.load()["MAIL_SERVER"], config.load()["MAIL_PORT"]) == ("smtp.sekolah.test", 2525)


def test_only_the_demo_school_keeps_its_deliveries_for_years(tmp_path: Path) -> None:
    os.environ.pop("EVENTS_KEEP_DAYS", None)
    settings.complete("production", tmp_path)
    assert config.load()["EVENTS_KEEP_DAYS"] == 7
    settings.complete("development", tmp_path)
    assert config.load()["EVENTS_KEEP_DAYS"] == 3650


def test_a_line_of_the_settings_file_that_says_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / "serve.env").write_text("PORT=8000\nsurat keluar\n")
    with pytest.raises(Trouble, match="baris 2"):
        settings.complete("production", tmp_path)


def test_one_folder_runs_once(tmp_path: Path) -> None:
    again = pytest.raises(Trouble, match=f"sudah berjalan.*{os.getpid()}")
    with settings.claimed(tmp_path), again, settings.claimed(tmp_path):
        pass
    with settings.claimed(tmp_path):
        pass


def test_a_folder_on_a_full_disk_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="disk penuh"), settings.claimed(tmp_path, least_free_mb=2**40):
        pass


@pytest.mark.parametrize("port", ["0", "65536", "80a", "-1"])
def test_what_is_no_port_is_refused(port: str) -> None:
    os.environ["PORT"] = port
    with pytest.raises(Trouble, match=r"PORT="):
        settings.port()


def test_a_port_that_is_taken_is_named_with_a_way_out() -> None:
    port = free_port()
    with (
        network.open_port("127.0.0.1", port, ""),
        pytest.raises(Trouble, match=f"{port} sudah dipakai.*PORT={port + 1}"),
    ):
        network.open_port("127.0.0.1", port, f"make run PORT={port + 1}")


def test_the_address_is_proposed_where_nobody_can_be_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    address = settings.public_address(tmp_path, 8123, ask=True)
    assert address.startswith("http://")
    assert address.endswith(":8123")
    assert f"dipakai {address}" in capsys.readouterr().out


def test_a_given_address_is_taken_when_it_is_one(tmp_path: Path) -> None:
    os.environ["BASE_URL"] = "https://belajar.test/"
    assert settings.public_address(tmp_path, 8000, ask=True) == "https://belajar.test"
    for wrong in ("belajar.test", "ftp://belajar.test", "https://", "https://belajar.test/kelas"):
        os.environ["BASE_URL"] = wrong
        with pytest.raises(Trouble, match="BASE_URL"):
            settings.public_address(tmp_path, 8000, ask=True)


def test_browsers_may_ask_for_this_machine_by_every_name_it_has() -> None:
    settings.add_addresses("https://belajar.test")
    trusted = os.environ["TRUSTED_HOSTS"].split(",")
    assert {"localhost", "127.0.0.1", "belajar.test", *network.own_addresses()} <= set(trusted)
    os.environ["TRUSTED_HOSTS"] = "lain.test"
    settings.add_addresses("https://belajar.test")
    assert os.environ["TRUSTED_HOSTS"] == "lain.test"


def test_queue_forces_the_transport(tmp_path: Path) -> None:
    assert carrier.choose(tmp_path, "embedded", "redis://localhost").queue == "embedded"
    assert carrier.choose(tmp_path, "rq", "redis://localhost").url == "redis://localhost"
    assert carrier.choose(tmp_path, "", "redis://localhost").queue == "rq"


def test_without_redis_the_transport_is_embedded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    chosen = carrier.choose(tmp_path, "", "")
    assert (chosen.queue, chosen.why) == ("embedded", "tertanam (redis-server tidak ditemukan)")
    with pytest.raises(Trouble, match="QUEUE=rq memerlukan Redis"):
        carrier.choose(tmp_path, "rq", "")


def test_a_long_path_gets_its_socket_elsewhere(tmp_path: Path) -> None:
    short, deep = tmp_path / "r", tmp_path / ("x" * 100)
    assert carrier.socket_path(Path("/srv/r")) == Path("/srv/r/redis.sock")
    path = carrier.socket_path(deep)
    assert len(os.fsencode(path)) < carrier.LONGEST_SOCKET_PATH
    assert path == carrier.socket_path(deep)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with socket.socket(socket.AF_UNIX) as probe:
        probe.bind(str(path))
    path.unlink()
    path.parent.chmod(0o755)
    with pytest.raises(Trouble, match="milik orang lain"):
        carrier.socket_path(deep)
    path.parent.rmdir()
    assert not short.exists()


def test_a_database_is_ready_only_as_it_was_noted(tmp_path: Path) -> None:
    file = tmp_path / "tuntas.db"
    url = f"sqlite:///{file}"
    assert not note.is_done(tmp_path, url)
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('0002')")
    connection.close()
    assert not note.is_done(tmp_path, url)
    note.write(tmp_path, "0002")
    assert note.is_done(tmp_path, url)
    assert not note.is_done(tmp_path, "postgresql+psycopg://localhost/tuntas")
    note.write(tmp_path, "0003")
    assert not note.is_done(tmp_path, url)
    note.write(tmp_path, "0002")
    file.write_bytes(b"not a database" * 100)
    assert not note.is_done(tmp_path, url)
