"""Writes openpyxl.xlsx and openpyxl-iso.xlsx (dates in ISO 8601). Debian: python3-openpyxl."""
import datetime as dt
import sys
from openpyxl import Workbook

def write(path, iso):
    book = Workbook()
    book.iso_dates = iso
    s = book.active
    s.title = "Cells"
    for address, value, code in [
        ("A1", "Zoë & <b>", None), ("A2", "  padded  ", None), ("A3", "line\nbreak", None), ("A4", "007", None), ("A5", "😀 東京", None),
        ("B1", 42, None), ("B2", -0.5, None), ("B3", 1.5e-7, None), ("B4", 123456789012345, None), ("B5", 0.1 + 0.2, None), ("B6", 1e300, None),
        ("C1", True, None), ("C2", False, None),
        ("D1", dt.date(2023, 3, 15), "yyyy-mm-dd"), ("D2", dt.datetime(2023, 3, 15, 18, 0, 0), "yyyy-mm-dd hh:mm:ss"),
        ("D3", dt.time(18, 30), "hh:mm:ss"), ("D4", dt.timedelta(hours=36), "[h]:mm:ss"),
        ("D5", dt.datetime(2023, 3, 15, 18, 0, 0), 'dd/mm/yyyy'), ("D6", dt.date(2023, 3, 15), '[$-407]d. mmmm yyyy'),
        ("E1", 0.25, "0%"), ("E2", 9.99, '"$"#,##0.00'), ("E3", 123, "00000"), ("E4", 12, '0.00"d"'),
        ("F1", "=B1+1", None), ("H1", "merged", None),
    ]:
        s[address] = value
        if code:
            s[address].number_format = code
    s.merge_cells("H1:I1")
    hidden = book.create_sheet("Hidden & more")
    hidden["B2"] = 1
    hidden.sheet_state = "hidden"
    book.save(path)

write(sys.argv[1] + "/openpyxl.xlsx", False)
write(sys.argv[1] + "/openpyxl-iso.xlsx", True)
