"""Faults on purpose: processes are killed at every named point and at random, services go away, and an oracle counts."""
