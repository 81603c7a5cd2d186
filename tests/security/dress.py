"""Which headers every answer wears."""

from __future__ import annotations

from werkzeug.test import TestResponse

from app.core import security
from app.core.security import SANDBOX, SHOWN_PDF

OWN_POLICIES = {security.CONTENT_SECURITY_POLICY, SANDBOX, SHOWN_PDF}
FRAMES = f"{security.CONTENT_SECURITY_POLICY}; frame-src https://www.youtube-nocookie.com"
TELLTALE = {"Server", "X-Powered-By", "X-Runtime", "X-AspNet-Version", "Via"}


def undressed(answer: TestResponse, *, secure: bool = False) -> list[str]:
    """What is wrong with the headers."""
    headers, wrong = answer.headers, []
    if headers.get("Content-Security-Policy") not in {*OWN_POLICIES, FRAMES}:
        wrong.append(f"Content-Security-Policy: {headers.get('Content-Security-Policy')}")
    for name, value in security.HEADERS.items():
        stricter = {"no-referrer"} if name == "Referrer-Policy" else set()
        if headers.getlist(name) != [value] and headers.get(name) not in stricter:
            wrong.append(f"{name}: {headers.getlist(name)}")
    if ("Strict-Transport-Security" in headers) is not secure:
        wrong.append(f"HSTS {'is missing on https' if secure else 'is there on http'}")
    return wrong + [f"tells {name}" for name in TELLTALE & set(headers.keys())]
