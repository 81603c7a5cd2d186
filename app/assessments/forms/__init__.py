"""What people send about assessments, a module a subject."""
