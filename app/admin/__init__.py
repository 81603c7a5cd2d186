"""The staff's panel, one module per subject; no rules of its own."""
