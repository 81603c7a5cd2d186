"""People: register, sign in, profile, roles."""
