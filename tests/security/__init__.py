"""The attack matrix against every route: a new route makes a test fail that says what to add."""
