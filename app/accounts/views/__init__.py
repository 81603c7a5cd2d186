"""The pages of accounts, a module a subject."""

from app.accounts.views import account, registering, signing_in
from app.accounts.views.blueprint import bp

__all__ = ["account", "bp", "registering", "signing_in"]
