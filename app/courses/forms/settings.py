"""What an author says of a course."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, IntegerField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from app.courses.lessons.form import EditForm
from app.courses.models import Course, Difficulty, ProgressMode, Visibility
from app.courses.queries import category_tree

LONGEST_ABOUT = 20_000
MOST_LINES, LONGEST_LINE = 20, 300
ONE_A_LINE = _l("Satu baris untuk satu hal.")
INDENT = "\u2003"
"""Before the name of a category, for every step down the tree."""

LEVELS = [
    SelectChoice(Difficulty.BEGINNER, _l("Pemula")),
    SelectChoice(Difficulty.INTERMEDIATE, _l("Menengah")),
    SelectChoice(Difficulty.ADVANCED, _l("Mahir")),
]
VISIBILITIES = [
    SelectChoice(Visibility.PUBLIC, _l("Publik: tampil di katalog, dan siapa pun boleh mengikutinya")),
    SelectChoice(Visibility.RESTRICTED, _l("Terbatas: hanya untuk peserta yang diundang")),
    SelectChoice(Visibility.HIDDEN, _l("Tersembunyi: hanya terlihat oleh staf")),
]
MODES = [
    SelectChoice("", _l("Otomatis: ikut asesmen wajib bila ada, selain itu jumlah materi")),
    SelectChoice(ProgressMode.LESSON_BASED, _l("Jumlah materi wajib yang selesai")),
    SelectChoice(ProgressMode.WEIGHTED, _l("Menit materi wajib yang selesai")),
    SelectChoice(ProgressMode.ASSESSMENT_INCLUSIVE, _l("70% materi wajib dan 30% asesmen wajib")),
]


class CourseForm(EditForm):
    title = StringField(_l("Judul"), [DataRequired(), Length(max=255)])
    short_description = TextAreaField(
        _l("Deskripsi singkat"), [Length(max=500)], description=_l("Satu atau dua kalimat, untuk katalog.")
    )
    description = TextAreaField(_l("Tentang kursus ini"), [Length(max=LONGEST_ABOUT)])
    objectives = TextAreaField(_l("Yang akan dikuasai peserta"), description=ONE_A_LINE)
    prerequisites = TextAreaField(_l("Yang perlu dikuasai dulu"), description=ONE_A_LINE)
    category = SelectField(_l("Kategori"), coerce=int)
    tags = StringField(_l("Tag"), [Length(max=600)], description=_l("Pisahkan dengan koma. Contoh: K3, bengkel"))
    difficulty = SelectField(_l("Tingkat"), [InputRequired()], choices=LEVELS)
    visibility = RadioField(_l("Siapa yang dapat mengikutinya"), [InputRequired()], choices=VISIBILITIES)
    progress_mode = SelectField(_l("Progres dihitung dari"), choices=MODES)
    manual_duration_minutes = IntegerField(_l("Lama belajar"), [Optional(), NumberRange(min=0, max=60_000)])

    SHARED = ("title", "short_description", "description", "difficulty", "visibility", "manual_duration_minutes")
    """Fields that are called and written as their columns are."""
    LINES = ("objectives", "prerequisites")
    SHOWN = (
        *("title", "short_description", "description", *LINES, "category", "tags"),
        *("difficulty", "visibility", "progress_mode", "manual_duration_minutes"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tree = [SelectChoice(each.id, INDENT * each.depth + each.category.name) for each in category_tree()]
        self.category.flags.hide_optional = self.progress_mode.flags.hide_optional = True  # something is always chosen
        self.category.choices = [SelectChoice(0, _("Tanpa kategori")), *tree]

    @classmethod
    def initial(cls, course: Course) -> dict[str, Any]:
        """What the form shows of a stored course."""
        return {
            **{name: getattr(course, name) for name in cls.SHARED},
            **{name: "\n".join(getattr(course, name)) for name in cls.LINES},
            "category": course.category_id or 0,
            "tags": ", ".join(tag.name for tag in course.tags),
            "progress_mode": course.progress_mode or "",
            "version": str(course.version),
        }

    def values(self) -> dict[str, Any]:
        """The fields and tags for `revise_course`."""
        return {
            **{name: self[name].data for name in self.SHARED},
            **{name: _lines(self[name].data) for name in self.LINES},
            "category_id": self.category.data or None,
            "progress_mode": self.mode,
            "tags": (self.tags.data or "").split(","),
        }

    @property
    def mode(self) -> ProgressMode | None:
        """How progress is to be reckoned; None chooses by itself."""
        return ProgressMode(self.progress_mode.data) if self.progress_mode.data else None

    def validate_objectives(self, field: Field) -> None:
        lines = _lines(field.data)
        if len(lines) > MOST_LINES:
            raise ValidationError(_("Paling banyak %(n)s baris.", n=MOST_LINES))
        if any(len(line) > LONGEST_LINE for line in lines):
            raise ValidationError(_("Satu baris paling banyak %(n)s karakter.", n=LONGEST_LINE))

    validate_prerequisites = validate_objectives


def _lines(text: str | None) -> list[str]:
    """The lines that say something, without the signs of a list."""
    return [bare for line in (text or "").splitlines() if (bare := line.strip().lstrip("-*•").strip())]
