"""`flask seed demo`."""

from __future__ import annotations

import click
from flask.cli import AppGroup

import app
from app.demo.seeder import NotInProduction, is_seeded, seed

seeds = AppGroup("seed", help="Isi awal.")


@seeds.command("demo")
def demo() -> None:
    """Sekolah contoh: kursus, peserta, dan riwayat empat bulan. Sekali saja."""
    if is_seeded():
        click.echo("Sekolah contoh sudah ada.")
        return
    # Mails are kept, not sent, and the reactions are played here, whatever this installation is set to.
    quiet = app.create_app(
        overrides={"MAIL_SERVER": "", "QUEUE": "embedded", "MAIL_RATE": 100_000, "SQLITE_SYNCHRONOUS": "OFF"}
    )
    try:
        seed(quiet, click.echo)
    except NotInProduction as refusal:
        raise click.ClickException("Sekolah contoh tidak dibuat di lingkungan produksi.") from refusal


commands = (seeds,)
