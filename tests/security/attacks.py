"""What is typed in the place of a value, and what of an answer is looked at."""

from __future__ import annotations

import re

from werkzeug.test import TestResponse

SQL = [
    "'", '"', "';", "' OR '1'='1", "' OR 1=1 --", '" OR ""="', "1; DROP TABLE users", "admin'--", "') OR ('a'='a",
    "1 UNION SELECT password_hash FROM users", "1 AND (SELECT COUNT(*) FROM users) > 0", "'; SELECT pg_sleep(5) --",
    "1' AND randomblob(9)--", "%", "_", "\\", "%' ESCAPE '", "NULL", "-1", "99999999999999999999999", "1e309", "０",
    "NaN", "[]", "{{7*7}}", "%s%s%n", "a\x00b", "\ud7ff\uffff", "NEAR(a b)", '"a" AND *', "a" * 3000,
]  # fmt: skip
INSIDES = re.compile(r"sqlite|psycopg|OperationalError|syntax error|Traceback", re.IGNORECASE)
"""What no answer says: the database speaks there, not the page."""


def words(answer: TestResponse) -> str:
    """The text of an answer; of a workbook what can be read of it."""
    return str(answer.data, "utf-8", "replace")


def twin(payload: str) -> str:
    """As long as the payload, and with nothing in it that is markup."""
    return re.sub(r"""[<>"'&`]""", "z", payload)
