"""The staff's panel: what happened, what waits, what failed, and the institution's own settings."""
