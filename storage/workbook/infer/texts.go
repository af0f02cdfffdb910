package infer

import (
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/written"
)

// textStats counts how many texts of a column fit which reading.
type textStats struct {
	n                 int64
	shortest, longest int // bytes, for columns of codes
	numberTexts
	dateTexts
	clocks                       fit                  // times of day and durations
	longClock                    bool                 // one has 24 hours or more
	spans                        tallied              // durations with the letters of their parts: 1h 30m
	distinct                     map[string]*sameText // of the first different texts; for truth values
	many                         bool                 // there are more of them
	lastText                     string               // the last of them
	lastSame                     *sameText
	noNumbers, noDates, noClocks int        // texts that are none, up to the misfits that are kept
	nothing                      cell.Tally // words for a missing value: n/a, null, -
	nothingWord                  string     // the first of them
	plainWord                    string     // a word that texts of the column begin with and that no number or date begins with
}

// orderTexts is what is collected of dates whose order of day and month is not plain.
type orderTexts struct {
	either               tallied // both orders make a date of it, different ones
	eitherLook, onlyLook written.Look
	dotted               tallied // day first with dots, and a day up to twelve
}

// sameText counts equal texts.
type sameText struct {
	n     int64
	first []Misfit
}

// tallied counts texts and keeps the first.
type tallied struct {
	n     int64
	first []Misfit
}

func (t *tallied) add(text string, row int) {
	if t.n++; len(t.first) < maxMisfits {
		t.first = append(t.first, Misfit{row, text, cell.Text})
	}
}

// mostDistinct is how many different texts a column of truth values may have.
const mostDistinct = 32

// mostUnits is how many currencies, units and zones of a column are told apart.
const mostUnits = 12

// meansNothing reports whether text is one of the words that people and programs write where a value is
// missing. They are texts until somebody says otherwise.
func meansNothing(text string) bool { return written.Nothing(text) }

// sameLength reports whether all texts are equally long, and longer than one digit.
func (s *textStats) sameLength() bool { return s.shortest == s.longest && s.longest > 1 }

// fit counts the texts that fit a reading, and keeps the first that do not.
type fit struct {
	n     int64
	wrong []Misfit
}

func (f *fit) add(ok bool, text string, row int) {
	if ok {
		f.n++
	} else if len(f.wrong) < maxMisfits {
		f.wrong = append(f.wrong, Misfit{row, text, cell.Text})
	}
}

func (s *textStats) add(stored string, row int) {
	text := written.Trim(stored)
	if len(text) != len(stored) && written.HasInvisible(stored) {
		s.traits |= written.Hidden
	}
	if s.n == 0 || len(text) < s.shortest {
		s.shortest = len(text)
	}
	s.longest = max(s.longest, len(text))
	s.n++
	if !s.many {
		s.addDistinct(text, stored, row)
	}
	if len(text) < 12 && meansNothing(text) {
		if s.nothing.Add(row); s.nothing.N == 1 {
			s.nothingWord = text
		}
	}
	var plain written.Plain
	var number, date, dash, none, clock bool
	switch classOf(text, &s.plainWord) {
	case figures:
		if len(text) >= 10 && text[4] == '-' {
			if d, ok := written.QuickDate(text); ok {
				date, none = s.takeDate(&d, stored, row)
				break
			}
		}
		if plain = written.AsPlain(text); plain.Dot || plain.Comma {
			number = true
			s.addPlain(plain, text, stored, row)
			switch {
			case plain.Marks && strings.Count(text, ".") == 2:
				if d, ok := written.QuickDate(text); ok {
					date, none = s.takeDate(&d, stored, row)
				}
			case len(text) == 8 || len(text) == 14:
				if written.MayBePacked(text) {
					date, none = s.addDate(text, stored, row)
				}
			}
			break
		}
		if d, ok := written.QuickDate(text); ok {
			date, none = s.takeDate(&d, stored, row)
		} else if clock = s.addClock(text, stored, row); !clock {
			if written.SpanInWords(text) {
				s.spans.add(stored, row)
			}
			if number, dash = s.addAmount(text, stored, row); !number && !dash {
				date, none = s.addDate(text, stored, row)
			}
		}
	case dressed:
		if number, dash = s.addAmount(text, stored, row); !number && !dash && written.MayBeDate(text) {
			date, none = s.addDate(text, stored, row)
		}
	}
	if len(text) > 2 && text[0] == 'P' && written.SpanInWords(text) { // PT1H30M
		s.spans.add(stored, row)
	}
	// A text that is none of these is kept as a misfit of each, until that has enough.
	if !number && !dash && s.noNumbers < maxMisfits {
		s.noNumbers++
		s.dot.add(false, stored, row)
		s.comma.add(false, stored, row)
		s.wholeDot.add(false, stored, row)
		s.wholeComma.add(false, stored, row)
	}
	if !date && !none && s.noDates < maxMisfits {
		s.noDates++
		s.iso.add(false, stored, row)
		s.dmy.add(false, stored, row)
		s.mdy.add(false, stored, row)
		s.compact.add(false, stored, row)
	}
	if !clock && s.noClocks < maxMisfits {
		s.noClocks++
		s.clocks.add(false, stored, row)
	}
}

// class is what a look at the beginning of a text makes of it.
type class uint8

const (
	onlyText class = iota
	figures        // begins with a digit or a mark of numbers
	dressed        // may be a number or date that begins with something else
)

// classOf looks whether it is worth while to look closer at a text. skip remembers the
// first word of the last text that was not.
func classOf(text string, skip *string) class {
	if text == "" || len(text) > 96 {
		return onlyText
	}
	first := text[0]
	switch {
	case first >= '0' && first <= '9', first == '-', first == '.', first == ',':
		return figures
	case first|0x20 >= 'a' && first|0x20 <= 'z':
		if *skip != "" && strings.HasPrefix(text, *skip) || !written.HasDigit(text) {
			return onlyText
		}
		word, known := written.FirstWord(text)
		if !known {
			if len(word) < len(text) {
				*skip = text[:len(word)+1]
			}
			return onlyText
		}
		return dressed
	}
	if !written.HasDigit(text) {
		if len(text) <= 8 && written.DashLike(text) {
			return dressed
		}
		return onlyText
	}
	return dressed
}

func (s *textStats) addDistinct(text, stored string, row int) {
	if s.distinct == nil {
		s.distinct = map[string]*sameText{}
	}
	same := s.lastSame
	if same == nil || text != s.lastText {
		same = s.distinct[text]
		s.lastText, s.lastSame = text, same
	}
	if same == nil {
		if len(s.distinct) == mostDistinct {
			s.many, s.distinct, s.lastSame = true, nil, nil
			return
		}
		same = &sameText{}
		s.distinct[text] = same
		s.lastSame = same
	}
	if same.n++; len(same.first) < maxMisfits {
		same.first = append(same.first, Misfit{row, stored, cell.Text})
	}
}

// truth counts the texts that are true or false; with words in any language.
func (s *textStats) truth(words bool) (f fit) {
	for text, same := range s.distinct {
		if _, ok := written.Truth(text, words); ok {
			f.n += same.n
			continue
		}
		f.wrong = append(f.wrong, same.first...)
	}
	f.wrong = firstMisfits(f.wrong)
	return f
}
