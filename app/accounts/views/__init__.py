"""The pages of accounts, a module a subject."""

from app.accounts.views import account, devices, emails, passwords, registering, signing_in, two_factor
from app.accounts.views.blueprint import bp

__all__ = ["account", "bp", "devices", "emails", "passwords", "registering", "signing_in", "two_factor"]
