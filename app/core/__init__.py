"""What another company's shop would need unchanged: it knows nothing of learning."""
