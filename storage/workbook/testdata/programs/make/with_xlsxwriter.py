"""Writes xlsxwriter.xlsx and xlsxwriter-inline.xlsx (constant memory: texts in the cells,
dates from 1904). Debian: python3-xlsxwriter."""
import datetime as dt
import sys
import xlsxwriter

def write(path, options):
    book = xlsxwriter.Workbook(path, options)
    s = book.add_worksheet("Cells")
    f = lambda code: book.add_format({"num_format": code})
    rows = {
        1: [("A", "Zoë & <b>", None), ("B", 42, None), ("C", True, None), ("D", dt.date(2023, 3, 15), "yyyy-mm-dd"), ("E", 0.25, "0%"), ("F", ("=B1+1", 43), None), ("H", None, None)],
        2: [("A", "  padded  ", None), ("B", -0.5, None), ("C", False, None), ("D", dt.datetime(2023, 3, 15, 18, 0, 0), "yyyy-mm-dd hh:mm:ss"), ("E", 9.99, '"$"#,##0.00'), ("F", ("=1/0", "#DIV/0!"), None)],
        3: [("A", "line\nbreak", None), ("B", 1.5e-7, None), ("D", dt.time(18, 30), "hh:mm:ss"), ("E", 123, "00000"), ("F", ('=A4&"x"', "007x"), None)],
        4: [("A", "007", None), ("B", 123456789012345, None), ("D", dt.timedelta(hours=36), "[h]:mm:ss"), ("E", 12, '0.00"d"')],
        5: [("A", "😀 東京", None), ("B", 0.1 + 0.2, None), ("D", dt.datetime(2023, 3, 15, 18, 0, 0), "dd/mm/yyyy")],
        6: [("B", 1e300, None), ("D", dt.date(2023, 3, 15), "[$-407]d. mmmm yyyy")],
    }
    for row, cells in rows.items():
        for column, value, code in cells:
            at = f"{column}{row}"
            if column == "H":
                if "constant_memory" in options:
                    s.write_string(at, "merged")
                else:
                    s.merge_range("H1:I1", "merged")
            elif isinstance(value, tuple):
                s.write_formula(at, value[0], None, value[1])
            elif isinstance(value, (dt.date, dt.datetime, dt.time, dt.timedelta)):
                s.write_datetime(at, value, f(code))
            else:
                s.write(at, value, f(code) if code else None)
    hidden = book.add_worksheet("Hidden & more")
    hidden.write("B2", 1)
    hidden.hide()
    book.close()

write(sys.argv[1] + "/xlsxwriter.xlsx", {})
write(sys.argv[1] + "/xlsxwriter-inline.xlsx", {"constant_memory": True, "date_1904": True})
