"""Writes by hand what programs write that could not be run here, part by part, as files
of theirs show it: poi-style.xlsx (numbers as 42.0), poi-stream-style.xlsx (texts in the
cells), closedxml-style.xlsx (every element prefixed), google-style.xlsx, excel-style.xlsx
(spans, phonetic runs, formulas that are shared), excel-strict.xlsx (the strict form, with
dates in ISO 8601) and report-style.xlsx (a report server: UTF-16 parts, no addresses)."""
import sys
import zipfile
from xml.sax.saxutils import escape

OUT = sys.argv[1]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TEXTS = ["Zoë & <b>", "  padded  ", "line\nbreak", "007", "😀 東京", "merged"]
CODES = ["General", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "hh:mm:ss", "[h]:mm:ss", "dd/mm/yyyy", "[$-407]d. mmmm yyyy", "0%", '"$"#,##0.00', "00000", '0.00"d"']
# address, kind, value, style
CELLS = [
    ("A1", "s", 0, 0), ("B1", "n", "42", 0), ("C1", "b", "1", 0), ("D1", "n", "45000", 1), ("E1", "n", "0.25", 7), ("F1", "f", ("B1+1", "43"), 0), ("H1", "s", 5, 0),
    ("A2", "s", 1, 0), ("B2", "n", "-0.5", 0), ("C2", "b", "0", 0), ("D2", "n", "45000.75", 2), ("E2", "n", "9.99", 8), ("F2", "fe", ("1/0", "#DIV/0!"), 0),
    ("A3", "s", 2, 0), ("B3", "n", "1.5E-7", 0), ("D3", "n", "0.77083333333333337", 3), ("E3", "n", "123", 9), ("F3", "fs", ('A4&"x"', "007x"), 0),
    ("A4", "s", 3, 0), ("B4", "n", "123456789012345", 0), ("D4", "n", "1.5", 4), ("E4", "n", "12", 10),
    ("A5", "s", 4, 0), ("B5", "n", "0.30000000000000004", 0), ("D5", "n", "45000.75", 5),
    ("B6", "n", "1E+300", 0), ("D6", "n", "45000", 6),
]
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def styles(prefix=""):
    p = prefix
    formats = "".join(f'<{p}numFmt numFmtId="{164 + i}" formatCode="{escape(c, {chr(34): "&quot;"})}"/>' for i, c in enumerate(CODES))
    xfs = "".join(f'<{p}xf numFmtId="{164 + i}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' for i in range(len(CODES)))
    ns = f'xmlns:{p[:-1]}="{MAIN}"' if p else f'xmlns="{MAIN}"'
    return f'{HEAD}<{p}styleSheet {ns}><{p}numFmts count="{len(CODES)}">{formats}</{p}numFmts><{p}cellStyleXfs count="1"><{p}xf numFmtId="0"/></{p}cellStyleXfs><{p}cellXfs count="{len(CODES)}">{xfs}</{p}cellXfs></{p}styleSheet>'


def strings(prefix="", phonetic=False):
    p = prefix
    ns = f'xmlns:{p[:-1]}="{MAIN}"' if p else f'xmlns="{MAIN}"'
    items = ""
    for text in TEXTS:
        more = f'<{p}rPh sb="3" eb="5"><{p}t>とうきょう</{p}t></{p}rPh><{p}phoneticPr fontId="1"/>' if phonetic and "東京" in text else ""
        if phonetic and text == "merged":
            items += f"<{p}si><{p}r><{p}rPr><{p}b/></{p}rPr><{p}t>mer</{p}t></{p}r><{p}r><{p}t>ged</{p}t></{p}r></{p}si>"
        else:
            items += f'<{p}si><{p}t xml:space="preserve">{escape(text)}</{p}t>{more}</{p}si>'
    return f'{HEAD}<{p}sst {ns} count="6" uniqueCount="6">{items}</{p}sst>'


def package(name, sheet1, sheet2, *, prefix="", strict=False, utf16=False, sst=None, workbook=None, date_type=False):
    main = "http://purl.oclc.org/ooxml/spreadsheetml/main" if strict else MAIN
    rel = "http://purl.oclc.org/ooxml/officeDocument/relationships" if strict else REL
    p = prefix
    ns = f'xmlns:{p[:-1]}="{main}"' if p else f'xmlns="{main}"'
    conformance = ' conformance="strict"' if strict else ""
    parts = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/worksheets/sheet2.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{rel}/worksheet" Target="/xl/worksheets/sheet2.xml"/><Relationship Id="rId3" Type="{rel}/styles" Target="styles.xml"/><Relationship Id="rId4" Type="{rel}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/workbook.xml": workbook or f'{HEAD}<{p}workbook {ns} xmlns:r="{rel}"{conformance}><{p}sheets><{p}sheet name="Cells" sheetId="1" r:id="rId1"/><{p}sheet name="Hidden &amp; more" sheetId="2" state="hidden" r:id="rId2"/></{p}sheets></{p}workbook>',
        "xl/styles.xml": styles(p).replace(MAIN, main),
        "xl/sharedStrings.xml": (sst or strings(p)).replace(MAIN, main),
        "xl/worksheets/sheet1.xml": sheet1.replace(MAIN, main),
        "xl/worksheets/sheet2.xml": sheet2.replace(MAIN, main),
    }
    with zipfile.ZipFile(f"{OUT}/{name}.xlsx", "w", zipfile.ZIP_DEFLATED) as z:
        for part, text in parts.items():
            if utf16 and part.startswith("xl/"):
                z.writestr(part, text.replace("UTF-8", "UTF-16").encode("utf-16"))
            else:
                z.writestr(part, text)


def sheet(cell, prefix="", row_attributes="", addresses=True):
    p = prefix
    ns = f'xmlns:{p[:-1]}="{MAIN}"' if p else f'xmlns="{MAIN}"'
    rows = ""
    for row in range(1, 7):
        at = f' r="{row}"' if addresses else ""
        rows += f"<{p}row{at}{row_attributes}>" + "".join(cell(*c) for c in CELLS if c[0][1:] == str(row)) + f"</{p}row>"
    first = f'{HEAD}<{p}worksheet {ns} xmlns:r="{REL}"><{p}sheetData>{rows}</{p}sheetData><{p}mergeCells count="1"><{p}mergeCell ref="H1:I1"/></{p}mergeCells></{p}worksheet>'
    second = f'{HEAD}<{p}worksheet {ns}><{p}sheetData><{p}row r="2">{cell("B2", "n", "1", 0)}</{p}row></{p}sheetData></{p}worksheet>'
    return first, second


def plain(prefix="", inline=False, floats=False, cached=True, date=False):
    p = prefix

    def cell(at, kind, value, style):
        s = f' s="{style}"' if style else ""
        number = lambda v: v + ".0" if floats and v.lstrip("-").isdigit() else v
        if kind == "s" and inline:
            return f'<{p}c r="{at}"{s} t="inlineStr"><{p}is><{p}t xml:space="preserve">{escape(TEXTS[value])}</{p}t></{p}is></{p}c>'
        if kind == "s":
            return f'<{p}c r="{at}"{s} t="s"><{p}v>{value}</{p}v></{p}c>'
        if kind == "b":
            return f'<{p}c r="{at}"{s} t="b"><{p}v>{value}</{p}v></{p}c>'
        if kind == "n" and date and at in ("D1", "D2", "D3", "D5", "D6"):
            iso = {"D1": "2023-03-15", "D2": "2023-03-15T18:00:00", "D3": "18:30:00", "D5": "2023-03-15T18:00:00", "D6": "2023-03-15T00:00:00Z"}[at]
            return f'<{p}c r="{at}"{s} t="d"><{p}v>{iso}</{p}v></{p}c>'
        if kind == "n":
            return f'<{p}c r="{at}"{s}><{p}v>{number(value)}</{p}v></{p}c>'
        t = {"f": "", "fe": ' t="e"', "fs": ' t="str"'}[kind]
        result = f"<{p}v>{escape(number(value[1]))}</{p}v>" if cached else ""
        return f'<{p}c r="{at}"{s}{t if cached else ""}><{p}f>{escape(value[0])}</{p}f>{result}</{p}c>'

    return cell


def without_address(at, kind, value, style):
    return plain()(at, kind, value, style).replace(f' r="{at}"', "")


def google(at, kind, value, style):
    # Every cell has a style, and formulas come with an empty type.
    return plain()(at, kind, value, style).replace(f'r="{at}"', f'r="{at}"' if style else f'r="{at}" s="0"')


package("poi-style", *sheet(plain(floats=True)))
package("poi-stream-style", *sheet(plain(inline=True, floats=True, cached=False)))
package("closedxml-style", *sheet(plain("x:", cached=True), "x:", ' spans="1:9" x14ac:dyDescent="0.25" xmlns:x14ac="urn:x"'), prefix="x:")
package("google-style", *sheet(google))
package("excel-style", *sheet(plain(), row_attributes=' spans="1:9" ht="15" customHeight="1"'), sst=strings(phonetic=True))
package("excel-strict", *sheet(plain(date=True)), strict=True)

# A report server's file: UTF-16, no addresses, so blanks are cells of their own.
dense = []
for row in range(1, 7):
    here = {c[0][0]: c for c in CELLS if c[0][1:] == str(row)}
    cells = "".join(without_address(*here[letter]) if letter in here else "<c/>" for letter in "ABCDEFGH")
    dense.append(f"<row>{cells}</row>")
package("report-style", f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{"".join(dense)}</sheetData></worksheet>',
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData><row/><row><c/><c><v>1</v></c></row></sheetData></worksheet>', utf16=True)
