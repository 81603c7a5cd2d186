"""Why an attempt cannot be begun, continued or graded."""

from __future__ import annotations

from app.core.errors import Conflict, Refused


class AttemptRefused(Refused):
    """No attempt may be begun now."""


class AttemptClosed(Conflict):
    """The attempt has ended: nothing more is accepted. What was saved before stays."""


class WithoutDeadline(Refused):
    """The attempt has all the time there is."""


class NobodyIsIn(Refused):
    """No attempt at the assessment runs."""


class ScoreOutOfRange(Refused):
    """A score is neither below nothing nor above the points of the question."""


class GradeConflict(Conflict):
    """Somebody has graded the answer since it was opened."""
