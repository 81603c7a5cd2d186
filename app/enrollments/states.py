"""Where an enrolment may go from where it is. Completed is final."""

from collections.abc import Mapping, Set

from app.enrollments.models import EnrollmentStatus

ENROLLMENT: Mapping[str, Set[str]] = {
    EnrollmentStatus.ACTIVE: {EnrollmentStatus.COMPLETED, EnrollmentStatus.DROPPED},
    EnrollmentStatus.DROPPED: {EnrollmentStatus.ACTIVE},
}
