"""What static/js/workshop/draft.js sends while somebody types."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.accounts.access import current_user
from app.core.i18n import format_time
from app.courses import actions, queries
from app.courses.forms import typed_into
from app.courses.lessons.form import EditForm
from app.courses.queries import Draftable


def draft_kept(thing: Draftable, form: type[EditForm]) -> ResponseReturnValue:
    """Keeps what was sent of such a form, and answers when that was."""
    sent = request.get_json(silent=True) if request.is_json else request.form.to_dict()
    typed = typed_into(form, sent) or abort(HTTPStatus.UNPROCESSABLE_ENTITY)
    version = form(formdata=MultiDict(typed)).opened_on
    if version is None:
        version, _by = queries.last_saved(thing)
    draft = actions.keep_draft(thing, typed, version=version, actor=current_user)
    return jsonify(saved_at=format_time(draft.saved_at))
