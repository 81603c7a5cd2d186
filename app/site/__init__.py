"""Pages that no package owns alone: the home of guests and of learners, covers, health."""
