"""Exam day: everybody hands in at once."""
