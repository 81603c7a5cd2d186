"""What the panel asks for: filters, a reason, the institution's settings."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from flask_wtf.file import FileField
from wtforms import BooleanField, EmailField, Field, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError

from app.accounts.models import User
from app.admin import words
from app.admin.queries import find_person
from app.admin.streams import AuditFilter, things
from app.core.forms import EMAIL, Form, lower_case
from app.core.settings import Institution, Signatory
from app.events.facts import EVENTS
from app.events.queries import EventFilter

SIGNATORIES = 2


class EventFilterForm(Form):
    """Read from the address. A field that is not valid is said to be so, and then nothing is found."""

    class Meta(Form.Meta):
        csrf = False

    jenis = SelectField(_lp("satu", "Peristiwa"), [Optional()])
    orang = StringField(_l("Orang"), [Length(max=254)])
    benda = SelectField(_l("Benda"), [Optional()])
    nomor = StringField(_l("Nomor benda"), [Length(max=50)])
    sebelum = IntegerField(validators=[Optional(), NumberRange(1, 2**62)])

    person: User | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sorted(((name, words.event(name)) for name in EVENTS), key=lambda each: each[1])
        self.jenis.choices = [("", _("Semua peristiwa")), *named]
        self.benda.choices = [("", _("Semua benda")), *((each, words.thing(each)) for each in things())]

    def validate_orang(self, field: Field) -> None:
        if field.data:
            self.person = find_person(field.data)
            if self.person is None:
                raise ValidationError(_("Tidak ada orang dengan email, nama pengguna, atau nomor itu."))

    def wanted(self) -> EventFilter:
        """What to look for, once the form is valid."""
        return EventFilter(**self._conditions())

    def query(self) -> dict[str, Any]:
        """What was asked for, without the page: to ask for it again."""
        asked = {"jenis", "orang", "benda", "nomor", "tingkat"}
        return {each.name: each.data for each in self if each.name in asked and each.data}

    def _conditions(self) -> dict[str, Any]:
        return {
            "name": self.jenis.data or None,
            "aggregate_type": self.benda.data or None,
            "aggregate_id": self.nomor.data or None,
            "actor_id": self.person.id if self.person else None,
            "before": self.sebelum.data,
        }


class AuditFilterForm(EventFilterForm):
    tingkat = SelectField(_l("Tingkat"), [Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tingkat.choices = [("", _("Semua tingkat")), *words.SEVERITIES.items()]

    def wanted(self) -> AuditFilter:
        return AuditFilter(**self._conditions(), severity=self.tingkat.data or None)


class JobForm(Form):
    """Whose delivery of a fact is meant."""

    receiver = StringField(validators=[DataRequired(), Length(max=80)])


class GroupForm(JobForm):
    """Which group of failed work is meant."""

    error = StringField(validators=[DataRequired(), Length(max=200)])


class ReasonForm(Form):
    reason = TextAreaField(_l("Alasan"), [DataRequired(), Length(max=500)], render_kw={"rows": 3})


class InstitutionForm(Form):
    name = StringField(_l("Nama lembaga"), [DataRequired(), Length(1, 200)])
    city = StringField(_l("Kota"), [Length(max=100)], description=_l("Tertulis di depan tanggal pada sertifikat."))
    email = EmailField(_l("Email lembaga"), [Optional(), Length(max=254), EMAIL], filters=[lower_case])
    logo = FileField(_l("Logo"), description=_l("PNG atau JPEG, paling besar 1 MB."))
    remove_logo = BooleanField(_l("Hapus logo sekarang"))
    first_name = StringField(_l("Nama penanda tangan pertama"), [Length(max=150)])
    first_position = StringField(_l("Jabatan penanda tangan pertama"), [Length(max=150)])
    second_name = StringField(_l("Nama penanda tangan kedua"), [Length(max=150)])
    second_position = StringField(_l("Jabatan penanda tangan kedua"), [Length(max=150)])
    certificate_number = StringField(_l("Pola nomor sertifikat"), [DataRequired(), Length(max=100)])
    registration_open = BooleanField(
        _l("Orang boleh mendaftar sendiri"),
        description=_l("Bila tidak, akun hanya dibuat oleh admin: satu per satu atau lewat impor."),
    )
    two_factor_for_staff = BooleanField(
        _l("Wajibkan masuk dua langkah untuk staf"),
        description=_l("Berlaku segera: staf, Anda juga, menyiapkannya dulu sebelum halaman lain terbuka."),
    )

    storage_gb = IntegerField(_l("Ruang untuk berkas materi"), [Optional(), NumberRange(min=1, max=100_000)])

    @classmethod
    def showing(cls, house: Institution) -> InstitutionForm:
        """The form, filled with what holds now unless something was sent."""
        empty = Signatory("", "")
        first, second = (*house.signatories, empty, empty)[:SIGNATORIES]
        return cls(
            name=house.name,
            city=house.city,
            email=house.email,
            certificate_number=house.certificate_number,
            registration_open=house.registration_open,
            two_factor_for_staff=house.two_factor_for_staff,
            storage_gb=house.storage_gb,
            first_name=first.name,
            first_position=first.position,
            second_name=second.name,
            second_position=second.position,
        )

    def validate_first_position(self, field: Field) -> None:
        _need_name(field, self.first_name)

    def validate_second_position(self, field: Field) -> None:
        _need_name(field, self.second_name)

    def changes(self) -> dict[str, Any]:
        """The fields of `Institution` as they should be; a new logo comes by itself."""
        signed = [(self.first_name, self.first_position), (self.second_name, self.second_position)]
        removed = {"logo": None} if self.remove_logo.data else {}
        room = {"storage_gb": self.storage_gb.data} if self.storage_gb.data else {}
        return {
            "name": self.name.data,
            "city": self.city.data or "",
            "email": self.email.data or "",
            "signatories": [{"name": name.data, "position": post.data or ""} for name, post in signed if name.data],
            "certificate_number": self.certificate_number.data,
            "registration_open": self.registration_open.data,
            "two_factor_for_staff": self.two_factor_for_staff.data,
            **removed,
            **room,
        }


def _need_name(position: Field, name: Field) -> None:
    if position.data and not name.data:
        raise ValidationError(_("Isi juga nama orangnya."))
