"""Tag: the free words that authors give their courses, kept tidy."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import admins, current_user
from app.admin.blueprint import bp
from app.admin.topic_forms import MergeForm, TagForm
from app.core.forms import save
from app.courses import actions
from app.courses.models import Tag
from app.courses.queries import tag_of, tag_uses


@bp.get("/admin/tag")
@admins
def tags() -> ResponseReturnValue:
    return render_template("admin/tags.html", uses=tag_uses())


@bp.route("/admin/tag/<int:tag_id>", methods=["GET", "POST"])
@admins
def tags_edit(tag_id: int) -> ResponseReturnValue:
    tag = _found(tag_id)
    form = TagForm(obj=tag)
    if save(form, lambda: actions.rename_tag(tag, form.name.data, actor=current_user)):
        flash(_("Tersimpan."), "success")
        return _to_list()
    return _page(tag, form, None), form.http_status


@bp.post("/admin/tag/<int:tag_id>/gabung")
@admins
def tags_merge(tag_id: int) -> ResponseReturnValue:
    tag = _found(tag_id)
    form = MergeForm(tag=tag, uses=tag_uses())
    if save(form, lambda: actions.merge_tag(tag, _found(form.into_id.data), actor=current_user)):
        flash(_("Kedua tag digabungkan."), "success")
        return _to_list()
    return _page(tag, None, form), form.http_status


@bp.post("/admin/tag/<int:tag_id>/hapus")
@admins
def tags_delete(tag_id: int) -> ResponseReturnValue:
    tag = _found(tag_id)
    name = tag.name
    actions.delete_tag(tag, actor=current_user)
    flash(_("Tag “%(name)s” dihapus.", name=name), "success")
    return _to_list()


def _page(tag: Tag, form: TagForm | None, merge: MergeForm | None) -> str:
    uses = tag_uses()
    return render_template(
        "admin/tags_edit.html",
        tag=tag,
        courses=next(each.courses for each in uses if each.tag.id == tag.id),
        form=form or TagForm(formdata=None, obj=tag),
        merge=merge or MergeForm(formdata=None, tag=tag, uses=uses),
    )


def _found(tag_id: int) -> Tag:
    return tag_of(tag_id) or abort(HTTPStatus.NOT_FOUND)


def _to_list() -> ResponseReturnValue:
    return redirect(url_for("admin.tags"), HTTPStatus.SEE_OTHER)
