"""Files on their way out: who gets them, in what ranges, under which headers; what the player and the reader show."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts.models import Role, User
from app.core import downloads, storage
from app.core.security import SANDBOX, SHOWN_PDF
from app.courses import actions
from app.courses.actions.images import link_images, named_images
from app.courses.models import Course, Media, Visibility
from app.courses.packages.assets import with_assets
from app.enrollments.models import EnrollmentStatus
from tests import files, make
from tests.pages import Person
from tests.statements import statements

CONTENT = bytes(range(256)) * 1000


def signed_in(app: Flask, user: User | None) -> Person:
    person = Person(app)
    return person.logs_in(str(user.email)) if user else person


def status(app: Flask, media: Media, user: User | None) -> int:
    return signed_in(app, user).client.get(f"/media/{media.public_id}").status_code


@pytest.fixture(params=["file", "picture in the text"])
def shown(app: Flask, request: pytest.FixtureRequest) -> tuple[Course, Media]:
    """A restricted course with a lesson that shows a file."""
    course = make.course(visibility=Visibility.RESTRICTED)
    if request.param == "file":
        media = make.media(course.owner)
        make.lesson(course, kind="video", media_id=media.id)
    else:
        media = actions.store_image(io.BytesIO(files.picture()), "bagan.png", owner=course.owner)
        lesson = make.lesson(course, body=f"![Bagan](/media/{media.public_id})")
        link_images(lesson, actor=course.owner)
    return course, media


class TestWhoGetsThem:
    def test_those_inside_the_staff_and_the_author_do(self, app: Flask, shown: tuple[Course, Media]) -> None:
        course, media = shown
        for state in (EnrollmentStatus.ACTIVE, EnrollmentStatus.COMPLETED):
            learner = make.user()
            make.enrollment(learner, course, state)
            assert status(app, media, learner) == 200
        for user in (course.owner, make.admin(), make.user(Role.TRAINER)):
            assert status(app, media, user) == 200

    def test_t_upl_07_a_stranger_and_a_dropped_learner_do_not(self, app: Flask, shown: tuple[Course, Media]) -> None:
        course, media = shown
        dropped = make.user()
        make.enrollment(dropped, course, EnrollmentStatus.DROPPED)
        for user in (None, make.user(), dropped):
            assert status(app, media, user) == 404

    def test_t_upl_07_nobody_does_after_logging_out(self, app: Flask, shown: tuple[Course, Media]) -> None:
        course, media = shown
        learner = make.user()
        make.enrollment(learner, course)
        person = signed_in(app, learner)
        before = person.client.get(f"/media/{media.public_id}")
        person.opens("/").submits("Keluar")
        for headers in ({}, {"If-None-Match": before.headers["ETag"]}, {"Range": "bytes=0-1"}):
            assert person.client.get(f"/media/{media.public_id}", headers=headers).status_code == 404

    @pytest.mark.parametrize("path", ["x/../{0}", "{0}x", "{0}/", "%2e%2e/{0}", "{0}%00"])
    def test_t_upl_07_a_changed_address_is_not_there(self, app: Flask, path: str) -> None:
        course = make.course()
        media = make.media(course.owner)
        make.lesson(course, kind="document", media_id=media.id, is_free_preview=True)
        assert status(app, media, None) == 200
        assert app.test_client().get("/media/" + path.format(media.public_id)).status_code == 404

    def test_a_picture_of_a_text_goes_with_the_text(self, app: Flask) -> None:
        course = make.course()
        media = actions.store_image(io.BytesIO(files.picture()), "a.png", owner=course.owner)
        lesson = make.lesson(course, body=f"![](/media/{media.public_id})", is_free_preview=True)
        assert status(app, media, None) == 404
        link_images(lesson, actor=course.owner)
        assert status(app, media, None) == 200
        actions.update_lesson(lesson, body="Tanpa gambar.", actor=make.admin())
        assert status(app, media, None) == 404

    def test_it_costs_as_many_statements_in_one_lesson_as_in_many(self, app: Flask) -> None:
        course = make.course()
        media = make.media(course.owner)
        make.lesson(course, kind="document", media_id=media.id, is_free_preview=True)
        client = app.test_client()
        with statements() as few:
            client.get(f"/media/{media.public_id}")
        for _ in range(5):
            make.lesson(course, kind="document", media_id=media.id)
        with statements() as many:
            client.get(f"/media/{media.public_id}")
        assert len(many) == len(few) <= 3


class TestWhatATextNames:
    @pytest.mark.parametrize(
        "text",
        [
            "Lihat ![bagan](/media/{}).",
            '[bagan](/media/{} "Bagan")',
            "![bagan](</media/{}>)",
            "[bagan]( /media/{} )",
            "[bagan][1]\n\n[1]: /media/{}",
            "[![kecil](/static/kecil.png)](/media/{})",
        ],
    )
    def test_a_link_or_picture_whose_address_is_here(self, text: str) -> None:
        assert named_images(text.format("abc-12_3")) == {"abc-12_3"}
        assert with_assets(text.format("a1"), {"a1": "assets/1.webp"}) == text.format("a1").replace(
            "/media/a1", "assets/1.webp"
        )

    @pytest.mark.parametrize(
        "text",
        [
            "[panduan](https://www.kemdikbud.go.id/media/panduan.pdf)",
            "<https://contoh.id/media/film>",
            "[arsip](/arsip/media/foto)",
            "Ketik `cd /media/usb` di terminal.",
        ],
    )
    def test_nothing_that_stands_elsewhere(self, app: Flask, text: str) -> None:
        course = make.course(published=False, lessons=1)
        (lesson,) = make.lessons_of(course)
        actions.update_lesson(lesson, body=text, actor=course.owner)
        named = dict.fromkeys(("panduan", "film", "foto", "usb"), "assets/1.webp")
        assert with_assets(text, named) == text

    def test_the_file_of_somebody_else_is_refused(self, app: Flask) -> None:
        course = make.course(published=False, lessons=1)
        (lesson,) = make.lessons_of(course)
        for public_id in (make.media().public_id, "tidak-ada"):
            with pytest.raises(actions.ForeignImage):
                actions.update_lesson(lesson, body=f"![](/media/{public_id})", actor=course.owner)


class TestRanges:
    @pytest.fixture
    def media(self, app: Flask) -> Media:
        course = make.course()
        media = make.media(course.owner, CONTENT, mime="video/mp4", original_name="film.mp4")
        make.lesson(course, kind="video", media_id=media.id, is_free_preview=True)
        return media

    @pytest.mark.parametrize(
        ("asked", "first", "last"),
        [
            ("bytes=0-9", 0, 9),
            ("bytes=100000-", 100_000, 255_999),
            ("bytes=-10", 255_990, 255_999),
            ("bytes=0-", 0, 255_999),
            ("bytes=70000-140000", 70_000, 140_000),
            ("bytes=255999-300000", 255_999, 255_999),
        ],
    )
    def test_a_part_is_answered_with_that_part(
        self, app: Flask, media: Media, asked: str, first: int, last: int
    ) -> None:
        answer = app.test_client().get(f"/media/{media.public_id}", headers={"Range": asked})
        assert answer.status_code == 206
        assert answer.data == CONTENT[first : last + 1]
        assert answer.headers["Content-Range"] == f"bytes {first}-{last}/256000"
        assert answer.headers["Content-Length"] == str(last + 1 - first)

    @pytest.mark.parametrize("asked", ["bytes=256000-", "bytes=9-3", "bytes=x-y", "lines=0-1"])
    def test_a_part_that_is_not_there_is_refused_or_passed_over(self, app: Flask, media: Media, asked: str) -> None:
        answer = app.test_client().get(f"/media/{media.public_id}", headers={"Range": asked})
        assert answer.status_code in {200, 416}
        assert answer.status_code == 416 or answer.data == CONTENT

    def test_a_player_is_answered_in_parts_and_a_download_is_not(
        self, app: Flask, media: Media, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(downloads, "LONGEST_PART", 100_000)
        client, address = app.test_client(), f"/media/{media.public_id}"
        heard = b""
        while len(heard) < len(CONTENT):
            answer = client.get(address, headers={"Range": f"bytes={len(heard)}-"})
            assert len(answer.data) <= 100_000
            assert answer.headers["Content-Range"].endswith("/256000")
            heard += answer.data
        assert heard == CONTENT
        assert len(client.get(address + "?unduh=1", headers={"Range": "bytes=1000-"}).data) == 255_000
        assert len(client.get(address, headers={"Range": "bytes=0-199999"}).data) == 100_000
        assert client.get(address, headers={"Range": "bytes=0-1"}).data == CONTENT[:2]
        assert client.get(address, headers={"Range": "bytes=-5"}).data == CONTENT[-5:]
        assert client.get(address, headers={"Range": "bytes=256000-"}).status_code == 416

    def test_the_whole_says_that_parts_may_be_asked_for(self, app: Flask, media: Media) -> None:
        answer = app.test_client().get(f"/media/{media.public_id}")
        assert answer.data == CONTENT
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert answer.headers["Content-Length"] == "256000"
        head = app.test_client().head(f"/media/{media.public_id}")
        assert (head.headers["Content-Length"], head.data) == ("256000", b"")

    def test_what_the_browser_has_is_not_sent_again(self, app: Flask, media: Media) -> None:
        client = app.test_client()
        mark = client.get(f"/media/{media.public_id}").headers["ETag"]
        again = client.get(f"/media/{media.public_id}", headers={"If-None-Match": mark})
        assert (again.status_code, again.data) == (304, b"")
        changed = client.get(f"/media/{media.public_id}", headers={"Range": "bytes=0-9", "If-Range": '"x"'})
        assert (changed.status_code, len(changed.data)) == (200, 256_000)

    def test_the_body_is_read_when_the_request_is_over(self, make_app: Callable[..., Flask]) -> None:
        app = make_app()
        with app.app_context():
            course = make.course()
            media = make.media(course.owner, CONTENT)
            make.lesson(course, kind="document", media_id=media.id, is_free_preview=True)
            address = f"/media/{media.public_id}"
        for headers, content in (({}, CONTENT), ({"Range": "bytes=70000-"}, CONTENT[70_000:])):
            assert app.test_client().get(address, headers=headers).data == content

    def test_a_file_that_is_lost_is_not_found(self, app: Flask, media: Media) -> None:
        storage.delete(media.stored_name)
        assert app.test_client().get(f"/media/{media.public_id}").status_code == 404


@pytest.mark.parametrize(
    ("mime", "name", "policy"),
    [
        ("application/pdf", "a.pdf", SHOWN_PDF),
        ("image/webp", "a.webp", SANDBOX),
        ("video/mp4", "a.mp4", SANDBOX),
        ("audio/mpeg", "a.mp3", SANDBOX),
        ("text/plain", "a.txt", SANDBOX),
    ],
)
def test_t_upl_01_only_a_pdf_opens_as_a_page(app: Flask, mime: str, name: str, policy: str) -> None:
    course = make.course()
    media = make.media(course.owner, b"<script>alert(1)</script>", mime=mime, original_name=name)
    make.lesson(course, kind="document", media_id=media.id, is_free_preview=True)
    answer = app.test_client().get(f"/media/{media.public_id}")
    assert answer.headers["Content-Security-Policy"] == policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("inline" if mime.endswith("pdf") else "attachment")
    assert answer.headers["Content-Type"].split(";")[0] == mime
    assert "private" in answer.headers["Cache-Control"]
