#!/usr/bin/env bash
# Makes the workbooks of ../ again. Debian: python3-openpyxl python3-xlsxwriter
# libreoffice-calc-nogui gnumeric nodejs; npm: xlsx
# exceljs xlsx-populate excel4node, in the folder that NODE_PATH names.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$(dirname "$here")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
/usr/bin/python3 "$here/with_openpyxl.py" "$out"
/usr/bin/python3 "$here/with_xlsxwriter.py" "$out"
/usr/bin/python3 "$here/by_hand.py" "$out"
node "$here/with_node.js" "$out"
# LibreOffice reads XlsxWriter's file, calculates it, and writes it in its own way.
for target in "xlsx:Calc MS Excel 2007 XML" "ods:calc8" "xls:MS Excel 97"; do
  soffice "-env:UserInstallation=file://$work/profile" --headless --convert-to "$target" --outdir "$work/lo" "$out/xlsxwriter.xlsx" >/dev/null
done
cp "$work/lo/xlsxwriter.xlsx" "$out/libreoffice.xlsx"
cp "$work/lo/xlsxwriter.ods" "$out/libreoffice.ods"
cp "$work/lo/xlsxwriter.xls" "$out/libreoffice.xls"
soffice "-env:UserInstallation=file://$work/profile" --headless --convert-to "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false" --outdir "$work/lo" "$out/xlsxwriter.xlsx" >/dev/null
cp "$work/lo/xlsxwriter.csv" "$out/libreoffice.csv"
ssconvert --export-type=Gnumeric_Excel:xlsx2 "$out/xlsxwriter.xlsx" "$out/gnumeric.xlsx" >/dev/null 2>&1
ssconvert --export-type=Gnumeric_OpenCalc:odf "$out/xlsxwriter.xlsx" "$out/gnumeric.ods" >/dev/null 2>&1
