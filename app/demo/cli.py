"""`flask seed demo`."""

from __future__ import annotations

import click
from flask.cli import AppGroup

import app
from app.core.db import db
from app.demo.seeder import NotInProduction, RealSchool, is_seeded, seed

seeds = AppGroup("seed", help="Isi awal.")


@seeds.command("demo")
def demo() -> None:
    """Sekolah contoh: kursus, peserta, dan riwayat empat bulan. Sekali saja."""
    present = is_seeded()
    db.session.rollback()  # while a snapshot is open, SQLite's journal grows with all that is played
    if present:
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
    except RealSchool as refusal:
        raise click.ClickException(
            "Sekolah contoh tidak dibuat: basis data ini milik lembaga lain, sudah ada adminnya. Pakai basis data lain."
        ) from refusal


commands = (seeds,)
