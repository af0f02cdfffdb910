// Command words makes words.txt, the words of all languages with which people write
// dates, amounts and truth values, from the data of Unicode CLDR: unpack the packages
// cldr-core, cldr-dates-full, cldr-numbers-full and cldr-misc-full of npm into one folder
// each, and give the folder that holds them.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("words FOLDER-OF-CLDR FILE")
	}
	t := table{root: os.Args[1], months: map[string]map[int]string{}, sets: map[string]map[string]bool{}}
	for _, tag := range t.locales() {
		if t.rank(tag) <= wellCovered {
			t.dates(tag)
			t.answers(tag)
			t.money(tag)
		}
	}
	if err := os.WriteFile(os.Args[2], []byte(t.String()), 0o644); err != nil { //nolint:gosec // a source file
		log.Fatal(err)
	}
}

// table is what is found.
type table struct {
	root     string
	coverage map[string]string
	months   map[string]map[int]string  // word → month → the best covered language that uses it so
	telling  map[string]map[string]int  // language → word → month
	sets     map[string]map[string]bool // the other kinds of words
}

func (t *table) read(v any, path ...string) bool {
	data, err := os.ReadFile(filepath.Join(append([]string{t.root}, path...)...))
	if err != nil {
		return false
	}
	if err := json.Unmarshal(data, v); err != nil {
		log.Fatal(path, err)
	}
	return true
}

// locales are all locales, the best covered first.
func (t *table) locales() []string {
	var levels struct {
		Levels map[string]string `json:"effectiveCoverageLevels"`
	}
	if !t.read(&levels, "cldr-core", "coverageLevels.json") {
		log.Fatal("cldr-core is missing")
	}
	t.coverage = levels.Levels
	dir, err := os.ReadDir(filepath.Join(t.root, "cldr-dates-full", "main"))
	if err != nil {
		log.Fatal(err)
	}
	var tags []string
	for _, e := range dir {
		tags = append(tags, e.Name())
	}
	slices.SortStableFunc(tags, func(a, b string) int { return t.rank(a) - t.rank(b) })
	return tags
}

// wellCovered is the rank up to which languages are taken: about 110. Of the others most
// months are words of three letters, which are codes in every file that holds them.
const wellCovered = 1

// rank is how well a language is covered, 0 best.
func (t *table) rank(tag string) int {
	language, _, _ := strings.Cut(tag, "-")
	if at := slices.Index([]string{"modern", "moderate", "basic"}, t.coverage[language]); at >= 0 {
		return at
	}
	return 3
}

// Word is how a word is looked up: small letters, composed, without stops and blanks.
func word(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '.' || r == '\u2024' || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, strings.ToLower(norm.NFC.String(s)))
	return s
}

// plain is a word without accents; "" when it has none.
func plain(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	if b.String() == s || strings.IndexFunc(b.String(), func(r rune) bool { return r > unicode.MaxASCII }) >= 0 {
		return ""
	}
	return b.String()
}

func (t *table) put(set string, words ...string) {
	if t.sets[set] == nil {
		t.sets[set] = map[string]bool{}
	}
	for _, w := range words {
		if w = word(w); w != "" {
			t.sets[set][w] = true
		}
	}
}

var quoted = regexp.MustCompile(`'((?:[^']|'')*)'`)

func letters(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) && r != '\'' && r != '’' }) < 0
}

type gregorian struct {
	Months, Days, DayPeriods map[string]map[string]map[string]string
	DateFormats              map[string]any
	DateTimeFormats          map[string]any
}

func (t *table) dates(tag string) {
	var file struct {
		Main map[string]struct {
			Dates struct{ Calendars struct{ Gregorian gregorian } }
		}
	}
	if !t.read(&file, "cldr-dates-full", "main", tag, "ca-gregorian.json") {
		return
	}
	g := file.Main[tag].Dates.Calendars.Gregorian
	language, _, _ := strings.Cut(tag, "-")
	for _, context := range []string{"format", "stand-alone"} {
		for _, width := range []string{"wide", "abbreviated"} {
			for key, name := range g.Months[context][width] {
				var month int
				if _, err := fmt.Sscan(key, &month); err != nil {
					log.Fatal(err)
				}
				fields := strings.Fields(name)
				if len(fields) == 2 && utf8.RuneCountInString(fields[0]) <= 3 {
					name = fields[1] // de zenâ
				} else if len(fields) > 1 {
					continue
				}
				w := word(name)
				if !letters(w) || utf8.RuneCountInString(w) < 2 {
					continue
				}
				t.month(language, w, month)
				t.month(language, plain(w), month)
				if r := []rune(w); width == "wide" && t.rank(tag) == 0 && len(r) > 3 && unicode.In(r[0], unicode.Latin, unicode.Cyrillic, unicode.Greek) {
					t.month("~"+language, string(r[:3]), month)
					t.month("~"+language, plain(string(r[:3])), month)
				}
			}
		}
		for _, width := range []string{"wide", "abbreviated", "short"} {
			for _, name := range g.Days[context][width] {
				for _, part := range strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == '-' }) {
					if w := word(part); letters(w) {
						t.put("weekday", w, plain(w))
					}
				}
			}
		}
		for _, width := range []string{"wide", "abbreviated"} {
			for period, half := range map[string]string{"am": "am", "pm": "pm", "morning1": "am", "morning2": "am", "afternoon1": "pm", "afternoon2": "pm", "evening1": "pm", "evening2": "pm"} {
				if w := word(g.DayPeriods[context][width][period]); letters(w) {
					t.put(half, w)
				}
			}
		}
	}
	available, _ := g.DateTimeFormats["availableFormats"].(map[string]any)
	for _, formats := range []map[string]any{g.DateFormats, g.DateTimeFormats, available} {
		for _, pattern := range formats {
			p, ok := pattern.(string)
			if !ok || strings.ContainsRune(p, 'G') || strings.ContainsRune(p, 'w') || strings.ContainsRune(p, 'W') {
				continue
			}
			for _, m := range quoted.FindAllStringSubmatch(p, -1) {
				for _, part := range strings.Fields(m[1]) {
					if w := word(part); letters(w) {
						t.put("filler", w)
					}
				}
			}
			for _, part := range strings.FieldsFunc(quoted.ReplaceAllString(p, " "), func(r rune) bool { return r < 0x80 || !unicode.IsLetter(r) }) {
				t.put("filler", part)
			}
		}
	}
}

// month notes that a language calls a month so. Languages come in the order of how well
// they are covered; one that is covered less well changes nothing.
func (t *table) month(language, w string, month int) {
	if w == "" {
		return
	}
	if t.months[w] == nil {
		t.months[w] = map[int]string{}
	}
	if was, known := t.months[w][month]; !known || was[0] == '~' && language[0] != '~' {
		t.months[w][month] = language
	}
	if !strings.HasPrefix(language, "~") {
		if t.telling == nil {
			t.telling = map[string]map[string]int{}
		}
		if t.telling[language] == nil {
			t.telling[language] = map[string]int{}
		}
		t.telling[language][w] = month
	}
}

func (t *table) answers(tag string) {
	var file struct {
		Main map[string]struct {
			Posix struct {
				Messages struct{ Yesstr, Nostr string }
			}
		}
	}
	if !t.read(&file, "cldr-misc-full", "main", tag, "posix.json") {
		return
	}
	m := file.Main[tag].Posix.Messages
	for set, list := range map[string]string{"yes": m.Yesstr, "no": m.Nostr} {
		for _, w := range strings.Split(list, ":") {
			if utf8.RuneCountInString(w) > 1 && utf8.RuneCountInString(w) <= 12 {
				t.put(set, w)
			}
		}
	}
}

func (t *table) money(tag string) {
	var file struct {
		Main map[string]struct {
			Numbers struct{ Currencies map[string]map[string]string }
		}
	}
	if !t.read(&file, "cldr-numbers-full", "main", tag, "currencies.json") {
		return
	}
	for code, c := range file.Main[tag].Numbers.Currencies {
		t.put("code", code)
		for _, key := range []string{"symbol", "symbol-alt-narrow", "symbol-alt-variant"} {
			w := word(c[key])
			if w == "" || strings.EqualFold(w, code) || utf8.RuneCountInString(w) > 6 || strings.ContainsAny(w, "0123456789") {
				continue
			}
			if utf8.RuneCountInString(w) == 1 && unicode.IsLetter([]rune(w)[0]) {
				continue // K 5, Q1, R2: codes are written so
			}
			t.put("money", w)
		}
	}
}

// String writes the table, a kind of words a line.
func (t *table) String() string {
	var b strings.Builder
	b.WriteString("# Words of all languages from Unicode CLDR, made by storage/written/words.\n# Copyright © 1991-2026 Unicode, Inc. License: Unicode-3.0, https://www.unicode.org/license.txt\n")
	byMonth := map[int][]string{}
	disputed := map[string]bool{} // languages of full coverage that disagree
	for w, meanings := range t.months {
		best, at, tie := 99, 0, false
		for month, language := range meanings {
			rank := t.rank(strings.TrimPrefix(language, "~"))
			if strings.HasPrefix(language, "~") {
				rank += 10
			}
			if rank == best {
				tie = true
			} else if rank < best {
				best, at, tie = rank, month, false
			}
		}
		switch {
		case !tie:
			byMonth[at] = append(byMonth[at], w)
		case best == 0:
			for _, language := range meanings {
				disputed[language] = len(t.telling[language]) >= 12
			}
		}
	}
	line := func(kind string, words []string) {
		slices.Sort(words)
		fmt.Fprintf(&b, "%s %s\n", kind, strings.Join(slices.Compact(words), " "))
	}
	for month := 1; month <= 12; month++ {
		line(fmt.Sprint("month ", month), byMonth[month])
	}
	for _, language := range slices.Sorted(maps.Keys(disputed)) {
		if !disputed[language] {
			continue
		}
		for month := 1; month <= 12; month++ {
			var words []string
			for w, m := range t.telling[language] {
				if m == month {
					words = append(words, w)
				}
			}
			line(fmt.Sprint("in ", language, " ", month), words)
		}
	}
	for w := range t.sets["yes"] {
		if t.sets["no"][w] {
			delete(t.sets["yes"], w)
			delete(t.sets["no"], w)
		}
	}
	for w := range t.sets["am"] {
		if t.sets["pm"][w] {
			delete(t.sets["am"], w)
			delete(t.sets["pm"], w)
		}
	}
	for _, set := range []string{"weekday", "am", "pm", "filler", "yes", "no", "money", "code"} {
		line(set, slices.Collect(maps.Keys(t.sets[set])))
	}
	return b.String()
}
