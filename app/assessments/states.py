"""Where an assessment and an attempt may go from where they are."""

from collections.abc import Mapping, Set

from app.assessments.models import AssessmentStatus, AttemptStatus

ASSESSMENT: Mapping[str, Set[str]] = {
    AssessmentStatus.DRAFT: {AssessmentStatus.PUBLISHED, AssessmentStatus.ARCHIVED},
    AssessmentStatus.PUBLISHED: {AssessmentStatus.DRAFT, AssessmentStatus.ARCHIVED},
    AssessmentStatus.ARCHIVED: {AssessmentStatus.DRAFT, AssessmentStatus.PUBLISHED},
}

ATTEMPT: Mapping[str, Set[str]] = {
    AttemptStatus.IN_PROGRESS: {
        AttemptStatus.SUBMITTED,
        AttemptStatus.GRADED,
        AttemptStatus.EXPIRED,
        AttemptStatus.CANCELLED,
    },
    AttemptStatus.SUBMITTED: {AttemptStatus.GRADED, AttemptStatus.CANCELLED},
    AttemptStatus.GRADED: {AttemptStatus.CANCELLED},
    AttemptStatus.EXPIRED: {AttemptStatus.CANCELLED},
}
