package infer

import (
	"math"
	"slices"
	"sort"
	"strings"
	"time"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/internal/numeric"
	"pushdesk/storage/written"
)

// columnStats is what is collected of a column while its rows pass.
type columnStats struct {
	codes   bool // the header says that its values are codes
	version bool // or versions of programs
	days    bool // or dates
	zips    bool // or postcodes
	counts  [cell.Kinds]int64
	firsts  [cell.Kinds][]Misfit // the first cells of each kind
	numberStats
	dateStats
	uncalculated        cell.Tally
	longest, longestRow int
	samples             []string
	texts               textStats
}

// numberStats is what is collected of the numbers of a column.
type numberStats struct {
	numbered             bool // there is one
	min, max, sum        float64
	fractions            cell.Tally // numbers that are not whole
	beyond               cell.Tally // whole numbers that no 64-bit integer holds
	padded, asText       cell.Tally
	rounded, badDate     cell.Tally
	percent, currency    int64
	currencies           [4]uint64 // bit set of the currencies seen
	minDigits, maxDigits int       // of whole numbers, for columns of codes
	long                 longNumbers
	packed, zeros        int64 // days written as eight digits: 20240331, and zeros
}

// longNumbers are whole numbers of sixteen digits and more, of which a spreadsheet keeps
// fifteen.
type longNumbers struct {
	cut    cell.Tally // only zeros from the sixteenth on
	sharp  int64      // of these: the fifteenth digit is no zero, as in codes and not in round amounts
	others int64
}

func (l *longNumbers) add(f float64, row int) {
	tail := uint64(10)
	for f >= float64(tail)*1e15 {
		tail *= 10
	}
	switch {
	case uint64(f)%tail != 0:
		l.others++
	default:
		if l.cut.Add(row); uint64(f)/tail%10 != 0 {
			l.sharp++
		}
	}
}

// dateStats is what is collected of the dates of a column.
type dateStats struct {
	dated            bool // there is one
	minDate, maxDate int64
	leapDay          cell.Tally
	late             bool // one is after the twelfth of its month
}

const maxSamples = 5

// look takes the cell of a row in column i; currencies are those of the row's cells.
func (s *columnStats) look(c *cell.Cell, row, i int, currencies []uint8) {
	if c.Kind == cell.Blank {
		if s.counts[cell.Blank]++; c.Flags != 0 {
			s.uncalculated.Add(row)
		}
		return
	}
	if s.counts[c.Kind]++; s.counts[c.Kind] <= maxMisfits {
		s.firsts[c.Kind] = append(s.firsts[c.Kind], Misfit{row, cell.Display(*c), c.Kind})
	}
	if len(s.samples) < maxSamples && c.Kind != cell.Error {
		if text := cell.Display(*c); !slices.Contains(s.samples, text) {
			s.samples = append(s.samples, text)
		}
	}
	switch c.Kind {
	case cell.Number:
		var currency uint8
		if i < len(currencies) {
			currency = currencies[i]
		}
		s.addNumber(c, row, currency)
	case cell.Text:
		if len(c.Text) > s.longest {
			if n := numeric.Units(c.Text); n > s.longest {
				s.longest, s.longestRow = n, row
			}
		}
		s.texts.add(c.Text, row)
	case cell.Date, cell.DateTime:
		if !s.dated || c.Int < s.minDate {
			s.minDate = c.Int
		}
		if !s.dated || c.Int > s.maxDate {
			s.maxDate = c.Int
		}
		s.dated = true
		if !s.late {
			s.late = time.UnixMilli(c.Int).UTC().Day() > 12
		}
		if c.Flags&cell.FakeLeapDay != 0 {
			s.leapDay.Add(row)
		}
	}
}

func (s *columnStats) addNumber(c *cell.Cell, row int, currency uint8) {
	f := c.Float
	if !s.numbered || f < s.min {
		s.min = f
	}
	if !s.numbered || f > s.max {
		s.max = f
	}
	s.numbered = true
	s.sum += f
	if f != math.Trunc(f) {
		s.fractions.Add(row)
	} else {
		if f >= math.MaxInt64 || f <= math.MinInt64 {
			s.beyond.Add(row)
		}
		if s.codes {
			s.countDigits(f)
		}
		if f >= 1e15 && f < 1e19 {
			s.long.add(f, row)
		}
		if f >= 19000101 && f <= 21001231 {
			if _, ok := written.PackedDay(int(f)); ok {
				s.packed++
			}
		} else if f == 0 {
			s.zeros++
		}
	}
	switch c.Style {
	case cell.Percent:
		s.percent++
	case cell.Currency:
		s.currency++
		s.currencies[currency/64] |= 1 << (currency % 64)
	case cell.ZeroPadded:
		s.padded.Add(row)
	case cell.AsText:
		s.asText.Add(row)
	}
	if c.Flags&cell.Rounded != 0 {
		s.rounded.Add(row)
	}
	if c.Flags&cell.NoDate != 0 {
		s.badDate.Add(row)
	}
}

func (s *columnStats) countDigits(f float64) {
	digits := 1
	for limit := 10.0; math.Abs(f) >= limit && digits < 30; limit *= 10 {
		digits++
	}
	if f < 0 {
		digits = -1 // no code is negative
	}
	if s.maxDigits == 0 {
		s.minDigits, s.maxDigits = digits, digits
		return
	}
	s.minDigits, s.maxDigits = min(s.minDigits, digits), max(s.maxDigits, digits)
}

// codeWords are the words of a header that say its values are codes, not amounts.
var codeWords = map[string]bool{
	"code": true, "codes": true, "zip": true, "postcode": true, "postal": true,
	"phone": true, "telephone": true, "tel": true, "mobile": true, "fax": true, "account": true, "acct": true,
	"sku": true, "ean": true, "upc": true, "gtin": true, "isbn": true, "iban": true, "ssn": true, "plz": true,
}

// zipWords are those of postcodes, which have one length in most countries.
var zipWords = map[string]bool{"zip": true, "zipcode": true, "postcode": true, "postal": true, "plz": true, "postleitzahl": true, "codepostal": true, "cap": true, "cp": true, "psč": true}

// versionWords say that 1.10 is another value than 1.1.
var versionWords = map[string]bool{"version": true, "versions": true, "versión": true, "versione": true, "versie": true, "release": true, "build": true, "firmware": true, "chapter": true, "kapitel": true}

// dateWords say that the values of a column are days.
var dateWords = map[string]bool{"date": true, "dates": true, "day": true, "datum": true, "tag": true, "fecha": true, "data": true, "dato": true, "datums": true, "dag": true, "tarih": true, "dátum": true,
	"дата": true, "päivämäärä": true, "pvm": true, "kuupäev": true, "ημερομηνία": true, "日付": true, "日期": true, "날짜": true, "วันที่": true, "ngày": true, "tanggal": true, "تاريخ": true, "التاريخ": true, "תאריך": true}

// namesDays reports whether a header says that its values are days: Order date, Lieferdatum.
func namesDays(header string) bool {
	return names(header, dateWords) || strings.HasSuffix(strings.ToLower(header), "datum")
}

// names reports whether a header has one of some words as a whole word. Capital letters
// part words as well: CustomerCode, zipCode.
func names(header string, some map[string]bool) bool {
	var b strings.Builder
	before := rune(0)
	for _, r := range header {
		switch {
		case r >= 'A' && r <= 'Z':
			if before >= 'a' && before <= 'z' {
				b.WriteByte(' ')
			}
			b.WriteRune(r + 'a' - 'A')
		case r >= 'a' && r <= 'z':
			b.WriteRune(r)
		case r > 0x7f:
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
		before = r
	}
	for _, word := range strings.Fields(b.String()) {
		if some[word] {
			return true
		}
	}
	return false
}

// firstMisfits merges the first cells of several kinds in the order of their rows.
func firstMisfits(lists ...[]Misfit) []Misfit {
	var all []Misfit
	for _, list := range lists {
		all = append(all, list...)
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].Row < all[j].Row })
	return all[:min(len(all), maxMisfits)]
}

// maxMisfits is how many misfits of a column are kept with their addresses.
const maxMisfits = 5
