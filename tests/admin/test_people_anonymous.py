"""Anonimkan: afterwards nobody finds the person anywhere, and what was done still counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import actions
from app.accounts.actions.limits import account_of, digest
from app.accounts.actions.requests import add_request
from app.accounts.events import UserAnonymized
from app.accounts.models import (
    AccountRequest,
    ImportRow,
    KnownDevice,
    LoginFailure,
    PeopleImport,
    Purpose,
    RecoveryCode,
    TwoFactor,
    User,
    UserStatus,
    Verdict,
)
from app.certificates.actions import issue
from app.certificates.files import ensure_pdf
from app.certificates.models import Certificate
from app.core import storage
from app.core.clock import now
from app.core.db import Model, db, transaction
from app.core.errors import Refused
from app.enrollments.models import Enrollment, EnrollmentStatus
from app.notifications.models import MailState, Notification, OutgoingMail
from tests import make
from tests.admin.conftest import fact, given_up
from tests.facts import assert_stated
from tests.pages import Person

NAME, EMAIL, USERNAME = "Khairunnisa Azzahra", "khairunnisa@contoh.test", "0098765432"
LOGINS = (EMAIL, USERNAME)
DIGESTS = [digest(f"register {login}") for login in LOGINS]
DIGESTS += [account_of(kind, None, login) for kind in ("sign-in", "reset") for login in LOGINS]
"""What failures are counted by."""


@pytest.fixture
def person(app: Flask) -> User:
    """Somebody who has left traces wherever a person can."""
    user, other = make.user(name=NAME, email=EMAIL, username=USERNAME), make.user()
    completed = make.enrollment(user, status=EnrollmentStatus.COMPLETED, progress_percentage=100)
    certificate = issue(completed.id)
    assert certificate is not None
    ensure_pdf(certificate)
    Person(app).logs_in(EMAIL)
    given_up(error=f"SMTPRecipientsRefused: {{'{EMAIL}': (550, b'no such user')}}")
    with transaction() as session:
        request = add_request(user, Purpose.RESET, EMAIL)
        assert request is not None
        notification = Notification(user_id=user.id, event_id=fact().id, type="enrollment.welcome", data={"x": NAME})
        upload = PeopleImport(file_name="kelas.csv")
        session.add_all([notification, upload])
        session.flush()
        for theirs in ({"email": EMAIL}, {"email": "x@contoh.test", "previous_email": EMAIL}):
            session.add(AccountRequest(user_id=other.id, purpose=Purpose.EMAIL, **theirs))
        letter = {"recipient": EMAIL, "subject": "x", "text": f"Halo, {NAME}!", "html": "x", "state": MailState.SENT}
        cells = {"name": NAME, "email": EMAIL.upper(), "username": USERNAME}
        session.add_all(
            [
                TwoFactor(user_id=user.id, secret="x", confirmed_at=now()),
                RecoveryCode(user_id=user.id, code_hash="x"),
                KnownDevice(user_id=user.id, device_hash="x"),
                *(LoginFailure(account=each, address="10.0.0.1") for each in DIGESTS),
                LoginFailure(account=account_of("sign-in", user, EMAIL), address="10.0.0.1"),
                OutgoingMail(message_id="<1@x>", notification_id=notification.id, **letter),
                OutgoingMail(message_id="<2@x>", request_id=request.id, **letter),
                ImportRow(import_id=upload.id, line=2, cells=cells, verdict=Verdict.ERROR, problems=[NAME]),
                ImportRow(import_id=upload.id, line=3, cells={"name": NAME}, verdict=Verdict.SAME, user_id=user.id),
                ImportRow(import_id=upload.id, line=4, cells={"name": "Lain", "email": "l@x.id"}, verdict=Verdict.NEW),
            ]
        )
    return user


def everything() -> Iterator[tuple[str, str]]:
    """Every row of every table, as text."""
    for table in Model.metadata.sorted_tables:
        for row in db.session.execute(select(table)):
            yield table.name, str(tuple(row))


def traces(*words: str) -> list[tuple[str, str]]:
    db.session.rollback()
    return [(table, row) for table, row in everything() if any(each.lower() in row.lower() for each in words)]


def leaves(panel: Person, user: User, **more: str) -> Person:
    panel.opens(f"/admin/peserta/{user.id}").follows("Anonimkan")
    return panel.submits("Anonimkan", typed=NAME, **more)


def test_t_prv_01_no_row_names_the_person_any_more(
    app: Flask, panel: Person, person: User, drain: Callable[[], int]
) -> None:
    assert len({table for table, _row in traces(NAME, EMAIL, USERNAME)}) >= 6
    leaves(panel, person)
    assert traces(NAME, EMAIL, USERNAME, *DIGESTS, account_of("sign-in", person, EMAIL)) == []
    drain()
    assert traces(NAME, EMAIL, USERNAME, *DIGESTS) == []
    for path in Path(app.config["INSTANCE"], "files").rglob("*"):
        assert not path.is_file() or NAME.encode() not in path.read_bytes()


def test_the_row_stays_without_the_person(panel: Person, person: User) -> None:
    leaves(panel, person)
    assert panel.sees("Akun ini sekarang anonim.")
    assert panel.sees(f"Pengguna anonim {person.id}")
    db.session.rollback()
    assert (person.name, person.email, person.username) == (
        f"Pengguna anonim {person.id}", None, f"anonim-{person.id}"
    )  # fmt: skip
    assert (person.status, person.password_hash, person.anonymized_at is None) == (UserStatus.SUSPENDED, None, False)
    assert db.session.scalar(select(Enrollment.status).where(Enrollment.user_id == person.id)) == "completed"
    assert_stated(UserAnonymized, times=1, user_id=person.id)


def test_rows_of_others_are_left_alone(panel: Person, person: User) -> None:
    other = make.user(name="Khairunnisa", email="lain@contoh.test")
    kept = issue(make.enrollment(other, status=EnrollmentStatus.COMPLETED).id)
    assert kept is not None
    leaves(panel, person)
    db.session.rollback()
    assert (other.name, kept.name) == ("Khairunnisa", "Khairunnisa")
    assert "Lain" in str(db.session.scalars(select(ImportRow.cells)).all())


def test_the_browser_of_the_person_is_out_and_nobody_signs_in(app: Flask, panel: Person, person: User) -> None:
    browser = Person(app).logs_in(EMAIL)
    leaves(panel, person)
    assert browser.opens("/akun").path == "/masuk"
    for login in (EMAIL, USERNAME, f"anonim-{person.id}"):
        assert Person(app).logs_in(login).path == "/masuk"


@pytest.mark.parametrize("keeps", [False, True])
def test_t_prv_02_a_certificate_verifies_with_the_name_only_if_the_person_kept_it(
    app: Flask, panel: Person, person: User, drain: Callable[[], int], keeps: bool
) -> None:
    drain()
    certificate = db.session.scalars(select(Certificate)).one()
    paper, code = certificate.file, certificate.code
    before = storage.read(paper)
    leaves(panel, person, **({"keeps_name": "y"} if keeps else {}))
    drain()
    page = Person(app).opens(f"/v/{code}")
    assert page.sees("Sertifikat sah") or page.status == 200
    assert page.sees(NAME) is keeps
    assert storage.exists(paper) is keeps
    ensure_pdf(db.session.scalars(select(Certificate)).one())
    assert (storage.read(paper) == before) is keeps


def test_another_name_does_not_confirm(panel: Person, person: User) -> None:
    panel.opens(f"/admin/peserta/{person.id}/anonimkan").submits("Anonimkan", typed="Khairunnisa")
    assert panel.status == 422
    assert panel.sees("Nama ini tidak sama")
    db.session.rollback()
    assert person.name == NAME


def test_there_is_no_way_back(panel: Person, boss: User, person: User) -> None:
    leaves(panel, person)
    panel.opens(f"/admin/peserta/{person.id}")
    for words in ("Aktifkan", "Buat kata sandi awal", "Kirim tautan kata sandi", "Anonimkan"):
        assert words not in panel.links, words
        assert not any(words in form.buttons for form in panel.forms), words
    db.session.rollback()
    same = {"name": "x", "email": None, "username": "x", "timezone": "Asia/Jakarta", "locale": "id"}
    for act in (
        lambda: actions.reactivate(person, actor=boss),
        lambda: actions.anonymize(person, actor=boss),
        lambda: actions.set_initial_password(person, actor=boss),
        lambda: actions.update_person(person, **same, actor=boss),
    ):
        with pytest.raises(Refused, match="dianonimkan"):
            act()


@pytest.mark.parametrize("form", ["ubah", "peran", "nonaktifkan", "anonimkan"])
def test_no_form_opens_any_more(panel: Person, person: User, form: str) -> None:
    page = f"/admin/peserta/{person.id}"
    assert panel.opens(f"{page}/{form}").path == f"{page}/{form}"
    leaves(panel, person)
    assert panel.opens(f"{page}/{form}").path == page
    assert panel.sees("Nama dan kontak orang ini sudah dihapus")


def test_the_address_is_free_for_a_new_account(panel: Person, person: User) -> None:
    leaves(panel, person)
    db.session.rollback()
    assert actions.create_user(name="Orang baru", email=EMAIL, username=USERNAME).id != person.id


def test_somebody_else_may_already_be_called_so(panel: Person, person: User) -> None:
    make.user(username=f"anonim-{person.id}")
    leaves(panel, person)
    db.session.rollback()
    assert str(person.username).startswith(f"anonim-{person.id}-")
