"""Whether others can reach our Redis, or it can lose what it holds: who writes there gives orders to the workers."""

from __future__ import annotations

import ipaddress
import logging
from typing import Any, cast

from redis import Redis
from redis.exceptions import ResponseError

log = logging.getLogger(__name__)

SETTINGS = ("port", "tls-port", "bind", "protected-mode", "unixsocketperm", "maxmemory-policy", "appendonly")


def check_exposure(redis: Redis, *, production: bool) -> None:
    """Says what is weak about that Redis. Raises SystemExit in production, RedisError when it cannot be asked."""
    found = weaknesses(redis)
    if found and production:
        raise SystemExit(
            "\n".join(["Pekerja tidak dijalankan, karena Redis belum aman:", *(f"- {each}" for each in found)])
        )
    for each in found:
        log.warning("Redis: %s", each)


def weaknesses(redis: Redis) -> list[str]:
    """Sentences for the operator, each with its cure; empty for a Redis that is fit for production.

    A socket whose file only its owner may open, and no port, need no password. Raises RedisError when it is away.
    """
    try:
        settings: dict[str, str] = {}
        for name in SETTINGS:
            settings |= cast(dict[str, str], redis.config_get(name))
        open_to_all = "nopass" in cast(dict[str, Any], redis.acl_getuser("default"))["flags"]
    except ResponseError:
        return ["Pengaturannya tidak dapat diperiksa. Izinkan CONFIG GET dan ACL GETUSER untuk pengguna di REDIS_URL."]
    return [*_reachable(settings, open_to_all), *_forgetful(settings)]


def _reachable(settings: dict[str, str], open_to_all: bool) -> list[str]:
    plain, tls = settings["port"] != "0", settings.get("tls-port", "0") != "0"
    found = []
    if plain and not _loopback_only(settings["bind"]):
        found.append("Redis mendengarkan jaringan tanpa TLS. Isi bind 127.0.0.1 -::1 di redis.conf.")
    if (plain or tls) and open_to_all:
        found.append(
            "Redis tidak meminta kata sandi. Isi requirepass di redis.conf dan tulis kata sandinya di REDIS_URL."
        )
    if (plain or tls) and settings["protected-mode"] == "no":
        found.append("Mode terlindung Redis mati. Isi protected-mode yes di redis.conf.")
    if open_to_all and int(settings.get("unixsocketperm", "0"), 8) & 0o002:
        found.append("Soket Redis terbuka bagi semua pengguna mesin ini. Isi unixsocketperm 700 di redis.conf.")
    return found


def _loopback_only(bind: str) -> bool:
    """`bind` is a list of addresses, where `-` marks an optional one; empty or `*` is every address."""
    addresses = [each.removeprefix("-") for each in bind.split()]
    return bool(addresses) and all(_is_loopback(each) for each in addresses)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def _forgetful(settings: dict[str, str]) -> list[str]:
    found = []
    if settings["maxmemory-policy"] != "noeviction":
        found.append("Redis membuang data saat memorinya penuh. Isi maxmemory-policy noeviction di redis.conf.")
    if settings["appendonly"] != "yes":
        found.append("Redis lupa antreannya saat mati. Isi appendonly yes di redis.conf.")
    return found
