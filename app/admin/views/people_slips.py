"""Kartu: first passwords on paper, to be cut and handed over. They are derived, so showing them changes nothing."""

from __future__ import annotations

from uuid import UUID

import segno
from flask import abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import admins
from app.accounts.initial_passwords import initial_password
from app.accounts.models import User, UserStatus
from app.accounts.queries import imports
from app.accounts.queries.people import person
from app.admin.blueprint import bp

A_SHEET = 8


@bp.get("/admin/peserta/impor/<uuid:import_id>/kartu")
@admins
def people_slips(import_id: UUID) -> ResponseReturnValue:
    upload = imports.upload(import_id) or abort(404)
    page = max(1, request.args.get("hal", 1, type=int))
    return _page(imports.slips_of(import_id, page), page, upload)


@bp.get("/admin/peserta/<int:user_id>/kartu")
@admins
def people_slip(user_id: int) -> ResponseReturnValue:
    """404 for admins and for who has no name any more: nothing is ever printed for them."""
    user = person(user_id)
    if user is None or not imports.may_have_slip(user):
        abort(404)
    found = [user] if imports.has_slip(user) else []
    return _page(imports.Slips(found, len(found), [] if found else [user]), 1, None)


def _page(slips: imports.Slips, page: int, upload: imports.Upload | None) -> str:
    address = current_app.config["BASE_URL"]
    return render_template(
        "admin/people_slips.html",
        slips=slips,
        cards=[(user, initial_password(user)) for user in slips.people],
        a_sheet=A_SHEET,
        why=_why,
        page=page,
        pages=max(1, -(-slips.total // imports.SLIPS_PAGE)),
        upload=upload,
        address=address,
        code=segno.make(address, error="m", micro=False).svg_data_uri(border=0, omitsize=True),
    )


def _why(user: User) -> str:
    """Why there is no slip for the person."""
    if user.status == UserStatus.SUSPENDED:
        return str(_("Akun dinonaktifkan"))
    return str(_("Sudah memilih kata sandi") if user.password_hash else _("Memakai tautan kata sandi dari email"))
