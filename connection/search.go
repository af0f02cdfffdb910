package connection

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Match reports whether a connection is what a search asks for. Every word must be
// somewhere in its name, workspace, IDs, account, tags or notes, or begin a word of
// its cloud or environment; a word such as tag:eu, env:production or cloud:china
// looks there alone. Capitals, and the way accents are written, make no difference.
func Match(c Connection, query string) bool {
	_, ok := distance(searched(c), searchKey(query))
	return ok
}

// Search returns the connections that match, the best first: the name before tags
// before everything else, and a whole name before the beginning of one before a word
// in it. Equally good ones stay in the order they have.
func Search(all []Connection, query string) []Connection {
	query = searchKey(query)
	if query == "" {
		return slices.Clone(all)
	}
	type hit struct {
		c    Connection
		away int
	}
	var hits []hit
	for _, c := range all {
		if away, ok := distance(searched(c), query); ok {
			hits = append(hits, hit{c, away})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return a.away - b.away })
	found := make([]Connection, len(hits))
	for i, h := range hits {
		found[i] = h.c
	}
	return found
}

// The places a word is looked for, the best first. Labels are our own words, and only
// the beginning of one counts: nobody who types "us" means "Custom".
const (
	inName = iota
	inTags
	inRest
	inLabels
)

// searchable is the text of a connection as it is searched.
type searchable struct {
	places [inLabels + 1]string
	by     map[string]string // for words such as tag:eu
}

func searched(c Connection) searchable {
	key := func(texts ...string) string { return searchKey(strings.Join(texts, "\n")) }
	s := searchable{places: [...]string{
		inName: key(c.Name), inTags: key(c.Tags...), inRest: key(c.Workspace, c.Account, c.TenantID, c.ClientID, c.Notes),
		inLabels: key(string(c.Cloud), c.Cloud.Label(), string(c.Environment)),
	}}
	environment, cloud := key(string(c.Environment)), key(string(c.Cloud), c.Cloud.Label())
	s.by = map[string]string{
		"tag": s.places[inTags], "env": environment, "environment": environment, "cloud": cloud,
		"name": s.places[inName], "workspace": key(c.Workspace), "tenant": key(c.TenantID), "client": key(c.ClientID),
	}
	return s
}

// distance is how far a connection is from what is searched for; 0 is the name itself.
func distance(s searchable, query string) (away int, ok bool) {
	name := s.places[inName]
	query = strings.Join(strings.Fields(query), " ")
	switch {
	case query == "":
		return 0, true
	case name == query:
		return 0, true
	case strings.HasPrefix(name, query):
		return 1, true
	}
	away = 2
	for word := range strings.FieldsSeq(query) {
		best := -1
		where, rest, _ := strings.Cut(word, ":")
		if text, special := s.by[where]; special && strings.Contains(word, ":") {
			if rest == "" {
				continue // still being typed
			}
			best = wordDistance(text, rest)
		} else {
			for place, text := range s.places {
				d := wordDistance(text, word)
				if d >= 0 && !(place == inLabels && d == insideWord) {
					best = 3*place + d
					break
				}
			}
		}
		if best < 0 {
			return 0, false
		}
		away += best
	}
	return away, true
}

const insideWord = 2

// wordDistance is 0 where word is a whole word of text, 1 where it begins one,
// insideWord where it is only a part, and -1 where it is not there.
func wordDistance(text, word string) int {
	best := -1
	for at := 0; best != 0; {
		i := strings.Index(text[at:], word)
		if i < 0 {
			break
		}
		i += at
		d := insideWord
		if before, _ := utf8.DecodeLastRuneInString(text[:i]); !wordRune(before) {
			d = 1
			if after, _ := utf8.DecodeRuneInString(text[i+len(word):]); !wordRune(after) {
				d = 0
			}
		}
		if best < 0 || d < best {
			best = d
		}
		at = i + len(word)
	}
	return best
}

func wordRune(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// searchKey returns the same for texts that a person would read as the same.
func searchKey(s string) string { return norm.NFC.String(cases.Fold().String(norm.NFC.String(s))) }
