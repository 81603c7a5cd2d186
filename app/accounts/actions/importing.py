"""People from a table: uploaded and checked, then imported by a task (`import_steps`)."""

from __future__ import annotations

from datetime import timedelta
from typing import IO, Any, NamedTuple
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import and_, delete, func, insert, select, update

from app.accounts.importing import check_sheet, columns_of
from app.accounts.models import ImportRow, PeopleImport, User, Verdict
from app.core.clock import now
from app.core.db import action, db, id_of
from app.core.errors import Refused
from app.core.sheets import read_sheet
from app.events.models import Task
from app.events.tasks import request_task

KIND = "people.import"
KEPT_FOR = timedelta(days=30)
"""An upload holds names and addresses: older ones are deleted when a new one comes."""


class Uploaded(NamedTuple):
    """The new upload, the titles of the columns that were left out, and the names of the sheets that were not read."""

    import_id: UUID
    ignored: tuple[str, ...]
    unread: tuple[str, ...]


class ImportStarted(Refused):
    """The import of this table was begun already."""


class NothingToImport(Refused):
    """No row of the table would change anything."""


def upload_people(file: IO[bytes], name: str, *, actor: User) -> Uploaded:
    """Keeps the table with a verdict for every row; no account is touched. Older uploads are deleted.

    Raises Refused at `file`: no table, columns missing, no rows.
    """
    sheet = read_sheet(file, name)
    columns = columns_of(sheet.header)
    if not sheet.rows:
        raise Refused(_("Di bawah judul kolom belum ada baris. Isi datanya, lalu unggah lagi."), "file")
    return Uploaded(_keep(name, check_sheet(sheet, columns), actor), columns.ignored, sheet.unread)


@action
def _keep(name: str, rows: list[dict[str, Any]], actor: User) -> UUID:
    _forget_old()
    upload = PeopleImport(file_name=name[:255], uploaded_by=id_of(actor))
    db.session.add(upload)
    db.session.flush()
    db.session.execute(insert(ImportRow), [{**row, "import_id": upload.id} for row in rows])
    return upload.id


def _forget_old() -> None:
    at_work = select(Task.id).where(Task.id == PeopleImport.task_id, Task.finished_at.is_(None)).exists()
    old = delete(PeopleImport).where(PeopleImport.created_at <= now() - KEPT_FOR, ~at_work)
    db.session.execute(old, execution_options={"synchronize_session": False})


@action
def start_import(import_id: UUID, *, send_links: bool = False, actor: User) -> UUID:
    """Begins the import of a checked table; answers the task's id. It happens once, however often it is asked for.

    With `send_links` new people with an email get a letter to choose a password, the others, or else all, a first
    password to be printed. Raises ImportStarted, NothingToImport.
    """
    wanted = ImportRow.verdict.in_([Verdict.NEW, Verdict.CHANGED])
    total, worth = db.session.execute(
        select(func.count(), func.count().filter(wanted)).where(ImportRow.import_id == import_id)
    ).one()
    if not worth:
        raise NothingToImport(_("Tidak ada baris yang perlu diimpor."))
    params = {"import_id": str(import_id), "send_links": send_links}
    task = request_task(KIND, total=total, actor=actor, params=params)
    free = and_(PeopleImport.id == import_id, PeopleImport.task_id.is_(None))
    won = db.session.execute(update(PeopleImport).where(free).values(task_id=task.id))
    if not won.rowcount:  # type: ignore[attr-defined]
        raise ImportStarted(_("Impor tabel ini sudah dijalankan."))
    return task.id
