"""The operator's commands: what is weak here, and the institution's settings without a browser."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import click
from flask.cli import with_appcontext

from app.admin.actions import save_institution
from app.admin.checks import all_weaknesses
from app.admin.queries import fresh_institution
from app.core.errors import Refused


@click.command("institution")
@click.option("--name", help="Nama lembaga.")
@click.option("--city", help="Kota, di depan tanggal pada sertifikat.")
@click.option("--email", help="Email lembaga.")
@click.option("--logo", type=click.Path(exists=True, dir_okay=False), help="Berkas PNG atau JPEG.")
@click.option("--signatory", "signatories", multiple=True, help='Penanda tangan: "Nama; Jabatan". Paling banyak dua.')
@click.option("--certificate-number", help="Pola nomor sertifikat.")
@with_appcontext
def institution(logo: str | None, signatories: tuple[str, ...], **fields: str | None) -> None:
    """Identitas lembaga: tampilkan, atau ubah yang disebutkan."""
    changes: dict[str, Any] = {key: value for key, value in fields.items() if value is not None}
    if len(signatories) > 2:
        raise click.UsageError("Paling banyak dua penanda tangan.")
    if signatories:
        changes["signatories"] = [_signatory(each) for each in signatories]
    try:
        with ExitStack() as files:
            picture = files.enter_context(open(logo, "rb")) if logo else None
            save_institution(changes, logo=picture)
    except Refused as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    _show()


def _signatory(text: str) -> dict[str, str]:
    name, _, position = (each.strip() for each in text.partition(";"))
    if not name:
        raise click.UsageError('Penanda tangan ditulis "Nama; Jabatan".')
    return {"name": name, "position": position}


def _show() -> None:
    house = fresh_institution()
    signed = ", ".join(f"{each.name} ({each.position})" for each in house.signatories)
    lines = {
        "Nama": house.name,
        "Kota": house.city,
        "Email": house.email,
        "Logo": house.logo,
        "Penanda tangan": signed,
        "Nomor sertifikat": house.certificate_number,
    }
    for label, value in lines.items():
        click.echo(f"{label}: {value or '-'}")


@click.command("check")
@with_appcontext
def check() -> None:
    """Sebutkan apa yang lemah pada pemasangan ini; berakhir dengan 1 bila ada yang berat."""
    found = all_weaknesses()
    for each in found:
        click.echo(f"{'BERAT' if each.grave else 'Perhatian'}: {each.sentence}")
    if not found:
        click.echo("Tidak ada yang lemah.")
    if any(each.grave for each in found):
        raise SystemExit(1)


commands = (check, institution)
