"""One's own certificates and the public page: T-CRT-01, T-CRT-02, T-CRT-03."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.accounts.models import Role
from app.certificates import actions
from app.certificates.codes import grouped, new_code
from app.certificates.files import ensure_pdf
from app.certificates.models import Certificate
from app.core import clock, storage
from app.core.db import db, transaction
from app.core.i18n import format_filesize
from app.enrollments.models import EnrollmentStatus
from tests import make
from tests.pages import Person

AUGUST = datetime(2026, 8, 17, 1, 0, tzinfo=UTC)


@pytest.fixture
def certificate(app: Flask) -> Certificate:
    learner = make.user(name="Siti Nurhaliza")
    enrollment = make.enrollment(learner, make.course(title="Dasar K3", slug="dasar-k3"), EnrollmentStatus.COMPLETED)
    with clock.at(AUGUST):
        issued = actions.issue(enrollment.id)
    assert issued is not None
    return issued


def holder(app: Flask, certificate: Certificate) -> Person:
    return Person(app).logs_in(str(db.session.get_one(type(make.user()), certificate.user_id).email))


class TestOwnCertificates:
    def test_the_list_shows_number_state_and_links(self, app: Flask, certificate: Certificate) -> None:
        page = holder(app, certificate).opens("/sertifikat")
        for words in ("Dasar K3", f"Nomor {certificate.number}", "terbit 17 Agustus 2026", "Berlaku"):
            assert page.sees(words), words
        assert page.links["Unduh PDF"] == f"/sertifikat/{certificate.code}.pdf"

    def test_the_link_to_a_paper_says_what_it_is_and_how_large(self, app: Flask, certificate: Certificate) -> None:
        size = format_filesize(storage.size(ensure_pdf(certificate)))
        page = holder(app, certificate).opens("/sertifikat")
        assert page.links[f"Unduh PDF · {size}"] == f"/sertifikat/{certificate.code}.pdf"

    def test_an_empty_list_says_what_to_do(self, app: Flask) -> None:
        page = Person(app).logs_in(str(make.user().email)).opens("/sertifikat")
        assert page.sees("Belum ada sertifikat")

    def test_a_certificate_on_its_way_is_being_prepared(self, app: Flask, drain: Callable[[], int]) -> None:
        enrollment = make.enrollment(
            into=make.course(title="Layanan", slug="layanan"), status=EnrollmentStatus.COMPLETED
        )
        page = Person(app).logs_in(str(enrollment.user.email)).opens("/sertifikat?kursus=layanan")
        assert page.sees("Sertifikat kursus “Layanan” sedang disiapkan.")
        actions.issue(enrollment.id)
        assert not page.opens("/sertifikat?kursus=layanan").sees("sedang disiapkan")

    @pytest.mark.parametrize("slug", ["tidak-ada", "dasar-k3", "%00"])
    def test_asking_for_somebody_elses_course_says_nothing(
        self, app: Flask, certificate: Certificate, slug: str
    ) -> None:
        page = Person(app).logs_in(str(make.user().email)).opens(f"/sertifikat?kursus={slug}")
        assert page.status == 200
        assert not page.sees("sedang disiapkan")

    def test_the_holder_and_an_admin_get_the_pdf(self, app: Flask, certificate: Certificate) -> None:
        for person in (holder(app, certificate), Person(app).logs_in(str(make.admin().email))):
            response = person.client.get(f"/sertifikat/{certificate.code}.pdf", buffered=True)
            assert response.mimetype == "application/pdf"
            assert response.data.startswith(b"%PDF")
            disposition = response.headers["Content-Disposition"]
            assert disposition.startswith("attachment; ")
            assert certificate.number.replace("/", "-") in disposition

    def test_others_get_the_same_answer_as_for_an_unknown_code(self, app: Flask, certificate: Certificate) -> None:
        for role in (Role.LEARNER, Role.TRAINER, Role.CONTENT_MANAGER):
            client = Person(app).logs_in(str(make.user(role).email)).client
            answers = [client.get(f"/sertifikat/{code}.pdf") for code in (certificate.code, new_code(), "x")]
            assert [each.status_code for each in answers] == [404, 404, 404]

    def test_a_guest_is_asked_to_sign_in(self, app: Flask, certificate: Certificate) -> None:
        assert Person(app).opens(f"/sertifikat/{certificate.code}.pdf").path == "/masuk"


class TestPublicPage:
    def verify(self, app: Flask, code: str) -> Person:
        return Person(app).opens(f"/v/{code}")

    def test_a_valid_certificate_shows_what_the_paper_shows(self, app: Flask, certificate: Certificate) -> None:
        page = self.verify(app, certificate.code)
        assert page.status == 200
        for words in ("Sertifikat sah", "Berlaku.", "Siti Nurhaliza", "Dasar K3", certificate.number, "30 menit",
                      "17 Agustus 2026", grouped(certificate.code), "Tuntas"):  # fmt: skip
            assert page.sees(words), words

    def test_nothing_that_is_not_on_the_paper_is_shown(self, app: Flask, certificate: Certificate) -> None:
        learner = holder(app, certificate)
        body = self.verify(app, certificate.code).response.get_data(as_text=True)
        assert "@contoh.test" not in body
        assert "dasar-k3" not in body
        assert learner.status == 200

    def test_search_engines_are_told_to_stay_out(self, app: Flask, certificate: Certificate) -> None:
        for address in ("/v", f"/v/{certificate.code}", f"/v/{new_code()}"):
            page = Person(app).opens(address)
            assert page.response.headers["X-Robots-Tag"] == "noindex"
            assert '<meta name="robots" content="noindex">' in page.response.get_data(as_text=True)

    def test_the_code_is_read_however_it_is_typed(self, app: Flask, certificate: Certificate) -> None:
        for typed in (grouped(certificate.code).lower(), certificate.code.replace("0", "O").replace("1", "I")):
            assert self.verify(app, typed).sees("Sertifikat sah")

    def test_the_form_leads_to_the_certificate(self, app: Flask, certificate: Certificate) -> None:
        page = Person(app).opens("/v").submits("Periksa", kode=f" {grouped(certificate.code)} ")
        assert page.sees("Sertifikat sah")

    def test_a_revoked_certificate_says_since_when_and_not_why(self, app: Flask, certificate: Certificate) -> None:
        with clock.at(AUGUST + timedelta(days=3)):
            actions.revoke(certificate, reason="Menyontek", actor=make.admin())
        page = self.verify(app, certificate.code)
        assert page.sees("Dicabut sejak 20 Agustus 2026.")
        assert not page.sees("Menyontek")
        assert not page.sees("Sertifikat sah")

    def test_an_expired_and_a_replaced_certificate_say_so(self, app: Flask, certificate: Certificate) -> None:
        with transaction():
            certificate.expires_at = AUGUST + timedelta(days=1)
        assert self.verify(app, certificate.code).sees("Kedaluwarsa sejak 18 Agustus 2026.")
        with transaction():
            certificate.replaced_by = certificate.id
        assert self.verify(app, certificate.code).sees("Sertifikat diganti")

    @pytest.mark.parametrize("code", ["x", "0" * 20, "%01", "<img src=x>", "1 OR 1=1", "é" * 30])
    def test_an_unknown_code_is_not_found_and_comes_back_escaped(
        self, app: Flask, certificate: Certificate, code: str
    ) -> None:
        page = self.verify(app, code)
        assert page.status == 404
        assert page.sees("Sertifikat tidak ditemukan")
        assert "<img src=x>" not in page.response.get_data(as_text=True)

    def test_t_crt_01_a_wrong_code_and_an_impossible_one_answer_alike(
        self, app: Flask, certificate: Certificate
    ) -> None:
        def answer(code: str) -> tuple[int, str]:
            page = Person(app).opens(f"/v/{code}")
            return page.status, re.sub(r'value="[^"]*"', "", page.response.get_data(as_text=True))

        assert answer(new_code()) == answer("bukan-kode")

    def test_t_crt_01_the_31st_lookup_a_minute_from_one_address_is_refused(
        self, app: Flask, certificate: Certificate
    ) -> None:
        with clock.at(AUGUST):
            answers = [Person(app).opens(f"/v/{new_code()}").status for _lookup in range(31)]
            assert answers == [404] * 30 + [429]
            assert self.verify(app, certificate.code).status == 429
            from_elsewhere = app.test_client().get(f"/v/{certificate.code}", environ_base={"REMOTE_ADDR": "10.0.0.9"})
            assert from_elsewhere.status_code == 200
        with clock.at(AUGUST + timedelta(seconds=59)):
            assert self.verify(app, certificate.code).status == 429
        with clock.at(AUGUST + timedelta(seconds=61)):
            assert self.verify(app, certificate.code).status == 200

    def test_t_crt_01_the_count_holds_over_several_workers(
        self, make_app: Callable[..., Flask], certificate: Certificate
    ) -> None:
        apps = [make_app(), make_app()]
        with clock.at(AUGUST):
            answers = [apps[n % 2].test_client().get(f"/v/{new_code()}").status_code for n in range(31)]
        assert answers == [404] * 30 + [429]

    def test_t_crt_02_a_forged_name_is_betrayed_by_the_page(self, app: Flask, certificate: Certificate) -> None:
        assert self.verify(app, certificate.code).sees("Siti Nurhaliza")

    def test_t_crt_02_a_changed_copy_is_not_the_same(self, app: Flask, certificate: Certificate) -> None:
        original = storage.read(ensure_pdf(certificate))
        forged = original.replace(b"Siti", b"Susi") + b"\n"
        for content, words in ((original, "Sama"), (forged, "Tidak sama")):
            page = self.verify(app, certificate.code)
            page.submits("Bandingkan", file=(io.BytesIO(content), "sertifikat.pdf"))
            assert page.status == 200
            assert words in page._page.text

    def test_t_crt_02_a_digest_can_be_pasted(self, app: Flask, certificate: Certificate) -> None:
        ensure_pdf(certificate)
        page = self.verify(app, certificate.code).submits("Bandingkan", sha256=str(certificate.sha256).upper())
        assert page.sees("Berkas ini sama persis dengan yang kami terbitkan.")
        page = self.verify(app, certificate.code).submits("Bandingkan", sha256="0" * 64)
        assert page.sees("Berkas ini tidak sama dengan yang kami terbitkan.")

    @pytest.mark.parametrize(("typed", "words"), [("", "Pilih berkas PDF"), ("abc", "64 angka")])
    def test_a_comparison_with_nothing_is_refused(
        self, app: Flask, certificate: Certificate, typed: str, words: str
    ) -> None:
        ensure_pdf(certificate)
        page = self.verify(app, certificate.code).submits("Bandingkan", sha256=typed)
        assert page.status == 422
        assert page.sees(words)

    def test_t_crt_03_no_address_of_a_guest_counts_upwards(self, app: Flask, certificate: Certificate) -> None:
        assert str(certificate.id) != certificate.code
        for guess in (str(certificate.id), "1", certificate.number.replace("/", "-")):
            assert self.verify(app, guess).status == 404
