"""Who may study what."""
