"""What a page costs, beside a bare app that does the least for the same page."""
