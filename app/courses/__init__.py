"""What is taught; lessons/ holds one module per lesson kind."""
