"""Verbs on assessments, a module a subject."""
