package shared

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"pushdesk/connection"
)

// confusable are letters of other alphabets that look like Latin ones.
var confusable = func() map[rune]rune {
	m := map[rune]rune{}
	pairs := "аaеeоoрpсcуyхxіiјjѕsԁdһhԛqԝwАAВBЕEКKМMНHОOРPСCТTХXУYІIЈJЅS" + // Cyrillic
		"αaοoρpνvυuιiΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX" + // Greek
		"օoոnսuհhցgքp" // Armenian
	r := []rune(pairs)
	for i := 0; i+1 < len(r); i += 2 {
		m[r[i]] = r[i+1]
	}
	return m
}()

// alphabet returns the alphabet of a letter that has look-alikes, else "".
func alphabet(r rune) string {
	switch {
	case unicode.Is(unicode.Latin, r):
		return "Latin"
	case unicode.Is(unicode.Cyrillic, r):
		return "Cyrillic"
	case unicode.Is(unicode.Greek, r):
		return "Greek"
	case unicode.Is(unicode.Armenian, r):
		return "Armenian"
	}
	return ""
}

// Mixed returns a word of a name that has letters of several alphabets whose letters
// look alike, or "".
func Mixed(name string) string {
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) }) {
		seen := ""
		for _, r := range word {
			switch a := alphabet(r); {
			case a == "":
			case seen == "":
				seen = a
			case seen != a:
				return word
			}
		}
	}
	return ""
}

// Skeleton returns the same for names that look the same on a screen, though they may
// be written with other letters.
func Skeleton(name string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(norm.NFKC.String(name)) {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		if plain, ok := confusable[r]; ok {
			r = plain
		}
		switch r {
		case '0':
			r = 'o'
		case '1', 'I', '|', 'l':
			r = 'l'
		}
		b.WriteRune(r)
	}
	return strings.NewReplacer("i", "l", "rn", "m", "vv", "w").Replace(connection.NameKey(b.String()))
}

// LooksLike returns the one of other names that a name can be taken for though it is
// another, or "".
func LooksLike(name string, others []string) string {
	key, skeleton := connection.NameKey(name), Skeleton(name)
	for _, o := range others {
		if connection.NameKey(o) != key && Skeleton(o) == skeleton {
			return o
		}
	}
	return ""
}

// Slug makes a part of a file's name that every file system takes, whatever its
// capitals.
func Slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 40 {
			break
		}
	}
	if s := strings.Trim(b.String(), "-"); s != "" {
		return s
	}
	return "connection"
}
