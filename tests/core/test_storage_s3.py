"""The file store in a bucket: the same contract, over HTTP, against a service of our own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.accounts.models import Role
from app.core import storage
from app.core.storage import local
from app.courses import actions
from tests import files, make
from tests.facts import drain_all
from tests.fakes import Bucket, bucket

pytestmark = pytest.mark.pages
pytest.importorskip("boto3", reason="requirements-s3.txt is not installed")

ROOT = Path(__file__).resolve().parent.parent.parent
LARGE = os.urandom(9_000_000)
"""More than boto3 sends in one request."""


@pytest.fixture
def service() -> Iterator[Bucket]:
    with bucket() as running:
        yield running


@pytest.fixture
def app(make_app: Callable[..., Flask], service: Bucket) -> Iterator[Flask]:
    keys = {"S3_ACCESS_KEY": "kunci", "S3_SECRET_KEY": "rahasia"}
    made = make_app(S3_BUCKET="sekolah", S3_ENDPOINT=service.address, **keys)
    with made.app_context():
        yield made


def test_what_is_saved_can_be_read_and_deleted(app: Flask, service: Bucket) -> None:
    assert storage.save("media/a.pdf", b"isi") == 3
    assert service.objects == {"/sekolah/media/a.pdf": b"isi"}
    assert storage.exists("media/a.pdf")
    assert (storage.size("media/a.pdf"), storage.read("media/a.pdf")) == (3, b"isi")
    storage.delete("media/a.pdf")
    storage.delete("media/a.pdf")
    assert not storage.exists("media/a.pdf")
    assert not (Path(app.config["INSTANCE"]) / "files" / "media").exists()


def test_a_large_stream_goes_in_parts(app: Flask, service: Bucket) -> None:
    stream = io.BytesIO(LARGE)
    assert storage.save("media/besar", stream) == len(LARGE)
    assert service.objects["/sekolah/media/besar"] == LARGE
    assert sum(request.startswith("PUT") for request in service.requests) > 1
    assert storage.read("media/besar") == LARGE


def test_a_finished_file_is_adopted(app: Flask, service: Bucket, tmp_path: Path) -> None:
    file = tmp_path / "berkas"
    file.write_bytes(LARGE)
    storage.adopt("media/besar", file)
    assert not file.exists()
    with storage.local_copy("media/besar") as copy:
        assert copy.read_bytes() == LARGE
    assert not copy.exists()


def test_a_part_is_read_from_where_it_begins(app: Flask, service: Bucket) -> None:
    storage.save("media/a", b"0123456789")
    assert b"".join(storage.pieces("media/a", 7)) == b"789"
    assert service.requests[-1] == "GET /sekolah/media/a bytes=7-"


@pytest.mark.parametrize("read", [storage.size, storage.read, lambda name: list(storage.pieces(name))])
def test_what_is_not_there_is_not_found(app: Flask, read: Callable[[str], object]) -> None:
    with pytest.raises(FileNotFoundError):
        read("media/tidak-ada")


def test_a_service_that_does_not_answer_is_said_in_a_sentence(app: Flask, service: Bucket) -> None:
    service.fault = 403
    with pytest.raises(storage.StorageAway, match="tidak menjawab"):
        storage.save("media/a", b"isi")
    with pytest.raises(storage.StorageAway):
        storage.read("media/a")
    assert storage.StorageAway.status == 503


def test_a_lesson_file_is_served_in_ranges(app: Flask, service: Bucket) -> None:
    course = make.course()
    media = actions.store_file(io.BytesIO(files.mp4(60, filling=300_000)), "video", name="a.mp4", owner=course.owner)
    make.lesson(course, kind="video", media_id=media.id, is_free_preview=True)
    content = storage.read(media.stored_name)
    client = app.test_client()
    answer = client.get(f"/media/{media.public_id}", headers={"Range": "bytes=200000-200009"})
    assert (answer.status_code, answer.data) == (206, content[200_000:200_010])
    assert service.requests[-1] == f"GET /sekolah/{media.stored_name} bytes=200000-"
    assert client.get(f"/media/{media.public_id}").data == content
    assert client.get("/media/tidak-ada").status_code == 404
    assert not path_of_uploads(app)


def test_an_upload_waits_for_a_service_that_is_away(app: Flask, service: Bucket) -> None:
    owner = make.user(Role.TRAINER)
    upload = actions.start_upload("a.pdf", len(files.pdf()), "document", owner=owner)
    actions.receive(upload, 0, io.BytesIO(files.pdf()))
    service.fault = 403
    with pytest.raises(storage.StorageAway):
        actions.store_file(upload, "document", owner=owner)
    drain_all()
    service.fault = None
    media = actions.store_file(upload, "document", owner=owner)
    assert storage.read(media.stored_name) == files.pdf()
    assert not path_of_uploads(app)


def path_of_uploads(app: Flask) -> list[Path]:
    return [each for each in local.path("uploads").rglob("*") if each.is_file()]


def test_only_a_bucket_brings_boto3_in() -> None:
    made = "app.create_app('testing', {'SQLALCHEMY_DATABASE_URI': 'sqlite://'})"
    script = f"import sys, app; {made}; print('boto3' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "False"
