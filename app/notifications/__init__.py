"""Everything we tell people: in the app and by mail."""
