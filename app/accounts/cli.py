"""The operator's command for the first account."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from app.accounts.actions import create_admin_link


@click.command("create-admin")
@with_appcontext
def create_admin() -> None:
    """Buat tautan sekali pakai untuk menyiapkan akun admin."""
    click.echo(f"{current_app.config['BASE_URL']}/siapkan/{create_admin_link()}")
    click.echo("Buka tautan ini dalam 24 jam. Tautan hanya dapat dipakai sekali.", err=True)


commands = (create_admin,)
"""What `flask` offers of this package."""
