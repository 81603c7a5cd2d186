"""Impor peserta: Unggah → Periksa → Impor."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import admins, current_user
from app.accounts.actions import start_import, upload_people
from app.accounts.importing import FIELDS, SAMPLE, columns_of
from app.accounts.models import ImportRow, Verdict
from app.accounts.queries import imports
from app.admin.blueprint import bp
from app.admin.import_forms import MAX_BYTES, ImportForm, TableForm
from app.core import mail
from app.core.forms import save
from app.core.sheets import csv_lines, download, xlsx_bytes

FORM_AROUND_IT = 1_000_000
"""So much may a request be larger than its file: then the form can say what is wrong with it."""
TABS = {
    "semua": None,
    "salah": Verdict.ERROR,
    "baru": Verdict.NEW,
    "berubah": Verdict.CHANGED,
    "sama": Verdict.SAME,
}


@bp.url_value_preprocessor
def _take_a_table(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    # Before anything reads the form, as the check against forged requests does; for nobody but admins.
    if endpoint == "admin.people_import" and current_user and current_user.is_admin:
        request.max_content_length = MAX_BYTES + FORM_AROUND_IT


@bp.route("/admin/peserta/impor", methods=["GET", "POST"])
@admins
def people_import() -> ResponseReturnValue:
    form = TableForm()
    if save(form, lambda: upload_people(form.file.data.stream, form.file_name, actor=current_user)):
        if form.result.ignored:
            names = ", ".join(form.result.ignored)
            flash(_("Kolom yang tidak dikenal diabaikan: %(names)s.", names=names), "info")
        if form.result.unread:
            names = ", ".join(form.result.unread)
            flash(_("Hanya lembar pertama yang dibaca. Belum dibaca: %(names)s.", names=names), "warning")
        return redirect(url_for("admin.people_import_check", import_id=form.result.import_id), 303)
    page = render_template(
        "admin/people_import.html",
        form=form,
        uploads=imports.recent_uploads(),
        heads=[FIELDS[field] for field in columns_of(SAMPLE[0]).places],
        sample=SAMPLE[1:],
    )
    return page, form.http_status


@bp.get("/admin/peserta/impor/contoh.<any(csv, xlsx):kind>")
@admins
def people_import_sample(kind: str) -> ResponseReturnValue:
    content = xlsx_bytes(_("Peserta"), SAMPLE) if kind == "xlsx" else "".join(csv_lines(SAMPLE))
    return download(content, f"contoh-peserta.{kind}")


@bp.route("/admin/peserta/impor/<uuid:import_id>", methods=["GET", "POST"])
@admins
def people_import_check(import_id: UUID) -> ResponseReturnValue:
    upload = imports.upload(import_id) or abort(404)
    form = ImportForm()
    if request.method == "POST" and upload.task:
        return redirect(url_for("events.task", task_id=upload.task.id), 303)
    if save(form, lambda: start_import(import_id, send_links=form.send_links.data, actor=current_user)):
        return redirect(url_for("events.task", task_id=form.result), 303)
    tab = request.args.get("tab", "semua")
    tab = tab if tab in TABS else "semua"
    return _check_page(upload, form, tab, max(1, request.args.get("hal", 1, type=int))), form.http_status


@bp.get("/admin/peserta/impor/<uuid:import_id>/kesalahan.csv")
@admins
def people_import_faults(import_id: UUID) -> ResponseReturnValue:
    if imports.upload(import_id) is None:
        abort(404)
    heads = [_("Baris"), *(str(words) for words in FIELDS.values()), _("Kesalahan")]
    lines = [_told(row) for row in imports.faulty_rows(import_id)]
    return download("".join(csv_lines([heads, *lines])), "kesalahan-impor.csv")


def _check_page(upload: imports.Upload, form: ImportForm, tab: str, page: int) -> str:
    import_id, counts = upload.table.id, imports.row_counts(upload.table.id)
    wanted = TABS[tab]
    shown = counts[wanted] if wanted else upload.rows
    pages = max(1, -(-shown // imports.PAGE))
    page = min(page, pages)
    return render_template(
        "admin/people_import_check.html",
        upload=upload,
        form=form,
        tab=tab,
        tabs=TABS,
        counts=counts,
        rows=imports.row_page(import_id, wanted, page),
        page=page,
        pages=pages,
        slips=imports.slip_count(import_id) if upload.task else 0,
        can_mail=mail.is_configured(),
    )


def _told(row: ImportRow) -> list[object]:
    return [row.line, *(row.cells.get(field, "") for field in FIELDS), " ".join(row.problems)]
