"""Tables that people bring and take, as CSV or XLSX; knows nothing of what stands in them.

`reading` takes a file, `writing` makes one. A file from outside passes `package` (the limits of a zip) and `workbook`
(the XML of a sheet), or `delimited` (CSV), and then `table` (one header, rows under it).
"""

from app.core.sheets.download import download
from app.core.sheets.reading import read_sheet
from app.core.sheets.table import Row, Sheet, SheetRefused
from app.core.sheets.writing import csv_lines, safe_cell, xlsx_bytes

__all__ = ["Row", "Sheet", "SheetRefused", "csv_lines", "download", "read_sheet", "safe_cell", "xlsx_bytes"]
