"""Addresses made of names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import count


def addresses(name: str, *, otherwise: str, longest: int = 200) -> Iterator[str]:
    """`dasar-k3`, `dasar-k3-2`, `dasar-k3-3`, …, without end; of a name without Latin letters or digits `otherwise`.

    The first is at most as long as `longest`.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:longest].strip("-") or otherwise
    yield slug
    yield from (f"{slug}-{number}" for number in count(2))
