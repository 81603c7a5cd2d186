"""Faults on purpose: processes are killed at named points and at random, services go away, an oracle counts."""
