"""Files on their way in: in pieces, resumed, refused, killed, forgotten."""

from __future__ import annotations

import errno
import io
import os
import signal
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.models import Role, User
from app.core import clock, storage
from app.core.clock import now
from app.core.db import db, dispose_engine
from app.core.settings import change_institution
from app.courses import actions
from app.courses.actions import CHUNK, OutOfStep, QuotaFull, UploadGone
from app.courses.actions.media import KEPT_UNUSED
from app.courses.actions.uploads import KEPT_FOR, MOST_AT_ONCE, STALLED_AFTER, path_of
from app.courses.events import MediaForgotten, UploadContinued, UploadForgotten, UploadStarted
from app.courses.file_types import WrongFile
from app.courses.models import Media, Upload
from app.courses.queries import space_used
from tests import files, make
from tests.facts import assert_stated, drain_all
from tests.pages import Person

ADDRESS = "/kelola/unggahan"


@pytest.fixture
def author(app: Flask) -> User:
    return make.user(Role.TRAINER)


@pytest.fixture
def browser(app: Flask, author: User) -> FlaskClient:
    """A browser of the author's, whose scripts send the token."""
    return scripted(Person(app).logs_in(str(author.email)))


def scripted(person: Person) -> FlaskClient:
    """The browser of somebody who has just signed in, as its scripts use it."""
    token = next(form.fields["csrf_token"] for form in person.forms if "csrf_token" in form.fields)
    person.client.environ_base |= {"HTTP_X_CSRFTOKEN": token, "HTTP_ACCEPT": "application/json"}
    return person.client


def begun(browser: FlaskClient, content: bytes, name: str = "film.pdf", purpose: str = "document") -> str:
    answer = browser.post(ADDRESS, json={"name": name, "size": len(content), "purpose": purpose})
    assert answer.status_code == 201, answer.text
    return str(answer.json["id"])


def sent(browser: FlaskClient, upload_id: str, start: int, piece: bytes) -> tuple[int, Any]:
    answer = browser.put(f"{ADDRESS}/{upload_id}?mulai={start}", data=piece)
    return answer.status_code, answer.json


def left(app: Flask) -> list[str]:
    """Every file below the private folder."""
    return sorted(str(each) for each in Path(app.config["INSTANCE"]).rglob("*") if each.is_file())


class TestPieces:
    def test_a_file_arrives_in_pieces_and_is_kept_as_a_whole(self, browser: FlaskClient, author: User) -> None:
        content = files.pdf() + b" " * 2500
        upload_id = begun(browser, content)
        assert sent(browser, upload_id, 0, content[:1000]) == (200, {"received": 1000})
        assert sent(browser, upload_id, 1000, content[1000:]) == (200, {"received": len(content)})
        upload = db.session.get_one(Upload, UUID(upload_id))
        media = actions.store_file(upload, "document", owner=author)
        assert storage.read(media.stored_name) == content
        assert (media.original_name, media.mime, media.size) == ("film.pdf", "application/pdf", len(content))
        assert (media.pages, media.seconds) == (3, None)
        assert db.session.get(Upload, UUID(upload_id)) is None
        assert not path_of(UUID(upload_id)).exists()

    def test_a_browser_is_told_how_much_to_send_at_a_time(self, browser: FlaskClient) -> None:
        answer = browser.post(ADDRESS, json={"name": "a.pdf", "size": 5, "purpose": "document"})
        assert answer.json == {"id": answer.json["id"], "received": 0, "chunk": CHUNK}

    @pytest.mark.parametrize("start", ["0", "2", "9", "-1", "x", ""])
    def test_a_piece_that_does_not_follow_is_told_where_to_go_on(self, browser: FlaskClient, start: str) -> None:
        upload_id = begun(browser, b"12345")
        sent(browser, upload_id, 0, b"123")
        answer = browser.put(f"{ADDRESS}/{upload_id}?mulai={start}", data=b"45")
        assert (answer.status_code, answer.json) == (409, {"received": 3})
        assert browser.get(f"{ADDRESS}/{upload_id}").json == {"received": 3}

    def test_more_than_was_said_is_refused_and_not_counted(self, browser: FlaskClient) -> None:
        upload_id = begun(browser, b"12345")
        answer = browser.put(f"{ADDRESS}/{upload_id}?mulai=0", data=b"123456")
        assert answer.status_code == 422
        assert "lebih besar daripada yang disebut" in answer.json["error"]
        assert browser.get(f"{ADDRESS}/{upload_id}").json == {"received": 0}

    def test_t_upl_06_a_piece_is_bounded(self, browser: FlaskClient) -> None:
        upload_id = begun(browser, b"x" * 3_000_000)
        assert browser.put(f"{ADDRESS}/{upload_id}?mulai=0", data=b"x" * 2_200_000).status_code == 413

    def test_t_upl_06_a_body_without_a_length_is_bounded_too(self, app: Flask, browser: FlaskClient) -> None:
        upload_id = begun(browser, b"x" * 3_000_000)
        answer = browser.put(
            f"{ADDRESS}/{upload_id}?mulai=0",
            input_stream=io.BytesIO(b"x" * 2_200_000), environ_overrides={"wsgi.input_terminated": True},
        )  # fmt: skip
        assert answer.status_code == 413

    def test_two_who_send_at_once_do_not_mix(self, browser: FlaskClient, author: User) -> None:
        upload = db.session.get_one(Upload, UUID(begun(browser, b"12345")))

        class Slow(io.BytesIO):
            """While it is read, another browser tries the same."""

            def read(self, size: int | None = -1) -> bytes:
                with pytest.raises(OutOfStep):
                    actions.receive(upload, 0, io.BytesIO(b"xx"))
                return super().read(size)

        assert actions.receive(upload, 0, Slow(b"123")) == 3
        assert path_of(upload.id).read_bytes() == b"123"

    def test_only_a_complete_upload_is_taken(self, browser: FlaskClient, author: User) -> None:
        upload = db.session.get_one(Upload, UUID(begun(browser, b"%PDF-12345")))
        actions.receive(upload, 0, io.BytesIO(b"%PDF-"))
        with pytest.raises(actions.NotComplete):
            actions.store_file(upload, "document", owner=author)
        assert actions.receive(upload, 5, io.BytesIO(b"12345")) == 10

    def test_an_upload_is_taken_once_and_only_by_its_owner_for_its_purpose(
        self, browser: FlaskClient, author: User
    ) -> None:
        upload = db.session.get_one(Upload, UUID(begun(browser, files.pdf())))
        actions.receive(upload, 0, io.BytesIO(files.pdf()))
        for purpose, owner in (("video", author), ("document", make.admin())):
            with pytest.raises(UploadGone):
                actions.store_file(upload, purpose, owner=owner)
        upload_id = upload.id
        actions.store_file(upload, "document", owner=author)
        again = Upload(id=upload_id, owner_id=author.id, purpose="document", file_name="film.pdf", size=1)
        with pytest.raises(UploadGone):
            actions.store_file(again, "document", owner=author)
        assert len(db.session.scalars(select(Media)).all()) == 1


class TestRefusals:
    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"name": "a.exe"}, "Jenis berkas ini tidak diterima"),
            ({"name": "a.pdf", "size": 0}, "kosong"),
            ({"name": "a.pdf", "size": 50_000_001}, "paling besar 50 MB"),
            ({"name": "a.mp4", "purpose": "video", "size": 512_000_001}, "paling besar 512 MB"),
            ({"name": "a.mp3", "purpose": "audio", "size": 100_000_001}, "paling besar 100 MB"),
            ({"name": "a.webp", "purpose": "image"}, "Pilih"),
            ({"name": "a.pdf", "purpose": "../x"}, "Pilih"),
            ({"name": ""}, "Wajib diisi"),
            ({"size": "banyak"}, "bilangan bulat"),
        ],
    )
    def test_what_cannot_be_taken_is_refused_before_a_byte_is_sent(
        self, app: Flask, browser: FlaskClient, fields: dict[str, Any], words: str
    ) -> None:
        answer = browser.post(ADDRESS, json={"name": "a.pdf", "size": 10, "purpose": "document", **fields})
        assert answer.status_code == 422
        assert words in answer.json["error"]
        assert db.session.scalars(select(Upload)).all() == []

    def test_t_upl_10_a_full_quota_is_said_and_nothing_is_left(
        self, app: Flask, author: User, browser: FlaskClient
    ) -> None:
        change_institution(storage_gb=1)
        make.media(author, size=400_000_000)
        before = left(app)
        assert begin(browser, size=200_000_000).status_code == 201
        for size in (400_000_001, 512_000_000):
            answer = begin(browser, size=size)
            assert answer.status_code == 422
            assert "terpakai 600 MB dari 1 GB" in answer.json["error"]
        with pytest.raises(QuotaFull):
            actions.store_file(Sized(400_000_001), "video", name="a.mp4", owner=author)
        assert left(app) == before
        assert space_used() == 600_000_000

    def test_t_upl_10_who_gives_up_has_the_room_back(self, app: Flask, browser: FlaskClient) -> None:
        change_institution(storage_gb=1)
        upload_id = begin(browser, size=512_000_000).json["id"]
        assert begin(browser, size=512_000_000).status_code == 422
        assert browser.delete(f"{ADDRESS}/{upload_id}").status_code == 200
        assert begin(browser, size=512_000_000).status_code == 201

    def test_t_upl_10_nobody_takes_all_the_room_without_sending_a_byte(
        self, app: Flask, browser: FlaskClient, author: User
    ) -> None:
        ids = [begin(browser, size=512_000_000).json["id"] for _ in range(MOST_AT_ONCE)]
        answer = begin(browser, size=10)
        assert answer.status_code == 429
        assert "Selesaikan atau batalkan salah satunya" in answer.json["error"]
        assert space_used() == MOST_AT_ONCE * 512_000_000
        assert begin(scripted(Person(app).logs_in(str(make.admin().email)))).status_code == 201
        actions.store_image(io.BytesIO(files.picture()), "a.png", owner=author)
        assert browser.delete(f"{ADDRESS}/{ids[0]}").status_code == 200
        assert begin(browser).status_code == 201

    def test_t_upl_10_what_has_arrived_whole_does_not_stand_in_the_way(self, browser: FlaskClient) -> None:
        for _ in range(MOST_AT_ONCE + 1):
            sent(browser, begun(browser, b"12345"), 0, b"12345")


def begin(browser: FlaskClient, **fields: Any) -> TestResponse:
    return browser.post(ADDRESS, json={"name": "film.mp4", "size": 10, "purpose": "video", **fields})


class Sized(io.BytesIO):
    """A stream that says that it is so long."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._size if whence == os.SEEK_END else super().seek(offset, whence)


class TestWhatIsLeft:
    """Killed, given up, refused: nothing stays behind."""

    def test_a_refused_file_leaves_nothing(self, app: Flask, author: User) -> None:
        with pytest.raises(WrongFile):
            actions.store_file(io.BytesIO(b"<html>"), "document", name="a.pdf", owner=author)
        drain_all()
        assert left(app) == []
        assert space_used() == 0

    def test_an_upload_whose_content_is_refused_leaves_nothing(self, browser: FlaskClient, author: User) -> None:
        upload_id = begun(browser, b"<html>")
        sent(browser, upload_id, 0, b"<html>")
        with pytest.raises(WrongFile):
            actions.store_file(db.session.get_one(Upload, UUID(upload_id)), "document", owner=author)
        drain_all()
        assert left(browser.application) == []
        assert_stated(UploadForgotten, upload_id=upload_id)

    def test_what_is_given_up_goes(self, browser: FlaskClient) -> None:
        upload_id = begun(browser, b"12345")
        sent(browser, upload_id, 0, b"123")
        assert left(browser.application) != []
        browser.delete(f"{ADDRESS}/{upload_id}")
        drain_all()
        assert left(browser.application) == []
        assert browser.get(f"{ADDRESS}/{upload_id}").status_code == 404

    def test_t_upl_10_an_upload_that_stands_still_goes_after_an_hour(self, browser: FlaskClient) -> None:
        unsent, begun_only = begun(browser, b"12345"), begun(browser, b"12345")
        sent(browser, begun_only, 0, b"123")
        after = [now() + hours * STALLED_AFTER + timedelta(minutes=1) for hours in (1, 2, 3)]
        with clock.at(after[0]):
            drain_all()
            assert browser.get(f"{ADDRESS}/{unsent}").status_code == 404
            assert sent(browser, begun_only, 3, b"4") == (200, {"received": 4})
        with clock.at(after[1]):
            drain_all()
            assert path_of(UUID(begun_only)).exists()
        with clock.at(after[2]):
            drain_all()
        assert left(browser.application) == []
        assert db.session.scalars(select(Upload)).all() == []

    def test_what_no_form_has_taken_goes_after_a_day_and_not_before(self, browser: FlaskClient) -> None:
        begun_at, upload_id = now(), begun(browser, b"12345")
        sent(browser, upload_id, 0, b"12345")
        with clock.at(begun_at + STALLED_AFTER + timedelta(minutes=1)):
            drain_all()
        with clock.at(begun_at + KEPT_FOR - timedelta(minutes=1)):
            drain_all()
            assert path_of(UUID(upload_id)).exists()
        with clock.at(begun_at + KEPT_FOR + timedelta(minutes=1)):
            drain_all()
        assert left(browser.application) == []
        assert db.session.scalars(select(Upload)).all() == []

    def test_t_upl_10_a_byte_now_and_then_keeps_the_room_for_a_day_only(self, browser: FlaskClient) -> None:
        begun_at, upload_id = now(), begun(browser, bytes(100))
        sent(browser, upload_id, 0, b"x")
        with clock.at(begun_at + KEPT_FOR - timedelta(minutes=30)):
            drain_all()
            assert sent(browser, upload_id, 1, b"x") == (200, {"received": 2})
        with clock.at(begun_at + KEPT_FOR + timedelta(minutes=1)):
            drain_all()
        assert left(browser.application) == []
        assert_stated(UploadContinued, times=1)

    def test_a_piece_for_what_was_forgotten_meanwhile_leaves_no_file(self, app: Flask, author: User) -> None:
        upload = actions.start_upload("a.pdf", 5, "document", owner=author)
        told = Upload(id=upload.id, owner_id=author.id, purpose="document", file_name="a.pdf", size=5)
        actions.forget_upload(upload.id)
        drain_all()
        with pytest.raises(UploadGone):
            actions.receive(told, 0, io.BytesIO(b"123"))
        assert left(app) == []

    def test_an_upload_that_cannot_be_judged_is_forgotten(self, browser: FlaskClient, author: User) -> None:
        upload = db.session.get_one(Upload, UUID(begun(browser, b"12345")))
        actions.receive(upload, 0, io.BytesIO(b"12345"))
        with (
            pytest.raises(RuntimeError, match="reader"),
            actions.collected(upload, "document", owner=author),
        ):
            raise RuntimeError("a reader of files has a fault")
        drain_all()
        assert left(browser.application) == []
        assert db.session.scalars(select(Upload)).all() == []

    def test_what_was_finished_stays(self, app: Flask, author: User) -> None:
        media = actions.store_file(io.BytesIO(files.pdf()), "document", name="a.pdf", owner=author)
        with clock.at(now() + KEPT_FOR + timedelta(minutes=1)):
            drain_all()
        assert storage.exists(media.stored_name)
        assert_stated(UploadStarted)
        assert_stated(UploadForgotten, 0)

    def test_a_row_that_cannot_be_made_leaves_no_file(self, app: Flask, author: User) -> None:
        def broken() -> None:
            raise RuntimeError("the disk of the database is full")

        with (
            pytest.raises(RuntimeError, match="disk of the database"),
            actions.collected(io.BytesIO(b"%PDF-1"), "document", name="a.pdf", owner=author) as file,
        ):
            actions.settle(file, broken)
        assert not storage.exists(file.stored_name)
        with clock.at(now() + KEPT_FOR + timedelta(minutes=1)):
            drain_all()
        assert left(app) == []

    def test_a_full_disk_gives_the_upload_up(self, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
        upload_id = begun(browser, b"12345")

        def full(_handle: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        answer = browser.put(f"{ADDRESS}/{upload_id}?mulai=0", data=b"123")
        monkeypatch.undo()
        assert "Ruang simpan server penuh" in answer.json["error"]
        drain_all()
        assert left(browser.application) == []

    @pytest.mark.parametrize("moment", ["adopted", "received"])
    def test_a_process_killed_in_the_middle_leaves_nothing_after_a_day(
        self, app: Flask, author: User, moment: str
    ) -> None:
        child = os.fork()
        if child == 0:
            _die_at(app, moment, author.id)
        assert os.waitpid(child, 0)[1] == signal.SIGKILL
        assert left(app) != []
        assert db.session.scalars(select(Media)).all() == []
        with clock.at(now() + KEPT_FOR + timedelta(minutes=1)):
            drain_all()
        assert left(app) == []
        assert space_used() == 0

    def test_a_file_that_no_lesson_uses_goes_after_a_week(self, app: Flask, author: User) -> None:
        course = make.course(owner=author)
        unused, used, archived, drafted = (make.media(author, created_at=now() - KEPT_UNUSED) for _ in range(4))
        new = make.media(author)
        make.lesson(course, kind="document", media_id=used.id)
        make.lesson(course, kind="document", media_id=archived.id, deleted_at=now())
        actions.keep_draft(course, {"body": f"![](/media/{drafted.public_id})"}, version=1, actor=author)
        gone, stayed = unused.stored_name, [each.stored_name for each in (used, archived, drafted, new)]
        actions.forget_unused()
        drain_all()
        assert not storage.exists(gone)
        assert all(storage.exists(name) for name in stayed)
        assert_stated(MediaForgotten, stored_name=gone)


def _die_at(app: Flask, moment: str, owner_id: int) -> NoReturn:
    """In a child process: an upload that is killed when its bytes have come, or lie in the storage already."""
    dispose_engine(app)
    db.session.remove()

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    owner = db.session.get_one(User, owner_id)
    with actions.collected(io.BytesIO(files.pdf()), "document", name="a.pdf", owner=owner) as file:
        if moment == "received":
            die()
        actions.settle(file, die)
    os._exit(1)


def test_t_upl_07_another_persons_upload_is_not_there(app: Flask, browser: FlaskClient) -> None:
    upload_id = begun(browser, b"12345")
    for other in (make.user(Role.TRAINER), make.admin()):
        theirs = scripted(Person(app).logs_in(str(other.email)))
        for answer in (
            theirs.get(f"{ADDRESS}/{upload_id}"),
            theirs.put(f"{ADDRESS}/{upload_id}?mulai=0", data=b"x"),
            theirs.delete(f"{ADDRESS}/{upload_id}"),
        ):
            assert answer.status_code == 404
    learner = scripted(Person(app).logs_in(str(make.user().email)))
    assert begin(learner).status_code == 403
    assert browser.get(f"{ADDRESS}/{upload_id}").json == {"received": 0}


def test_a_picture_for_a_text_comes_at_once(app: Flask, browser: FlaskClient, author: User) -> None:
    answer = browser.post(
        "/kelola/gambar", data={"file": (io.BytesIO(files.picture("JPEG", (3200, 1000))), "foto.jpg")}
    )
    assert answer.status_code == 201
    media = db.session.scalars(select(Media)).one()
    assert answer.json == {"address": f"/media/{media.public_id}"}
    assert (media.mime, media.original_name, media.owner_id) == ("image/webp", "foto.webp", author.id)
    with Image.open(io.BytesIO(storage.read(media.stored_name))) as kept:
        assert (kept.format, kept.size) == ("WEBP", (1600, 500))


@pytest.mark.parametrize("given", [{}, {"file": (io.BytesIO(b"<svg/>"), "a.png")}])
def test_what_is_no_picture_is_refused_with_a_sentence(browser: FlaskClient, given: dict[str, Any]) -> None:
    answer = browser.post("/kelola/gambar", data=given, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert answer.json["error"]
