"""The event kernel's bars: every row of the design's table, beside its floor."""
