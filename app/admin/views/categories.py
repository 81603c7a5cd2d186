"""Kategori: the tree that courses are sorted into."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import admins, current_user
from app.admin.blueprint import bp
from app.admin.topic_forms import CategoryForm, MoveForm
from app.core.forms import save
from app.courses import actions
from app.courses.models import Category
from app.courses.queries import category_of, category_tree


@bp.route("/admin/kategori", methods=["GET", "POST"])
@admins
def categories() -> ResponseReturnValue:
    tree = category_tree()
    form = CategoryForm(tree=tree)
    if save(form, lambda: actions.add_category(**form.values(), actor=current_user)):
        flash(_("Kategori “%(name)s” ditambahkan.", name=form.result.name), "success")
        return _to_list()
    return render_template("admin/categories.html", tree=tree, form=form), form.http_status


@bp.route("/admin/kategori/<int:category_id>", methods=["GET", "POST"])
@admins
def categories_edit(category_id: int) -> ResponseReturnValue:
    category, tree = _found(category_id), category_tree()
    form = CategoryForm(tree=tree, obj=category)
    if save(form, lambda: actions.update_category(category, **form.values(), actor=current_user)):
        flash(_("Tersimpan."), "success")
        return _to_list()
    branch = next(each for each in tree if each.id == category_id)
    return render_template("admin/categories_edit.html", category=category, branch=branch, form=form), form.http_status


@bp.post("/admin/kategori/<int:category_id>/pindah")
@admins
def categories_move(category_id: int) -> ResponseReturnValue:
    """One step up or down among those below the same parent."""
    category, form = _found(category_id), MoveForm()
    if not form.validate():
        abort(HTTPStatus.BAD_REQUEST)
    actions.move_category(category, form.langkah.data, actor=current_user)
    return _to_list()


@bp.post("/admin/kategori/<int:category_id>/hapus")
@admins
def categories_delete(category_id: int) -> ResponseReturnValue:
    category = _found(category_id)
    name = category.name
    actions.delete_category(category, actor=current_user)
    flash(_("Kategori “%(name)s” dihapus.", name=name), "success")
    return _to_list()


def _found(category_id: int) -> Category:
    return category_of(category_id) or abort(HTTPStatus.NOT_FOUND)


def _to_list() -> ResponseReturnValue:
    return redirect(url_for("admin.categories"), HTTPStatus.SEE_OTHER)
