"""What a learner has done; the study pages."""
