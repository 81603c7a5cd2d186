"""Questions from and for other programs: Aiken, GIFT, and tables (CSV, XLSX). Pure: nothing here touches the bank."""

from app.assessments.exchange.gift import write_gift
from app.assessments.exchange.parsed import Parsed, Problem, Reading
from app.assessments.exchange.reading import read_questions
from app.assessments.exchange.table import SAMPLE, table_of

__all__ = ["SAMPLE", "Parsed", "Problem", "Reading", "read_questions", "table_of", "write_gift"]
