"""Who may have the paper itself. Whether it holds, anybody with its code may ask."""

from __future__ import annotations

from flask import abort

from app.accounts.models import User
from app.certificates.models import Certificate
from app.certificates.queries import certificate_by_code


def certificate_for_holder(code: str, user: User) -> Certificate:
    """The certificate, for the person on it and for admins; 404 for everybody else."""
    certificate = certificate_by_code(code)
    if certificate is None or not (certificate.user_id == user.id or user.is_admin):
        abort(404)
    return certificate
