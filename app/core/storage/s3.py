"""The store in a bucket of an S3-compatible service, through boto3 (`requirements-s3.txt`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import boto3
from boto3.exceptions import S3UploadFailedError
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from flask import current_app
from flask_babel import gettext as _

from app.core.storage.refusals import StorageAway, full_disk_refused

_PIECE = 64 * 1024
# Checksums beyond what the protocol asks for are Amazon's own: other services refuse them.
_CONFIG = Config(
    connect_timeout=5,
    read_timeout=30,
    retries={"max_attempts": 3},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    s3={"addressing_style": "path"},
)


def save(name: str, content: bytes | IO[bytes]) -> int:
    source = BytesIO(content) if isinstance(content, bytes) else content
    with _answered():
        _client().upload_fileobj(_Unclosed(source), _bucket(), name)
    return source.tell()


def adopt(name: str, file: Path) -> None:
    with _answered():
        _client().upload_file(str(file), _bucket(), name)
    file.unlink()


def size(name: str) -> int:
    with _answered():
        return int(_client().head_object(Bucket=_bucket(), Key=name)["ContentLength"])


def pieces(name: str, start: int = 0) -> Iterator[bytes]:
    with _answered():
        body = _client().get_object(Bucket=_bucket(), Key=name, Range=f"bytes={start}-")["Body"]
        try:
            yield from body.iter_chunks(_PIECE)
        finally:
            body.close()


@contextmanager
def local_copy(name: str) -> Iterator[Path]:
    with TemporaryDirectory(prefix="tuntas-") as folder:
        copy = Path(folder) / name.rpartition("/")[2]
        with full_disk_refused(), copy.open("wb") as file:
            file.writelines(pieces(name))
        yield copy


def delete(name: str) -> None:
    with _answered():
        _client().delete_object(Bucket=_bucket(), Key=name)


class _Unclosed:
    """A source that is still open, and knows how far it was read, when boto3 has closed it."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source

    def read(self, size: int = -1) -> bytes:
        return self._source.read(size)


@contextmanager
def _answered() -> Iterator[None]:
    """Inside the block what is not there raises FileNotFoundError, and a service that does not answer StorageAway."""
    try:
        yield
    except (BotoCoreError, ClientError, S3UploadFailedError) as error:
        status = getattr(error, "response", {}).get("ResponseMetadata", {}).get("HTTPStatusCode")
        if status == HTTPStatus.NOT_FOUND:
            raise FileNotFoundError(str(error)) from error
        raise StorageAway(_("Penyimpanan berkas tidak menjawab. Coba lagi beberapa menit lagi.")) from error


def _client() -> Any:
    """One a app: it may be used by many threads, and to make one takes long."""
    known = current_app.extensions
    if "storage.s3" not in known:
        known["storage.s3"] = boto3.client(
            "s3",
            endpoint_url=current_app.config["S3_ENDPOINT"] or None,
            region_name=current_app.config["S3_REGION"],
            aws_access_key_id=current_app.config["S3_ACCESS_KEY"],
            aws_secret_access_key=current_app.config["S3_SECRET_KEY"],
            config=_CONFIG,
        )
    return known["storage.s3"]


def _bucket() -> str:
    return str(current_app.config["S3_BUCKET"])
