"""The pages of assessments: taking them, making them, grading them."""

from app.assessments.views import bank, building, exchange, grading, results, taking, watching
from app.assessments.views.blueprint import bp

__all__ = ["bank", "bp", "building", "exchange", "grading", "results", "taking", "watching"]
