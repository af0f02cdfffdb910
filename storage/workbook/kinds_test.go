package workbook

import (
	"slices"
	"strings"
	"testing"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/infer"
)

// kind is a text file as programs and people write it, and what is right.
type kind struct {
	name, data string
	header     int
	names      string // of the columns, with | between
	types      string
	first      string // the first row as it is read
	rows       int
	codes      string // of the remarks about the file, the rows and the columns, but for how the text is read
}

var kinds = []kind{
	{"unquoted decimal commas", "Item,Qty,Price\nPen,3,1,50\nInk,10,2,00\nPad,1,12,99\n", 1, "Item|Qty|Price", "text whole decimal", "Pen|3|1.5", 3, "decimal-commas"},
	{"one name fewer, and no cents", "a,b\nx,1,34\ny,2,67\nz,3,12\n", 1, "Column A|a|b", "text whole whole", "x|1|34", 3, "unnamed-column"},
	{"a title of two fields", "Report,2024\nTown,N,Sold\nOslo,1,2\nRome,3,4\n", 2, "Town|N|Sold", "text whole whole", "Oslo|1|2", 2, ""},
	{"two names for four columns", "Place,Sales\nBonn,100,200,300\nTrier,110,210,310\n", 1, "Column A|Column B|Column C|Column D", "text whole whole whole", "Bonn|100|200|300", 2, "neutral-names"},
	{"eras by their letters", "番号,日付\n1,R7.11.28\n2,H31.4.30\n", 1, "番号|日付", "whole datetime", "1|2025-11-28", 2, "reading"},
	{"eras by their letters in a column of another language", "No,Step\n1,R7.11.28\n2,S2.4.3\n", 1, "No|Step", "whole text", "1|R7.11.28", 2, "reading"},
	{"years of Thailand", "วันที่,n\n28/11/2568,1\n29/02/2567,2\n", 1, "วันที่|n", "datetime whole", "2025-11-28|1", 2, "reading"},
	{"years of Thailand with two digits", "วันที่,n\n28/11/68,1\n01/12/68,2\n", 1, "วันที่|n", "text whole", "28/11/68|1", 2, "looks-like"},
	{"years of Thailand among others", "Day;n\n28/11/2568;1\n29/02/2024;2\n", 1, "Day|n", "text whole", "28/11/2568|1", 2, "looks-like"},
	{"triangles", "品名,金額\nA,△500\nB,\"1,200\"\nC,▲30\n", 1, "品名|金額", "text whole", "A|-500", 3, "reading reading"},
	{"the yen sign of Shift_JIS", "品名,単価\nA,\"\\1,200\"\nB,\\80\n", 1, "品名|単価", "text decimal", "A|1200", 2, "reading reading"},
	{"dates of .NET", "id;at\n1;/Date(1764324932000)/\n2;/Date(1764411332000+0100)/\n", 1, "id|at", "whole datetime", "1|2025-11-28 10:15:32", 2, "reading zone"},
	{"nothing among numbers and dates", "d;n;t\n28.11.2025;1,5;a\n--;n/a;n/a\n03.11.2025; ;c\n", 1, "d|n|t", "datetime decimal text", "2025-11-28|1.5|a", 3, "nothing nothing"},
	{"a decimal mark that another column tells", "Id;N;M\n1;1.234;12,5\n2;5.678;13,5\n", 1, "Id|N|M", "whole whole decimal", "1|1234|12.5", 2, "reading"},
	{"ratings", "Rating\n*****\n***\n*\n", 1, "Rating", "text", "*****", 3, "header-guess"},
	{"versions", "App;Version\na;1.2\nb;1.10\n", 1, "App|Version", "text text", "a|1.2", 2, ""},
	{"a line of dashes shows the columns", "        ID NAME       AMOUNT DAY\n---------- ------ ---------- ---------\n         1 ANN          12.5 17-DEC-24\n        20 BOB           3.0 01-JAN-25\n\n2 rows selected.\n", 1, "ID|NAME|AMOUNT|DAY", "whole text decimal datetime", "1|ANN|12.5|2024-12-17", 2, "fixed-width rule-line note-left-out reading"},
	{"columns with decimal commas", "NO     NAME        SUM\n1      Smith      12,50\n2      Jones    1.200,00\n3      Webb         3,75\n", 1, "NO|NAME|SUM", "whole text decimal", "1|Smith|12.5", 3, "fixed-width"},
	{"bars around the lines", "| Name | Qty |\n|------|----:|\n| Pen | 3 |\n| Ink | 10 |\n", 1, "Name|Qty", "text whole", "Pen|3", 2, "drawn-table rule-line"},
	{"a total without its word", "|Doc|Amount    |Text |\n---------------------\n|A1 |    10,50 |one  |\n|A2 |     2,25-|two  |\n|A3 |     1,00 |three|\n---------------------\n|   |     9,25 |     |\n---------------------\n", 1, "Doc|Amount|Text", "text decimal text", "A1|10.5|one", 3, "drawn-table rule-line total-left-out reading"},
	{"a last row without its text", "Name;Qty;Sum\nA;3;10\nB;4;20\n;5;35\n", 1, "Name|Qty|Sum", "text whole whole", "A|3|10", 3, "group-labels"},
	{"an average", "City;Jan;Feb\nParis;5,1;6,2\nLyon;4,3;5,5\nNice;9,8;10,1\nMoyenne;6,4;7,27\n", 1, "City|Jan|Feb", "text decimal decimal", "Paris|5.1|6.2", 3, "total-left-out"},
	{"a category named average", "Rating;n\nLow;5\nAverage;7\nHigh;2\n", 1, "Rating|n", "text whole", "Low|5", 3, ""},
	{"questions below the names", "Start,Status,Score,Note\nStart date,Response type,How satisfied?,Anything else?\n\"{id:1}\",\"{id:2}\",\"{id:3}\",\"{id:4}\"\n2025-11-28,0,4,Fine\n2025-11-29,1,5,\n", 1, "Start|Status|Score|Note", "datetime whole whole text", "2025-11-28|0|4|Fine", 2, "units"},
	{"dates as names", "Report\n\nAccount,30 Nov 2025,31 Oct 2025\nSales,\"12,500.00\",\"11,000.00\"\nRent,250.00,0.00\n", 3, "Account|30 Nov 2025|31 Oct 2025", "text decimal decimal", "Sales|12500|11000", 2, ""},
	{"when it was printed, below", "Date,Num,Name,Amount\n11/03/2025,1,A,5.50\n11/28/2025,2,B,6.25\n,,,\n\"Friday, Nov 28, 2025 10:15 AM GMT+1\",,,\n", 1, "Date|Num|Name|Amount", "datetime whole text decimal", "2025-11-03|1|A|5.5", 2, "note-left-out"},
	{"more comments than rows", "# Pages\n# Account: x\n# ------\n# Start: 20251101\n#\nPath,Views\n/home,\"1,234\"\n/a,45\n/b,\"1,234,567\"\n", 6, "Path|Views", "text whole", "/home|1234", 3, "comment-lines"},
	{"names in a comment", "#Version: 1.0\n#Fields: date time status\n2025-11-28 00:00:01 200\n2025-11-28 00:00:02 304\n2025-11-28 00:00:05 401\n", 2, "date|time|status", "datetime text whole", "2025-11-28|00:00:01|200", 3, "comment-names comment-lines time"},
	{"fractions of seconds in a log", "2025-11-28 10:15:32,123 INFO main - Started, ready\n2025-11-28 10:15:33,001 WARN pool - Slow query, 12 ms\n2025-11-28 10:15:34,456 ERROR api - Timeout\n", 1, "2025-11-28 10:15:32,123 INFO main - Started, ready", "text", "2025-11-28 10:15:33,001 WARN pool - Slow query, 12 ms", 2, "header-guess no-table"},
	{"lines above and below a padded table", "Statement\nAccount:[me]\n---------- list ----------\nnumber              ,made          ,amount ,state \n1001001001001001001\t,2025-11-28    ,25.50  ,done  \n1001001001001001002\t,2025-11-27    ,199.00 ,done  \n1001001001001001003\t,2025-11-26    ,3.00   ,done  \n------------------\n共3笔记录\n", 4, "number|made|amount|state", "text datetime decimal text", "1001001001001001001|2025-11-28|25.5|done", 3, "padding tabs rule-line note-left-out"},
	{"backslashes before quotes", "id,text,n\n1,\"He said \\\"hi\\\", ok\",2\n2,\"a\",3\n", 1, "id|text|n", "whole text whole", "1|He said \"hi\", ok|2", 2, "escaped-quotes"},
	{"UTF-8 made of UTF-8", "Name;n\nMÃ¼ller;1\nJÃ¤ger;2\n", 1, "Name|n", "text whole", "MÃ¼ller|1", 2, "encoded-twice"},
	{"amounts in two currencies", "Deal,Amount\nA,\"USD 12,500.00\"\nB,\"EUR 7,000.00\"\nC,\"USD 1.00\"\n", 1, "Deal|Amount", "text text", "A|USD 12,500.00", 3, "mixed-currency"},
	{"numbers of orders", "OrderID,Freight\n10248,32.38\n10249,11.61\n", 1, "OrderID|Freight", "whole decimal", "10248|32.38", 2, ""},
	{"groups of digits in Japanese", "日付,残高\n2025/11/28,\"234,567\"\n2025/11/25,\"246,912\"\n", 1, "日付|残高", "datetime whole", "2025-11-28|234567", 2, "reading"},
	{"numbers in two units", "Part;Weight\nA;12.5 kg\nB;300 g\n", 1, "Part|Weight", "text text", "A|12.5 kg", 2, "header-guess mixed-currency"},
	{"groups that hold their sums", "Row,Sum\nEast,3\n Pen,1\n Ink,2\nWest,5\n Pen,5\nGrand total,8\n", 1, "Row|Sum", "text whole", "East|3", 6, "total"},
	{"durations", "Call,Length,Logged\nA,00:01:30,1h 30m\nB,27:00:00,45m\n", 1, "Call|Length|Logged", "text text text", "A|00:01:30|1h 30m", 2, "time looks-like"},
	{"texts among numbers are no second table", "Item,Sold,Left\na,1,3\nb,sold out,unknown\nc,2,4\n", 1, "Item|Sold|Left", "text text text", "a|1|3", 3, ""},
	{"dates that a spreadsheet has written anew", "No;Date\n1;5/3/2024\n2;13/03/2024\n3;4/1/2024\n4;28/02/2024\n", 1, "No|Date", "whole text", "1|5/3/2024", 4, "half-swapped"},
	{"dates with dots and dates with slashes", "No;Date\n1;03.05.2024\n2;05/13/2024\n3;04.01.2024\n", 1, "No|Date", "whole text", "1|03.05.2024", 3, "half-swapped"},
	{"dates without zeros by hand", "No;Date\n1;5/3/2024\n2;13/3/2024\n3;4/1/2024\n4;28/2/2024\n", 1, "No|Date", "whole datetime", "1|2024-03-05", 4, ""},
	{"months with zeros and days without", "No;Date\n1;5-10-2024\n2;13-09-2024\n3;4-11-2024\n4;28-02-2024\n", 1, "No|Date", "whole datetime", "1|2024-10-05", 4, ""},
	{"days as spreadsheets count them", "No,Order date\n1,45356\n2,45370\n", 1, "No|Order date", "whole whole", "1|45356", 2, "day-numbers"},
	{"numbers like those of days", "No,Orders\n1,45356\n2,45370\n", 1, "No|Orders", "whole whole", "1|45356", 2, ""},
	{"years of Persia", "No,Day\n1,1402/12/15\n2,1403/01/09\n", 1, "No|Day", "whole text", "1|1402/12/15", 2, "looks-like"},
	{"a page number above the names of each page", "Stock,,,Page 1 of 2\nItem,Qty,Price,Value\nBolt,10,0.50,5.00\nNut,20,0.25,5.00\nStock,,,Page 2 of 2\nItem,Qty,Price,Value\nPin,8,0.75,6.00\n", 2, "Item|Qty|Price|Value", "text whole decimal decimal", "Bolt|10|0.5|5", 3, "names-repeated note-left-out"},
	{"notes below without a blank line", "Country,Cases,Deaths\nPeru,100,3\nChile,200,4\nLast updated: 2024-03-05 10:00\nData: WHO\n", 1, "Country|Cases|Deaths", "text whole whole", "Peru|100|3", 2, "note-left-out"},
	{"notes in Russian and Japanese", "Город;Цена;Год\nТула;1,5;2024\nКазань;2,5;2023\n\nИсточник: Росстат\n注: 速報値\n", 1, "Город|Цена|Год", "text decimal whole", "Тула|1.5|2024", 2, "note-left-out"},
	{"a legend below", "geo\t2021\t2022\t2023\nBE\t11.5\t12.1\t12.4\nDE\t9.8\t10.2\t: \n\nSpecial value:\n:\tnot available\nb\tbreak in time series\n", 1, "geo|2021|2022|2023", "text decimal decimal decimal", "BE|11.5|12.1|12.4", 2, "nothing note-left-out"},
	{"a last line that is short", "Name,Town,Sum\nAnn,Oslo,3\nBob,Rome,4\nEve,,\n", 1, "Name|Town|Sum", "text text whole", "Ann|Oslo|3", 3, "note"},
	{"totals of SAP", "|Code|Doc|     Sum|\n------------------\n|1000|A1 |  10,50 |\n|2000|A2 |   2,25-|\n------------------\n|*   |   |   8,25 |\n", 1, "Code|Doc|Sum", "text text decimal", "1000|A1|10.5", 2, "drawn-table rule-line total-left-out reading"},
	{"rows of stars", "Who,Right,N\n*,read,1\n*,write,2\nann,read,4\n", 1, "Who|Right|N", "text text whole", "*|read|1", 3, ""},
	{"a balance below the sums", "Text;Debit;Credit\nRent;700,00;\nPay;;2.500,00\nPower;80,50;\nSummen;780,50;2.500,00\nSaldo;;1.719,50\n", 1, "Text|Debit|Credit", "text decimal decimal", "Rent|700|", 4, "total-left-out total"},
	{"a total in Croatian", "Regija;Kom\nSjever;10\nJug;20\nSveukupno;30\n", 1, "Regija|Kom", "text whole", "Sjever|10", 2, "total-left-out"},
	{"comments above two tables", "# ---\n# Report\n# Account: x\n# ---\n#\n# Start: 20240301\n# End: 20240331\nChannel,Users,Rate,Revenue\nOrganic,1234,0.6,12.5\nDirect,987,0.5,0\nReferral,12,0.5,3.25\n\n# Start: 20240301\nNth day,Users\n0000,45\n0001,50\n", 8, "Channel|Users|Rate|Revenue", "text whole decimal decimal", "Organic|1234|0.6|12.5", 3, "comment-lines another-table"},
	{"a title in brackets above the next table", "[Orders]\nId,Customer,Total\n1,Ann,10.50\n2,Bob,3.25\n[Customers]\nName,City\nAnn,Oslo\nBob,Rome\n", 2, "Id|Customer|Total", "whole text decimal", "1|Ann|10.5", 2, "another-table"},
	{"sums above the table", "Description,,Summary\nBeginning balance,,1000.00\nTotal credits,,2500.00\nTotal debits,,-62.75\nEnding balance,,3437.25\n\nDate,Text,Amount,Balance\n03/05/2024,\"A, B\",2500.00,3500.00\n03/15/2024,Shop,-62.75,3437.25\n", 7, "Date|Text|Amount|Balance", "datetime text decimal decimal", "2024-03-05|A, B|2500|3500", 2, ""},
	{"an index without a name", ",city,temp\n0,Oslo,1.5\n1,Rome,2.5\n", 1, "Column A|city|temp", "whole text decimal", "0|Oslo|1.5", 2, "unnamed-column"},
	{"one line in quotes among plain ones", "Order,Customer,Amount\n1,A,10.5\n\"2,\"\"Smith, J\"\",20\"\n3,C,30.25\n", 1, "Order|Customer|Amount", "whole text decimal", "1|A|10.5", 3, "wrapped-lines"},
	{"a note in quotes is no line in quotes", "Name,Sum\nA,1\nB,2\n\"Source: Eurostat, 2024\"\n", 1, "Name|Sum", "text whole", "A|1", 2, "note-left-out"},
	{"lines in quotes with other delimiters behind", "\"Nr,Kunde,Betrag\";;;\n\"1,\"\"Smith, J\"\",10.5\";;;\n\"2,Bach,20.25\";;;\n", 1, "Nr|Kunde|Betrag", "whole text decimal", "1|Smith, J|10.5", 2, "wrapped-lines line-tails"},
	{"line ends by turns", "Id;V\r\n1;5\n2;6\r\n3;7\n4;8\r\n", 1, "Id|V", "whole whole", "1|5", 4, ""},
	{"names in a comment below other comments", "#Klient;Jan\n#Konto;123\n#Od;2024-01-01\n\n#Data;#Opis;#Kwota\n2024-01-05;Kawa;-30,78\n2024-01-31;Pensja;1 200,00\n;;#Saldo;1 169,22\n", 5, "#Data|#Opis|#Kwota|Column D", "datetime text decimal text", "2024-01-05|Kawa|-30.78|", 2, "comment-lines total-left-out reading empty"},
	{"lines without delimiter above few rows", "Compte 123\nTitulaire : Dupont\nSolde : 1 234,56 €\n\nDate;Nom;Montant\n12/01/2024;CB;-30,70\n13/01/2024;CB 1;-30,71\n", 5, "Date|Nom|Montant", "datetime text decimal", "2024-01-12|CB|-30.7", 2, ""},
	{"a page field above is no line of names", "Year,2024\n\nRegion,Product,Sum\nEast,A,1\nEast,B,2\nWest,A,4\n", 3, "Region|Product|Sum", "text text whole", "East|A|1", 3, ""},
	{"lines with commas above few rows", "Statement for account 123, checking\nOwner: Smith, John\nBalance: 1234.56\n\nDate,Text,Amount\n2024-01-05,Coffee,-30.78\n2024-01-31,Pay,1200.00\n", 5, "Date|Text|Amount", "datetime text decimal", "2024-01-05|Coffee|-30.78", 2, ""},
	{"lines with commas above another delimiter", "Statement, account 123\nOwner: Smith, John\nFrom 2024-01-01, to 2024-01-31\nDate;Text;Amount\n2024-01-13;Buy;-30,78\n2024-01-14;Pay;-31,78\n", 4, "Date|Text|Amount", "datetime text decimal", "2024-01-13|Buy|-30.78", 2, ""},
	{"lines with commas right above the names", "Statement, account 123\nOwner: Smith, John\nFrom 2024-01-01, to 2024-01-31\nDate,Text,Amount\n2024-01-13,Buy,-30.78\n2024-01-14,Pay,-31.78\n", 4, "Date|Text|Amount", "datetime text decimal", "2024-01-13|Buy|-30.78", 2, ""},
	{"short lines of dashes", "Id,Name,Qty\n1,A,5\n--,--,--\n2,B,6\n", 1, "Id|Name|Qty", "whole text whole", "1|A|5", 2, "rule-line"},
	{"a wide title above a blank line", "Report;Mai;2024\n\nName;Alter;Ort;Land\nAnna;5;Oslo;NO\nBob;6;Rom;IT\nCy;7;Bern;CH\n", 3, "Name|Alter|Ort|Land", "text whole text text", "Anna|5|Oslo|NO", 3, ""},
	{"a row like the names, in capitals", "a,b\nA,B\nc,d\n", 1, "a|b", "text text", "A|B", 2, "header-guess"},
	{"backslashes that are no escapes", "id\tpath\n1\tC:\\temp\\new\n2\t\\N\n", 1, "id|path", "whole text", "1|C:\\temp\\new", 2, "null-marks"},
	{"one column of values in quotes", "author\n\"Smith, John\"\n\"Doe, Jane\"\n\"Roe, Rick\"\n", 1, "author", "text", "Smith, John", 3, "header-guess"},
	{"pairs of dashes", "plus,minus\n++,--\n--,--\n--,++\n", 1, "plus|minus", "text text", "++|--", 3, "header-guess"},
	{"escapes where \\N is nothing", "id\tqty\tname\n1\t5\tA\\tB\n2\t\\N\t\\N\n3\t7\tC\\\\D\n", 1, "id|qty|name", "whole whole text", "1|5|A\tB", 3, "null-marks escapes"},
	{"no escapes where backslashes are other ones", "id\tqty\tpath\n1\t5\tC:\\temp\\x\n2\t\\N\tD:\\y\n", 1, "id|qty|path", "whole whole text", "1|5|C:\\temp\\x", 2, "null-marks"},
	{"a letter", "Dear Sir,\n\nplease find below, as agreed, the numbers.\nThey are good, we think.\n\nYours, Jo\n", 3, "please find below|as agreed|the numbers.", "text text text", "They are good| we think.|", 2, "empty header-guess no-table note ragged"},
	{"a message of a database", "Msg 208, Level 16, State 1, Line 1\nInvalid object name 'dbo.t'.\n", 1, "Msg 208|Level 16|State 1|Line 1", "text text text text", "Invalid object name 'dbo.t'.|||", 1, "delimiter-blank empty empty empty header-guess no-table ragged"},
	{"carets, and commas in values", "Nr^Name^Wert\n1^A, B^1,5\n2^C^2,5\n", 1, "Nr|Name|Wert", "whole text decimal", "1|A, B|1.5", 2, ""},
	{"three lines of names, the first column in the last", ",2023,,2024,\n,Q1,Q2,Q1,Q2\nRegion,Sales,Sales,Sales,Sales\nNorth,1,2,3,4\nSouth,5,6,7,8\n", 3, "Region|2023 – Q1 – Sales|2023 – Q2 – Sales|2024 – Q1 – Sales|2024 – Q2 – Sales", "text whole whole whole whole", "North|1|2|3|4", 2, ""},
	{"a list of addresses", "ann@example.com\nbob@example.org\neve@example.net\n", 0, "Column A", "text", "ann@example.com", 3, "no-names"},
	{"apostrophes that protect digits", "Name,Zip,Phone,Year\nAnn,'01067,'+49 351 123456,'90s\nBob,'10115,'+49 30 5555,'80s\n", 1, "Name|Zip|Phone|Year", "text text text text", "Ann|01067|+49 351 123456|'90s", 2, "apostrophes looks-like"},
	{"prices of India", "Item\tA\tB\nx\t500/-\tRs.1,00,000/-\ny\t1,25,000/-\tRs.99/-\n", 1, "Item|A|B", "text whole decimal", "x|500|100000", 2, "reading reading"},
	{"kilometres and metres", "Way;Length\na;5 km\nb;300 m\nc;2 km\n", 1, "Way|Length", "text text", "a|5 km", 3, "header-guess mixed-currency"},
	{"metres", "Way;Length\na;5,5 m\nb;300 m\n", 1, "Way|Length", "text decimal", "a|5.5", 2, "reading header-guess"},
	{"durations of programs", "Job,Took,Iso\na,0 days 00:01:30,PT1H30M\nb,1 days 02:00:00,P1DT2H\n", 1, "Job|Took|Iso", "text text text", "a|0 days 00:01:30|PT1H30M", 2, "header-guess looks-like looks-like"},
	{"t and f", "Id,Paid,Grade\n1,t,x\n2,f,y\n3,t,z\n", 1, "Id|Paid|Grade", "whole text text", "1|t|x", 3, ""},
	{"settings", "[server]\nhost = localhost\nport = 8080\n[db]\nuser = x\n", 1, "[server]", "text", "host = localhost", 4, "no-table header-guess"},
	{"a letter", "Dear Ann,\n\nThank you for the numbers, which look right to us.\nPlease call if they are not.\n\nYours\n", 1, "Dear Ann,", "text", "Thank you for the numbers, which look right to us.", 3, "no-table header-guess"},
	{"colons", "root:x:0:/root\nann:x:1000:/home/ann\nbob:x:1001:/home/bob\n", 1, "root:x:0:/root", "text", "ann:x:1000:/home/ann", 2, "no-table header-guess"},
	{"amounts in columns that touch", "NO        NAME              SUM   DAY       \n0000000001Smith        12.500,00  01.03.2024\n0000000002Jones         7.250,50- 15.03.2024\n", 1, "NO NAME SUM DAY", "text", "0000000001Smith        12.500,00  01.03.2024", 2, "no-table header-guess"},
	{"months of Hebrew", "n|d\n1|5 במרץ 2024\n2|14 באפר׳ 2024\n", 1, "n|d", "whole datetime", "1|2024-03-05", 2, "reading"},
	{"names in one of many comments", "#Software: Web Server 10.0 of Somebody Else\n#Version: 1.0\n#Date: 2024-03-05 00:00:00\n#Fields: date time method path status taken\n2024-03-05 00:00:01 GET /index.html 200 15\n2024-03-05 00:00:02 POST /api 500 1200\n2024-03-05 00:00:05 GET /a.css 304 3\n", 4, "date|time|method|path|status|taken", "datetime text text text whole whole", "2024-03-05|00:00:01|GET|/index.html|200|15", 3, "comment-names comment-lines time"},
	{"sums of two columns without a word", "SKU,Name,Qty,Value\nA1,Pen,3,4.50\nA2,Ink,10,20.00\n,,13,24.50\n", 1, "SKU|Name|Qty|Value", "text text whole decimal", "A1|Pen|3|4.5", 2, "total-left-out"},
	{"least and most below", "Day,Temp\n2024-03-01,10\n2024-03-02,12\n2024-03-03,14\nMin,10\nMax,14\n", 1, "Day|Temp", "datetime whole", "2024-03-01|10", 3, "total-left-out"},
	{"numbers of parcels with an exponent", "Parcel,Weight\n9.4E+21,10.5\n9.4E+21,11\n9.40011E+21,12.25\n", 1, "Parcel|Weight", "text decimal", "9.4E+21|10.5", 3, "damaged"},
	{"measured numbers with an exponent", "Run,N\n1,9.4e+21\n2,1.2e+19\n", 1, "Run|N", "whole decimal", "1|9.4e+21", 2, "reading"},
	{"errors of spreadsheets", "a,b\n1,#DIV/0!\n2,#REF!\n3,1.5\n", 1, "a|b", "whole decimal", "1|", 3, "nothing"},
	{"rands", "Text,Sum,Row\nRent,\"R -12 500,00\",R1\nPay,\"R 45 000,50\",R2\n", 1, "Text|Sum|Row", "text decimal text", "Rent|-12500|R1", 2, "reading"},
	{"blanks around tabs", "name \t qty \t price\npen \t 3 \t 1.50\nink \t 10 \t 2.00\n", 1, "name|qty|price", "text whole decimal", "pen|3|1.5", 2, "delimiter-blank padding"},
	{"records of a header and a trailer", "H|20240305|ORDERS\nD|1|Pen|3|4.50\nD|2|Ink|10|20.00\nD|3|Pad|1|2.25\nT|3|26.75\n", 1, "Column A|Column B|Column C|Column D|Column E", "text whole text whole decimal", "D|1|Pen|3|4.5", 4, "neutral-names ragged"},
	{"postcodes without their zeros", "Name,ZIP\nAnn,2134\nBob,10001\n", 1, "Name|ZIP", "text whole", "Ann|2134", 2, "damaged"},
	{"a profit below", "Account,Jan,Feb\nSales,1200.00,900.00\nRent,-400.00,-400.00\nNet income,1850.00,1500.00\n", 1, "Account|Jan|Feb", "text decimal decimal", "Sales|1200|900", 3, "total"},
	{"numbers longer than their names", "Name          Id    WorkingSet StartTime\n----          --    ---------- ---------\nchrome      1234     204800000 05/03/2024\nexplorer     567      10240000 28/03/2024\n", 1, "Name|Id|WorkingSet|StartTime", "text whole whole datetime", "chrome|1234|204800000|2024-03-05", 2, "fixed-width rule-line"},
	{"a line above the names", "=====  ===\nItem   Qty\n=====  ===\nPen    3\nInk    10\n=====  ===\n", 2, "Item|Qty", "text whole", "Pen|3", 2, "fixed-width rule-line"},
	{"lines of a program", "import os\ndef main(a):\n    return a\nprint(main(1))\n", 1, "import os", "text", "def main(a):", 3, "no-table header-guess"},
	{"a list of towns", "Town\nOslo\nRome\nSankt Pölten\n", 1, "Town", "text", "Oslo", 3, "header-guess"},
}

// TestKinds holds what is right for files as they come from banks, shops, surveys,
// databases and logs.
func TestKinds(t *testing.T) {
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			r, err := readAll(t, put(t, "x.csv", []byte(k.data)), Options{})
			if err != nil {
				t.Fatal(err)
			}
			var names, types, first []string
			for i, h := range r.layout.Headers {
				names, types = append(names, h.Name), append(types, string(r.profile.Columns[i].Type))
				first = append(first, cell.Display(r.rows[0].Cells[i]))
			}
			if got := strings.Join(names, "|"); got != k.names || r.layout.HeaderRow != k.header {
				t.Errorf("names %s in row %d", got, r.layout.HeaderRow)
			}
			if got := strings.Join(types, " "); got != k.types {
				t.Errorf("types %s", got)
			}
			if got := strings.Join(first, "|"); got != k.first || len(r.rows) != k.rows || r.profile.Rows != int64(k.rows) {
				t.Errorf("%d rows, the first %s", len(r.rows), got)
			}
			said := r.codes + " " + noteKinds(r.layout.Remarks) + " " + noteKinds(r.profile.Remarks)
			for i := range r.profile.Columns {
				said += " " + noteKinds(r.profile.Columns[i].Remarks)
			}
			got, want := strings.Fields(strings.ReplaceAll(said, "text-form", "")), strings.Fields(k.codes)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("said %v", got)
			}
		})
	}
}

// TestKindsOfSheets: what programs leave in the cells of workbooks is read as in text files.
func TestKindsOfSheets(t *testing.T) {
	for _, k := range []struct{ sheet, names, first, said string }{
		{sheetOf(row("est", "se", "p"), row("site A", "1.25", "0.1", "0.01"), row("site B", "2.5", "0.2", "0.02")), "Column A|est|se|p", "site A|1.25|0.1|0.01", "row-names unnamed-column"},
		{sheetOf(row("est", "label"), row("1", "1.25", "x"), row("2", "2.5", "y"), row("3", "2.5", "y")), "Column A|est|label", "1|1.25|x", "row-names unnamed-column"},
		{sheetOf(row("Item", "Sold"), row("a", "1.25", "7"), row("b", "2.5", "8")), "Item|Sold|Column C", "a|1.25|7", "unnamed-column"},
		{sheetOf(row("Town", "Sold"), row("Rome", "1.25", "kg"), row("Oslo", "2.5", "kg")), "Town|Sold|Column C", "Rome|1.25|kg", "unnamed-column"},
		{sheetOf(row("Id", "Qty"), row(`="01"`, "NULL"), row(`="02"`, "7")), "Id|Qty", "01|", "formula-text null-words"},
		{sheetOf(row("Id", "Qty"), row("1", `\N`), row("2", "7")), "Id|Qty", "1|", "null-marks"},
		{sheetOf(row("Order,Who,Sum"), row(`1,"Smith, J",10.5`), row("2,Bach,20")), "Order,Who,Sum", `1,"Smith, J",10.5`, "header-guess whole-lines"},
		{sheetOf(row("Remark"), row("one, two"), row("three, four")), "Remark", "one, two", "header-guess"},
	} {
		r, err := readAll(t, book(k.sheet).file(t), Options{})
		if err != nil {
			t.Fatal(err)
		}
		var names, first []string
		for i, h := range r.layout.Headers {
			names, first = append(names, h.Name), append(first, cell.Display(r.rows[0].Cells[i]))
		}
		said := strings.Fields(r.codes + " " + noteKinds(r.layout.Remarks) + " " + noteKinds(r.profile.Remarks))
		slices.Sort(said)
		if got := strings.Join(names, "|") + "; " + strings.Join(first, "|") + "; " + strings.Join(said, " "); got != k.names+"; "+k.first+"; "+k.said {
			t.Errorf("%s, want %s; %s; %s", got, k.names, k.first, k.said)
		}
	}
}

// TestEmptyText: a text file without rows is an empty table that says so, a workbook
// without a byte a copy that was not completed.
func TestEmptyText(t *testing.T) {
	for name, data := range map[string]string{"none.csv": "", "mark.txt": "\ufeff", "lines.csv": "\r\n\r\n  \r\n"} {
		r, err := readAll(t, put(t, name, []byte(data)), Options{})
		if err != nil || len(r.rows) != 0 || len(r.layout.Headers) != 0 || len(r.notes) != 1 || !strings.HasPrefix(r.notes[0], "The file is empty.") {
			t.Errorf("%s: %v, %d rows, %v, %q", name, err, len(r.rows), r.layout.Headers, r.notes)
		}
	}
	_, err := readAll(t, put(t, "none.xlsx", nil), Options{})
	wantKind(t, err, ErrorEmpty)
	r, err := readAll(t, put(t, "names.csv", []byte("Id,Name\n")), Options{})
	if err != nil || len(r.rows) != 0 || len(r.layout.Headers) != 2 {
		t.Errorf("%v: %v", err, r.layout.Headers)
	}
}

// TestPackedDays: days written as one number are offered as dates.
func TestPackedDays(t *testing.T) {
	for value, want := range map[string]infer.Type{"20240229": infer.TypeDateTime, "20230229": "", "0": infer.TypeDateTime} {
		r, err := readSource(t, book(column("Day", num("20251128", 0), num(value, 0))).file(t), Options{}, "", "", 1)
		if err != nil {
			t.Fatal(err)
		}
		p := r.profile.Columns[0]
		if p.Type != infer.TypeWhole || p.OfferType != want {
			t.Errorf("%s: %s, offered %s", value, p.Type, p.OfferType)
		}
	}
}

// TestKeptTotalIsNotFilled: the blanks of a total stand for no value above them.
func TestKeptTotalIsNotFilled(t *testing.T) {
	path := put(t, "x.csv", []byte("Region,Product,Sum\nNorth,Pen,1\n,Ink,2\nSouth,Pen,4\n,Total,8\n"))
	b, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	src, err := b.Find(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	src.FillDown, src.Totals = []string{"Region"}, infer.KeepAll
	layout, err := b.Layout(t.Context(), src, 0)
	if err != nil {
		t.Fatal(err)
	}
	p, err := b.Profile(t.Context(), layout, nil)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := b.Preview(t.Context(), layout.WithTypes(p), 10)
	if err != nil || len(rows) != 4 || rows[1].Cells[0] != text("North") || rows[3].Cells[0].Kind != cell.Blank {
		t.Errorf("%v: %v", err, rows)
	}
}

// TestCoverSheet: a first sheet with nothing but a few sentences is not the one that is read.
func TestCoverSheet(t *testing.T) {
	data := sheetOf(row("Id", "Value"), row("1", "2.5"), row("2", "3.5"))
	for _, c := range []struct{ first, want string }{
		{sheetOf(row("Annual report 2025"), row("Do not edit.")), "Data2"},
		{sheetOf(row("Name"), row("Anna"), row("Bert")), "Data"},
		{sheetOf(row("Made by", "Anna Smith"), row("To be", "checked")), "Data"},
		{sheetOf(row("Rows below"), row("12")), "Data"},
	} {
		sheet := func(rows string) string {
			return `<worksheet ` + mainNS + `><sheetData>` + rows + `</sheetData></worksheet>`
		}
		b, err := Open(t.Context(), bookOf(sheet(c.first), sheet(data)).file(t), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if src, err := b.Find(t.Context(), "", ""); err != nil || src.Sheet != c.want {
			t.Errorf("%v: %q, want %q", err, src.Sheet, c.want)
		}
		b.Close()
	}
}

// TestProvenTotalsAreKept: a total that only its sums prove is kept where that is chosen, and
// said, so that it can be left out again.
func TestProvenTotalsAreKept(t *testing.T) {
	for name, data := range map[string]string{"a word": "Regija;Kom\nSjever;10\nJug;20\nUkupno Jug;30\n", "no word": "SKU,Name,Qty,Value\nA1,Pen,3,4.50\nA2,Ink,10,20.00\n,,13,24.50\n", "an average": "City;Jan\nParis;5,1\nLyon;4,3\nNice;9,8\nMoyenne;6,4\n",
		"a label in the column of days": "Day,Qty,Price\nDate,,\n2024-01-01,1,2.5\n2024-01-02,2,2.75\n", "a note in the column of days": "Day,Qty,Price\n2024-01-01,1,2.5\n2024-01-02,2,2.75\nApproved by Ann,,\n"} {
		b, err := Open(t.Context(), put(t, "x.csv", []byte(data)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		src, err := b.Find(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		all := int64(strings.Count(data, "\n") - 1)
		for keep, rows := range map[infer.Keep]int64{infer.KeepProven: all - 1, infer.KeepAll: all, infer.KeepNone: all - 1} {
			src.Totals = keep
			p, _ := profiled(t, b, src)
			if p.Rows != rows || p.Suspects != 1 || len(p.Remarks) != 1 || len(p.Remarks[0].Options) == 0 {
				t.Errorf("%s, %q: %d rows, %+v", name, keep, p.Rows, p.Remarks)
			}
		}
	}
}
