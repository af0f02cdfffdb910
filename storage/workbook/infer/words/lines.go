package words

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// counts are the lines that programs write below what they export.
var counts = regexp.MustCompile(`(?i)^\(?\s*[0-9][0-9.,' ]*\s*(rows?|records?|lines?|results?|entries|items|zeilen?|datens[aä]tze?|lignes?|filas?|registros?|righe|record|rijen|wiersz[ey]?|строк[аи]?|行|件)(\PL.{0,23})?\)?\.?$|^[(（]?[共合][计計]?\s*[0-9]+\s*[笔筆条條行项項个個件].{0,12}$|^全?\s*[0-9]+\s*件.{0,8}$`)

// notes are the words that notes below a table begin with.
var notes = regexp.MustCompile(`(?i)^\W{0,2}(source|quelle|fuente|fonte|bron|źródło|источник|notes?|hinweis|anmerkung|remarque|nota|applied filters?|filters? applied|angewendete filter|filtres appliqu|report (generated|created|run)|generated|created (on|by)|exported|erstellt|stand|printed|gedruckt|end of (report|file)|ende|©|\(c\)|copyright|confidential|vertraulich|page \d|seite \d|last (updated?|modified|refreshed)|updated( on| at)?|data( source)?:|data source|as (of|at) |aktualisiert|letzte aktualisierung|datenstand|mis(e)? à jour|dernière mise|actualizado|última actualización|aggiornato|ultimo aggiornamento|(laatst )?bijgewerkt|senast uppdaterad|sist oppdatert|senest opdateret|zaktualizowano|ostatnia aktualizacja|обновлено|по состоянию|примечани[ея]|uwag[ai]|poznámk[ay]|megjegyzés|huom|observaç(ão|ões)|opmerking(en)?|anm|disclaimer|footnotes?|special values?|available flags?)(\PL|$)|^\*{1,3}\s?\S|^[¹²³†‡※]|^(zdroj|forrás|käll(a|or)|kilder?|lähde|πηγή|kaynak|izvor|извор|джерело|sursa|allikas|avots|šaltinis|vir|nguồn|sumber|מקור|المصدر|منبع|ที่มา|แหล่งที่มา)\s*[:：]|^\W{0,2}(注|備考|出典|資料|来源|來源|资料|數據來源|数据来源|자료|출처|หมายเหตุ)`)

// units are what people and programs write below a name: units of measure and money,
// types, and patterns of dates.
var units = regexp.MustCompile(`(?i)^(\[.*\]|\(.*\)|%|‰|[°º]\s?[cfk]?|ppm|ppb|[µμmkcdnhgtp]?(m|g|l|s|v|a|w|n|j|pa|hz|wh|va|mol|bar|bit|b)([23²³]|\^[23])?(/\S+)?|kb|gb|mb|tb|kwp?h?|mwh|gwh|hpa|min|sec|hrs?|days?|hours?|minutes?|seconds?|weeks?|months?|years?|tage?|stunden?|jahre?|jours?|horas?|d|h|yr|psi|rpm|lbs?|oz|ft|in|mi|mph|km/h|m/s|deg(rees?)?( ?[cf])?|pcs?\.?|stk\.?|stück|each|ea|kg|t|to|ha|acres?|eur|usd|gbp|chf|jpy|sek|nok|dkk|pln|czk|huf|[$€£¥]|[$€£]? ?(thousands?|millions?|m|k|mn|bn)|t€|tsd\.? ?\S*|mio\.? ?\S*|[kt](€|\$|£|eur|usd|gbp|chf|sek|nok|dkk)|in \S+|string|str|varchar(\(\d+\))?|n?char(\(\d+\))?|ints?|integer|bigint|numeric|decimal(\(\d+,\s?\d+\))?|float|double|bool(ean)?|date|datetime(\[\S+\])?|timestamp(tz)?|u?int(8|16|32|64|128)|[ui](8|16|32|64|128)|f(loat)?(16|32|64)|uuid|hugeint|obj|object|category|[ymdhs:/. t-]*(yyyy|yy|dd|mm|hh|ss)[ymdhs:/. t-]*|jjjj.*|tt\..*|no unit|unitless|none|dimensionless|[a-zµμ°Ω]{1,4}[/·*]\S{1,8})$`)

// Unit reports whether a text is a unit.
func Unit(text string) bool {
	text = strings.TrimSpace(text)
	return text != "" && utf8.RuneCountInString(text) <= 24 && units.MatchString(text)
}

// Count reports whether a text is a line that a program writes below what it exports, such
// as "(3 rows affected)".
func Count(text string) bool { return counts.MatchString(strings.TrimSpace(text)) }

// Note reports whether a text begins as notes below a table do.
func Note(text string) bool { return notes.MatchString(strings.TrimSpace(text)) }

// Pivot reports whether a text, in small letters, names the values or the filter of a pivot
// table, which stand above its labels.
func Pivot(text string) bool { return pivotWords.MatchString(text) }

// pivotWords begin the name of the values of a pivot table, which stands above its labels.
var pivotWords = regexp.MustCompile(`^(sum|count|average|max|min|product|stddev|var) of |^(summe|anzahl|mittelwert) von |^(somme|nombre|moyenne) de |^(suma|cuenta|promedio) de |^(somma|conteggio|media) di |^(soma|contagem) de |^(som|aantal|gemiddelde) van |^(column|row) labels$|^(spalten|zeilen)beschriftungen$|^values$|^\(all\)$|^\(alle\)$`)

// Footnote reports whether a text begins as a footnote does.
func Footnote(text string) bool { return footnotes.MatchString(text) }

var footnotes = regexp.MustCompile(`^\s*([*]{1,3}\)?\s?\pL|[¹²³†‡※])`)
