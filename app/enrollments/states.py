"""Where an enrolment may go from where it is. Completed is final."""

from app.enrollments.models import EnrollmentStatus

ENROLLMENT = {
    EnrollmentStatus.ACTIVE: {EnrollmentStatus.COMPLETED, EnrollmentStatus.DROPPED},
    EnrollmentStatus.DROPPED: {EnrollmentStatus.ACTIVE},
}
