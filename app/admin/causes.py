"""Why work fails, in plain words, and what to do about it."""

from __future__ import annotations

from typing import NamedTuple

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


class Cause(NamedTuple):
    """`advice` is for whoever looks after the server."""

    sentence: LazyString
    advice: LazyString


REFUSED = Cause(
    _l("Server email menolak sambungan."),
    _l("Periksa apakah server email menyala, dan apakah MAIL_SERVER dan MAIL_PORT benar. Lalu tekan Coba Lagi."),
)
SILENT = Cause(
    _l("Server tujuan tidak menjawab sampai batas waktu."),
    _l("Biasanya sementara: periksa sambungan internet server ini, lalu tekan Coba Lagi."),
)
LOGIN = Cause(
    _l("Server email menolak nama pengguna atau kata sandinya."),
    _l("Periksa MAIL_USERNAME dan MAIL_PASSWORD, mulai ulang layanan, lalu tekan Coba Lagi."),
)
ADDRESS = Cause(
    _l("Server email menolak alamat penerima."),
    _l("Alamat itu mungkin salah atau kotak suratnya penuh. Perbaiki alamatnya, atau abaikan dengan alasan."),
)
SENDER = Cause(
    _l("Server email menolak alamat pengirim."),
    _l("Periksa MAIL_DEFAULT_SENDER: alamat itu harus diizinkan oleh server email."),
)
ANSWER = Cause(
    _l("Server email menolak surat ini."),
    _l("Baca jawaban server pada rincian. Bila batas pengirimannya terlampaui, tunggu, lalu tekan Coba Lagi."),
)
UNKNOWN_HOST = Cause(
    _l("Nama server tujuan tidak ditemukan."),
    _l("Periksa MAIL_SERVER dan sambungan internet server ini, lalu tekan Coba Lagi."),
)
UNTRUSTED = Cause(
    _l("Sambungan aman ke server email tidak dapat dibuat."),
    _l("Periksa MAIL_USE_TLS, MAIL_USE_SSL, dan sertifikat server email."),
)
FULL = Cause(
    _l("Ruang simpan server penuh."),
    _l("Kosongkan ruang di server, lalu tekan Coba Lagi. Tidak ada berkas yang rusak."),
)
DATABASE = Cause(
    _l("Database tidak dapat dihubungi atau sedang sibuk."),
    _l("Biasanya sementara: tekan Coba Lagi. Bila terulang, periksa layanan database."),
)
DIED = Cause(
    _l("Proses pekerja berhenti di tengah pekerjaan ini."),
    _l("Server mungkin kehabisan memori atau dimatikan. Tekan Coba Lagi; bila terulang, periksa log pekerja."),
)
MISSING = Cause(
    _l("Berkas atau data yang dibutuhkan tidak ada lagi."),
    _l("Buka peristiwanya untuk melihat apa yang hilang. Bila memang sudah dihapus, abaikan dengan alasan."),
)
FORBIDDEN = Cause(
    _l("Server tidak boleh membaca atau menulis berkas."),
    _l("Periksa pemilik dan izin folder instance, lalu tekan Coba Lagi."),
)
UNEXPECTED = Cause(
    _l("Galat yang belum dikenal."),
    _l("Coba lagi satu pekerjaan. Bila gagal lagi, sampaikan rincian teknisnya kepada pengelola server."),
)

CAUSES = {
    "ConnectionAbortedError": SILENT,
    "ConnectionRefusedError": REFUSED,
    "ConnectionResetError": SILENT,
    "DatabaseError": DATABASE,
    "FileNotFoundError": MISSING,
    "JobTimeoutException": SILENT,
    "LookupError": MISSING,
    "NoResultFound": MISSING,
    "OperationalError": DATABASE,
    "PermissionError": FORBIDDEN,
    "SMTPAuthenticationError": LOGIN,
    "SMTPConnectError": REFUSED,
    "SMTPDataError": ANSWER,
    "SMTPRecipientsRefused": ADDRESS,
    "SMTPResponseException": ANSWER,
    "SMTPSenderRefused": SENDER,
    "SMTPServerDisconnected": SILENT,
    "SSLCertVerificationError": UNTRUSTED,
    "SSLError": UNTRUSTED,
    "StorageFull": FULL,
    "TimeoutError": SILENT,
    "WorkerDied": DIED,
    "gaierror": UNKNOWN_HOST,
}


def error_class(error: str | None) -> str:
    """The first word of a delivery's `last_error`: the class of what was raised."""
    return (error or "").partition(":")[0]


def cause_of(error: str | None) -> Cause:
    """The plain words for a delivery's `last_error`."""
    if "No space left on device" in (error or ""):
        return FULL
    return CAUSES.get(error_class(error), UNEXPECTED)
