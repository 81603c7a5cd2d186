"""What workers do for the panel: the import of people as a long task, what its page says and where it leads."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.actions import import_rows
from app.accounts.actions.importing import KIND
from app.accounts.models import Verdict
from app.core.i18n import format_number
from app.events.models import Task
from app.events.tasks import TaskKind, add_kind


def summary(task: Task) -> list[str]:
    sentences = {
        Verdict.NEW: _("%(n)s akun dibuat."),
        Verdict.CHANGED: _("%(n)s akun diubah."),
        Verdict.SAME: _("%(n)s akun sudah sesuai, tidak diubah."),
        Verdict.ERROR: _("%(n)s baris tidak diimpor. Sebabnya ada di hasil impor."),
    }
    counts = ((sentence, task.report.get(verdict, 0)) for verdict, sentence in sentences.items())
    return [sentence % {"n": format_number(count)} for sentence, count in counts if count]


def onward(task: Task) -> tuple[str, str]:
    label = _("Lihat hasil impor dan cetak kartu")
    return label, url_for("admin.people_import_check", import_id=task.params["import_id"])


add_kind(TaskKind(KIND, _l("Impor peserta"), import_rows, summary, onward))
