"""Commands about mails."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from app.notifications.actions import purge_mails

mails = AppGroup("mails", help="Surat keluar.")
commands = (mails,)


@mails.command("prune")
def prune() -> None:
    """Hapus surat keluar yang lebih tua dari 30 hari."""
    click.echo(_("%(n)s surat lama dihapus.", n=purge_mails()))
