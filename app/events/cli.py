"""`flask events …` and `flask worker`. The commands change rows only; the workers do the rest."""

from __future__ import annotations

from uuid import UUID

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app.admin.checks import refuse_grave
from app.core import clock
from app.core.errors import Refused
from app.events import audit, catalogue, queries
from app.events.actions import discard, retry, retry_all
from app.events.prune import prune
from app.events.worker import work, work_in_processes

events = AppGroup("events", help="Peristiwa, pengiriman, dan Jejak Audit.")


@events.command("list")
@click.option("--markdown", is_flag=True, help="Sebagai docs/events.md.")
def list_events(markdown: bool) -> None:
    """Semua peristiwa dan siapa yang bereaksi."""
    click.echo(catalogue.as_markdown() if markdown else catalogue.as_text())


@events.command("failed")
@click.option("--receiver", help="Hanya penerima ini.")
def failed(receiver: str | None) -> None:
    """Pekerjaan Gagal, yang terbaru lebih dulu."""
    rows = queries.failed(receiver)
    for delivery, event in rows:
        click.echo(f"{event.id} {delivery.receiver} {event.name} ×{delivery.attempts}: {delivery.last_error}")
    count = queries.failed_count(receiver)
    click.echo(f"{count} pekerjaan gagal" + (f", {len(rows)} yang terbaru tampil." if count > len(rows) else "."))


@events.command("retry")
@click.argument("event_id", type=click.UUID, required=False)
@click.option("--all", "everything", is_flag=True, help="Semua yang gagal.")
@click.option("--receiver", help="Semua yang gagal dari penerima ini, atau hanya ini untuk satu peristiwa.")
def retry_command(event_id: UUID | None, everything: bool, receiver: str | None) -> None:
    """Coba lagi: satu peristiwa, satu penerima, atau semuanya."""
    if event_id is None:
        if not (everything or receiver):
            raise click.UsageError("Sebutkan ID peristiwa, --receiver, atau --all.")
        click.echo(f"{retry_all(receiver)} pekerjaan dicoba lagi.")
        return
    failing = [each.receiver for each in queries.deliveries_of(event_id) if each.status == "failed"]
    names = [name for name in failing if receiver in (None, name)]
    for name in names:
        retry(event_id, name)
    click.echo(f"{len(names)} pekerjaan dicoba lagi.")


@events.command("forget")
@click.argument("event_id", type=click.UUID)
@click.argument("receiver")
@click.option("--reason", required=True, help="Alasan; dicatat.")
def forget(event_id: UUID, receiver: str, reason: str) -> None:
    """Abaikan satu pekerjaan gagal, dengan alasan."""
    try:
        discard(event_id, receiver, reason)
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo("Diabaikan.")


@events.command("monitor")
@click.option("--max", "most", default=1000, show_default=True, help="Paling banyak menunggu.")
@click.option("--max-age", default=60, show_default=True, help="Umur paling tua, dalam detik.")
def monitor(most: int, max_age: int) -> None:
    """Keadaan antrean; keluar dengan 1 bila ada yang perlu perhatian."""
    alerts = []
    for each in queries.depths():
        age = int((clock.now() - each.oldest).total_seconds()) if each.oldest else 0
        click.echo(f"{each.queue}: {each.waiting} menunggu, tertua {age} detik")
        if each.waiting > most or age > max_age:
            alerts.append(f"{each.queue} menumpuk")
    recent = queries.recent()
    if recent.fails_often:
        alerts.append(f"{recent.given_up} pekerjaan gagal dalam 5 menit")
    if recent.retries_often:
        alerts.append(f"{recent.retried} dari {recent.finished} pengiriman perlu dicoba ulang")
    if recent.is_slow:
        alerts.append("reaksi yang ditunggu halaman lambat")
    alive = queries.workers()
    click.echo(f"{len(alive)} pekerja hidup, {recent.finished} pengiriman selesai dalam 5 menit")
    click.echo(f"{recent.retried} di antaranya dicoba ulang; yang ditunggu halaman: {recent.inline_ms:.0f} md (p95)")
    if not alive:
        alerts.append("tidak ada pekerja yang hidup")
    for alert in alerts:
        click.echo(f"PERHATIAN: {alert}", err=True)
    if alerts:
        raise SystemExit(1)


@events.command("verify")
def verify() -> None:
    """Periksa rantai Jejak Audit; keluar dengan 1 bila rusak."""
    state = audit.verify()
    if state.broken_at is not None:
        reason = {"missing": "hilang", "altered": "diubah"}[state.reason]
        raise click.ClickException(
            f"Rantai rusak: baris {state.broken_at} {reason} ({state.checked} baris sebelumnya utuh)."
        )
    click.echo(f"Rantai utuh: {state.checked} baris.")


@events.command("prune")
def prune_command() -> None:
    """Ringkas pengiriman selesai yang sudah lama."""
    click.echo(f"{prune()} pengiriman diringkas.")


@click.command("worker")
@with_appcontext
@click.option("--processes", default=1, show_default=True, help="Jumlah proses.")
def worker(processes: int) -> None:
    """Menjalankan antrean: email, sertifikat, Jejak Audit."""
    refuse_grave()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if processes > 1:
        raise SystemExit(work_in_processes(processes))
    work(app)


commands = (events, worker)
