"""Files on their way in: a large one in pieces, a picture for a text at once. All answers are JSON."""

from __future__ import annotations

from uuid import UUID

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.access import current_user, staff
from app.core.forms import save, sent_fields
from app.courses.access import upload_for_owner
from app.courses.actions import CHUNK, forget_upload, receive, start_upload, store_image
from app.courses.forms import ImageForm, UploadForm
from app.courses.views.blueprint import bp


@bp.post("/kelola/unggahan")
@staff
def upload_start() -> ResponseReturnValue:
    """A new upload: `name`, `size` and `purpose` in; its id and how many bytes to send at a time out."""
    form = UploadForm(formdata=sent_fields())
    if not save(form, lambda: start_upload(**form.values, owner=current_user)):
        return jsonify(error=form.first_error), form.http_status
    return jsonify(id=str(form.result.id), received=0, chunk=CHUNK), 201


@bp.get("/kelola/unggahan/<uuid:upload_id>")
@staff
def upload_state(upload_id: UUID) -> ResponseReturnValue:
    return jsonify(received=upload_for_owner(upload_id, current_user).received)


@bp.put("/kelola/unggahan/<uuid:upload_id>")
@staff
def upload_piece(upload_id: UUID) -> ResponseReturnValue:
    """The bytes behind the first `?mulai=`. 409 with the true number where those are not all that is there."""
    upload = upload_for_owner(upload_id, current_user)
    start = request.args.get("mulai", -1, type=int)
    if start != upload.received:
        return jsonify(received=upload.received), 409
    return jsonify(received=receive(upload, start, request.stream))


@bp.delete("/kelola/unggahan/<uuid:upload_id>")
@staff
def upload_drop(upload_id: UUID) -> ResponseReturnValue:
    forget_upload(upload_for_owner(upload_id, current_user).id, actor=current_user)
    return jsonify(received=0)


@bp.post("/kelola/gambar")
@staff
def image_add() -> ResponseReturnValue:
    """A picture for a text: a file in, its address out."""
    form = ImageForm()
    if not save(form, lambda: store_image(form.file.data.stream, form.file.data.filename or "", owner=current_user)):
        return jsonify(error=form.first_error), form.http_status
    return jsonify(address=url_for("courses.media", public_id=form.result.public_id)), 201
