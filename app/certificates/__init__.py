"""Proof: number, PDF, public verification."""
