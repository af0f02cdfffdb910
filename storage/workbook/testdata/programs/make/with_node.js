// Writes sheetjs.xlsx, .ods, .xlsb and .xls, exceljs.xlsx, exceljs-stream.xlsx, populate.xlsx and
// excel4node.xlsx. npm: xlsx, exceljs, xlsx-populate, excel4node.
const out = process.argv[2];
const cells = [
  ["A1", "Zoë & <b>"], ["A2", "  padded  "], ["A3", "line\nbreak"], ["A4", "007"], ["A5", "😀 東京"],
  ["B1", 42], ["B2", -0.5], ["B3", 1.5e-7], ["B4", 123456789012345], ["B5", 0.1 + 0.2], ["B6", 1e300],
  ["C1", true], ["C2", false],
  ["D1", 45000, "yyyy-mm-dd"], ["D2", 45000.75, "yyyy-mm-dd hh:mm:ss"], ["D3", 18.5 / 24, "hh:mm:ss"], ["D4", 1.5, "[h]:mm:ss"],
  ["D5", 45000.75, "dd/mm/yyyy"], ["D6", 45000, "[$-407]d. mmmm yyyy"],
  ["E1", 0.25, "0%"], ["E2", 9.99, '"$"#,##0.00'], ["E3", 123, "00000"], ["E4", 12, '0.00"d"'],
];
function sheetjs() {
  const X = require("xlsx");
  const s = { "!ref": "A1:I6", "!merges": [X.utils.decode_range("H1:I1")] };
  for (const [at, v, z] of cells) s[at] = { v, t: typeof v === "number" ? "n" : typeof v === "boolean" ? "b" : "s", ...(z ? { z } : {}) };
  s.H1 = { t: "s", v: "merged" };
  s.F1 = { t: "n", f: "B1+1", v: 43 };
  s.F2 = { t: "e", f: "1/0", v: 7 };
  s.F3 = { t: "s", f: 'A4&"x"', v: "007x" };
  const book = X.utils.book_new();
  X.utils.book_append_sheet(book, s, "Cells");
  X.utils.book_append_sheet(book, { "!ref": "B2:B2", B2: { t: "n", v: 1 } }, "Hidden & more");
  book.Workbook = { Sheets: [{ Hidden: 0 }, { Hidden: 1 }] };
  X.writeFile(book, out + "/sheetjs.xlsx", { bookSST: true, compression: true });
  X.writeFile(book, out + "/sheetjs-inline.xlsx", { bookSST: false, compression: true });
  X.writeFile(book, out + "/sheetjs.ods", { compression: true });
  X.writeFile(book, out + "/sheetjs.xlsb", { bookSST: true, compression: true });
  X.writeFile(book, out + "/sheetjs.xls", { bookType: "biff8" });
  X.writeFile(book, out + "/sheetjs-95.xls", { bookType: "biff5", codepage: 1252 });
}
async function exceljs() {
  const E = require("exceljs");
  const fill = (s, commit) => {
    for (const [at, v, z] of cells) { s.getCell(at).value = v; if (z) s.getCell(at).numFmt = z; }
    s.getCell("F1").value = { formula: "B1+1", result: 43 };
    s.getCell("F2").value = { formula: "1/0", result: { error: "#DIV/0!" } };
    s.getCell("F3").value = { formula: 'A4&"x"', result: "007x" };
    s.getCell("H1").value = { richText: [{ text: "mer", font: { bold: true } }, { text: "ged" }] };
    if (!commit) s.mergeCells("H1:I1");
  };
  const book = new E.Workbook();
  fill(book.addWorksheet("Cells"));
  book.addWorksheet("Hidden & more", { state: "hidden" }).getCell("B2").value = 1;
  await book.xlsx.writeFile(out + "/exceljs.xlsx");
  const stream = new E.stream.xlsx.WorkbookWriter({ filename: out + "/exceljs-stream.xlsx", useStyles: true, useSharedStrings: false });
  const s = stream.addWorksheet("Cells");
  fill(s, true);
  s.commit();
  const h = stream.addWorksheet("Hidden & more", { state: "veryHidden" });
  h.getCell("B2").value = 1;
  h.commit();
  await stream.commit();
}
async function populate() {
  const P = require("xlsx-populate");
  const book = await P.fromBlankAsync();
  const s = book.sheet(0).name("Cells");
  for (const [at, v, z] of cells) { s.cell(at).value(v); if (z) s.cell(at).style("numberFormat", z); }
  s.cell("F1").formula("B1+1");
  s.range("H1:I1").merged(true);
  s.cell("H1").value("merged");
  book.addSheet("Hidden & more").cell("B2").value(1);
  book.sheet(1).hidden(true);
  await book.toFileAsync(out + "/populate.xlsx");
}
function excel4node() {
  const X = require("excel4node");
  const book = new X.Workbook();
  const s = book.addWorksheet("Cells");
  for (const [at, v, z] of cells) {
    const c = s.cell(+at.slice(1), at.charCodeAt(0) - 64);
    if (typeof v === "string") c.string(v); else if (typeof v === "boolean") c.bool(v); else c.number(v);
    if (z) c.style({ numberFormat: z });
  }
  s.cell(1, 6).formula("B1+1");
  s.cell(1, 8, 1, 9, true).string("merged");
  const h = book.addWorksheet("Hidden & more", { hidden: true });
  h.cell(2, 2).number(1);
  return new Promise((done) => book.write(out + "/excel4node.xlsx", done));
}
(async () => { sheetjs(); await exceljs(); await populate(); await excel4node(); })();
