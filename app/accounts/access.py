"""Who is looking, and which pages are for whom. A view without a policy is an error."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote

from flask import abort, current_app, g, has_request_context, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.local import LocalProxy

from app.accounts import queries
from app.accounts.models import User
from app.core import mail
from app.core.errors import wants_json
from app.core.security import SAFE_METHODS, came_from
from app.core.settings import institution

View = TypeVar("View", bound=Callable[..., Any])


class Policy(NamedTuple):
    """For whom a view is; its name is that of the decorator."""

    name: str
    admits: Callable[[User | None], bool]


ANYONE = Policy("anyone", lambda user: True)
PERSONAL = Policy("personal", ANYONE.admits)
SIGNED_IN = Policy("signed_in", lambda user: user is not None)
STAFF = Policy("staff", lambda user: user is not None and user.is_staff)
ADMINS = Policy("admins", lambda user: user is not None and user.is_admin)


def viewer() -> User | None:
    """The person who is signed in; None for a guest, and as long as the second step is to come.

    One statement a request, none without a session cookie.
    """
    found = visit()
    return found.user if found and not found.awaits_code else None


def visit() -> queries.Visit | None:
    """The session of this browser with its person; None for a guest, and outside requests."""
    if not has_request_context():
        return None
    if "visit" not in g:
        token = session_token()
        g.visit = queries.visit_of(token) if token else None
    found: queries.Visit | None = g.visit
    return found


current_user: User = LocalProxy(viewer)  # type: ignore[assignment]
"""The signed-in person, for views behind a policy that asks for one. Only views read it."""


def session_token() -> str | None:
    """The token that this browser holds, alive or not."""
    token: str | None = session.get("token")
    return token


def remember(token: str, *, for_long: bool = False) -> None:
    """Gives this browser the token of its new session and nothing of the old one."""
    session.clear()
    session["token"] = token
    session.permanent = for_long
    g.pop("visit", None)


def forget() -> None:
    """This browser holds nothing any more."""
    session.clear()
    g.pop("visit", None)


def anyone(view: View) -> View:
    """The view is for guests too."""
    return _with_policy(view, ANYONE)


def signed_in(view: View) -> View:
    """The view is for people with an account; a guest is asked to sign in first."""
    return _with_policy(view, SIGNED_IN)


def staff(view: View) -> View:
    """The view is for every role but the learner's."""
    return _with_policy(view, STAFF)


def admins(view: View) -> View:
    """The view is for admins."""
    return _with_policy(view, ADMINS)


def personal(view: View) -> View:
    """The view is for guests too, but shows whoever is signed in what is theirs: an errand comes before it."""
    return _with_policy(view, PERSONAL)


def errand(view: View) -> View:
    """The view is part of what a person may have to do before anything else (`first_errand`): it stays open."""
    view.is_errand = True  # type: ignore[attr-defined]
    return view


def first_errand(found: queries.Visit) -> str | None:
    """The endpoint where the signed-in person has to go first: to choose a password, to confirm the email address,
    to set up the second step that the institution wants from its staff. None when nothing is open."""
    user = found.user
    if user.initial_key:
        return "accounts.first_password"
    if user.email and not user.email_verified_at and mail.is_configured():
        return "accounts.unverified"
    if user.is_staff and not found.has_two_factor and institution().two_factor_for_staff:
        return "accounts.two_factor"
    return None


def _with_policy(view: View, policy: Policy) -> View:
    view.policy = policy  # type: ignore[attr-defined]
    return view


def enforce() -> ResponseReturnValue | None:
    """Before every request: lets it pass when the policy of its view does.

    A guest is sent to sign in (401 for JSON), a wrong role gets 403, who has an errand is sent there (403 for JSON).
    Raises RuntimeError for a view without a policy.
    """
    g.pop("visit", None)  # under an open app context, as in tests, `g` outlives a request
    if request.endpoint is None or request.endpoint in {"static", "asset"}:
        return None
    view = current_app.view_functions[request.endpoint]
    policy: Policy | None = getattr(view, "policy", None)
    if policy is None:
        raise RuntimeError(f"{request.endpoint} has no policy: @anyone, @personal, @signed_in, @staff or @admins")
    if policy is ANYONE:  # spares public files the statement
        return None
    user = viewer()
    if user is None:
        return None if policy is PERSONAL else _refuse_guest()
    if not policy.admits(user):
        abort(HTTPStatus.FORBIDDEN)
    first = None if getattr(view, "is_errand", False) else first_errand(g.visit)
    if first is None:
        return None
    return abort(HTTPStatus.FORBIDDEN) if wants_json() else redirect(url_for(first), HTTPStatus.SEE_OTHER)


def _refuse_guest() -> ResponseReturnValue:
    if wants_json():
        abort(HTTPStatus.UNAUTHORIZED)
    return redirect(sign_in_address(), HTTPStatus.SEE_OTHER)


def sign_in_address() -> str:
    """Where to sign in, and to come back from: to this page, or after a write to the page that sent it.

    Whoever is half-way in is led to the second step.
    """
    if visit() is not None:
        return url_for("accounts.second_step")
    here = request.full_path.rstrip("?") if request.method in SAFE_METHODS else came_from()
    return f"/masuk?next={quote(here)}"
