"""How the files of a course are named inside a package, and the pictures in its texts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from uuid import UUID

from app.core.markdown import NAMED_FILE
from app.courses.models import Media
from app.courses.packages.archive import ASSET, FOLDER


def asset_name(media: Media, digest: str) -> str:
    """`assets/<sha256>.<ending>`: the same for files with the same bytes."""
    return f"{FOLDER}{digest}{PurePosixPath(media.stored_name).suffix or '.bin'}"


def is_picture(asset: str) -> bool:
    """Whether the ending of the asset is that of a picture."""
    return PurePosixPath(asset).suffix in {".webp", ".png", ".jpg", ".jpeg", ".gif"}


def stored_name(import_id: UUID, asset: str) -> str:
    """Under what name an import keeps the file: the same however often it is unpacked."""
    name = hashlib.sha256(f"{import_id}/{asset}".encode()).hexdigest()[:32]
    return f"media/{name}{'.webp' if is_picture(asset) else PurePosixPath(asset).suffix}"


def with_assets(text: str, assets: Mapping[str, str]) -> str:
    """The text with the addresses of pictures replaced by their assets, for those whose public id is known."""
    return NAMED_FILE.sub(lambda found: found[1] + assets[found[2]] if found[2] in assets else found[0], text)


def with_addresses(text: str, public_ids: Mapping[str, str]) -> str:
    """The other way round."""

    def address(found: re.Match[str]) -> str:
        known = public_ids.get(found[0])
        return f"/media/{known}" if known else found[0]

    return ASSET.sub(address, text)


def assets_in(text: str) -> set[str]:
    """The assets that a text names."""
    return {found[0] for found in ASSET.finditer(text)}
