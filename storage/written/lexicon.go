package written

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

//go:generate go run ./words ../../../cldr words.txt

//go:embed words.txt
var words string

// more are words that CLDR does not have: abbreviations of programs, the truth values of
// spreadsheets.
const more = `month 1 tammik
month 2 helmik
month 3 mrz maalisk
month 4 huhtik
month 5 toukok
month 6 kesäk
month 7 heinäk
month 8 elok
month 9 syysk
month 10 lokak
month 11 marrask
month 12 jouluk
month 9 sept ספט
month 1 ינו
month 2 פבר
month 4 אפר
month 8 אוג
month 10 אוק
month 11 נוב
month 12 דצמ
filler um om las uhr klo kl ore alle at às à as of the st nd rd th er ère re º ª año anno gada года году р рік року г год the am den dne um o'clock dated
yes true wahr vrai verdadero vero verdadeiro waar prawda истина igaz doğru dogru tosi sand sant pravda tak 真 是 참 on ✓ ✔ ☑ 예 네 så ya sí
no false falsch faux falso onwaar fałsz falsz ложь hamis yanlış yanlis epätosi falsk usant nepravda 假 否 거짓 off ✗ ✘ ☐ hayır hayir 아니오 nē
money fr sfr rs руб р грн kč zł
am a.m
pm p.m`

// meaning is what a word can be, in any language.
type meaning struct {
	month    int8
	disputed bool // a month that languages disagree about
	weekday  bool
	half     int8 // 1 before noon, 2 after
	filler   bool
	truth    int8 // 1 yes, 2 no
	money    bool
	code     bool // an ISO code of a currency
}

// telling are the months of the languages that disagree, by language and word.
type lexicon struct {
	words   map[string]meaning
	telling []language
}

type language struct {
	tag    string
	months map[string]int8
}

var loaded = sync.OnceValue(load)

func load() *lexicon {
	l := &lexicon{words: make(map[string]meaning, 5000)}
	for line := range strings.Lines(words + more) {
		fields := strings.Fields(line)
		if len(fields) < 2 || fields[0] == "#" {
			continue
		}
		kind, list := fields[0], fields[1:]
		number := 0
		switch kind {
		case "month":
			number, list = atoi(list[0]), list[1:]
		case "in":
			tag, month := list[0], atoi(list[1])
			at := slices.IndexFunc(l.telling, func(l language) bool { return l.tag == tag })
			if at < 0 {
				at = len(l.telling)
				l.telling = append(l.telling, language{tag, map[string]int8{}})
			}
			for _, w := range list[2:] {
				l.telling[at].months[w] = int8(month)
			}
			continue
		}
		for _, w := range list {
			m := l.words[w]
			switch kind {
			case "month":
				m.month = int8(number)
			case "weekday":
				m.weekday = true
			case "am":
				m.half = 1
			case "pm":
				m.half = 2
			case "filler":
				m.filler = true
			case "yes":
				m.truth = 1
			case "no":
				m.truth = 2
			case "money":
				m.money = true
			case "code":
				m.code = true
			}
			l.words[w] = m
		}
	}
	for _, t := range l.telling {
		for w := range t.months {
			if m := l.words[w]; m.month == 0 {
				m.disputed = true
				l.words[w] = m
			}
		}
	}
	return l
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic("words.txt: " + err.Error())
	}
	return n
}

// lookUp finds a word, whatever its case, without its stops.
func lookUp(word string) (meaning, bool) {
	var buf [24]byte
	if len(word) > len(buf) {
		return meaning{}, false
	}
	out := buf[:0]
	for i := 0; i < len(word); i++ {
		switch b := word[i]; {
		case b >= utf8.RuneSelf:
			m, ok := loaded().words[small(word)]
			return m, ok
		case b >= 'A' && b <= 'Z':
			out = append(out, b+'a'-'A')
		case b != '.':
			out = append(out, b)
		}
	}
	m, ok := loaded().words[string(out)]
	return m, ok
}

// small is a word as the lexicon has it.
func small(word string) string {
	return strings.Map(func(r rune) rune {
		if r == '.' || invisible(r) || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, strings.ToLower(norm.NFC.String(word)))
}

// Languages are a set of the languages that disagree about names of months.
type Languages uint8

// AnyLanguage is all of them.
const AnyLanguage Languages = 1<<8 - 1

// languagesOf returns the languages that have a month of this name; AnyLanguage when none
// of those that disagree has.
func languagesOf(name string) Languages {
	var in Languages
	for i, t := range loaded().telling {
		if t.months[name] > 0 {
			in |= 1 << i
		}
	}
	if in == 0 {
		return AnyLanguage
	}
	return in
}

// existing returns those of the languages in which there is such a day.
func existing(in Languages, name string, year, day int) (some Languages) {
	for i, t := range loaded().telling {
		if _, ok := CivilDay(year, int(t.months[name]), day); ok && in&(1<<i) != 0 {
			some |= 1 << i
		}
	}
	return some
}

// Settle returns the language in which the disputed names of months are to be read, given
// the languages that have all names of a column. ok is false when they still disagree.
func Settle(in Languages, disputed []string) (tag string, ok bool) {
	for i, t := range loaded().telling {
		if in&(1<<i) == 0 {
			continue
		}
		if tag == "" {
			tag = t.tag
			continue
		}
		for _, name := range disputed {
			if t.months[name] != monthIn(tag, name) {
				return "", false
			}
		}
	}
	return tag, tag != ""
}

// monthIn is the month of a disputed name in a language; 0 when it has none.
func monthIn(tag, name string) int8 {
	for _, t := range loaded().telling {
		if t.tag == tag {
			return t.months[name]
		}
	}
	return 0
}

// Truth reads true and false; with words also yes, no and their translations.
func Truth(text string, words bool) (value, ok bool) {
	if len(text) == 0 || len(text) > 24 {
		return false, false
	}
	switch {
	case strings.EqualFold(text, "true"):
		return true, true
	case strings.EqualFold(text, "false"):
		return false, true
	case !words:
		return false, false
	case len(text) == 1:
		switch text[0] | 0x20 {
		case 'y', 'x', 't', 'j': // t as databases write it, j as Germans do
			return true, true
		case 'n', 'f':
			return false, true
		}
		return false, false
	}
	m, _ := lookUp(text)
	return m.truth == 1, m.truth != 0
}

// Mark reports whether a text is a cross or a tick, as people put into lists where
// something holds and leave blank where not.
func Mark(text string) bool {
	switch text {
	case "x", "X", "✓", "✔", "☑", "✗", "✘":
		return true
	}
	return false
}
