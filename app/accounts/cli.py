"""The operator's commands: the first account, and the way in for who has lost the second step."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from app.accounts import queries
from app.accounts.actions import create_admin_link, disable_two_factor
from app.core.errors import Refused


@click.command("create-admin")
@with_appcontext
def create_admin() -> None:
    """Buat tautan sekali pakai untuk menyiapkan akun admin."""
    click.echo(f"{current_app.config['BASE_URL']}/siapkan/{create_admin_link()}")
    click.echo("Buka tautan ini dalam 24 jam. Tautan hanya dapat dipakai sekali.", err=True)


@click.command("disable-two-factor")
@click.argument("login")
@with_appcontext
def disable_two_steps(login: str) -> None:
    """Matikan masuk dua langkah milik LOGIN (email atau nama pengguna)."""
    user = queries.user_by_login(login)
    if user is None:
        raise click.ClickException(f"Tidak ada akun {login}.")
    try:
        disable_two_factor(user, actor=None)
    except Refused as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    click.echo("Masuk dua langkah dimatikan. Kata sandi saja cukup untuk masuk.")


commands = (create_admin, disable_two_steps)
"""What `flask` offers of this package."""
