"""Pages that no package owns alone: home, health, covers."""
