package connection

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"pushdesk/storage/text"
)

// dayForm is how a Day is written.
const dayForm = "2006-01-02"

// DayOf gives the day of a moment, in UTC.
func DayOf(t time.Time) Day { return Day(t.UTC().Format(dayForm)) }

// Time gives the beginning of the day in UTC; ok is false for a text that is no day.
func (d Day) Time() (t time.Time, ok bool) {
	t, err := time.Parse(dayForm, string(d))
	return t, err == nil
}

// dayForms are other ways to write a day that mean one thing only.
var dayForms = []string{
	dayForm, "2006-1-2", "2006/1/2", "2006.1.2",
	"Jan 2, 2006", "January 2, 2006", "Jan 2 2006", "2 Jan 2006", "2 January 2006", "2. January 2006", "2-Jan-2006",
	time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05",
}

// ParseDay reads a day as people paste it. Entra writes days in the order of the
// browser's language, so 03/04/2027 means nothing sure: such a text is refused
// (*InvalidError), unless one of the two can only be a day.
func ParseDay(typed string) (Day, error) {
	typed = text.Clean(typed)
	if typed == "" {
		return "", nil
	}
	for _, form := range dayForms {
		if t, err := time.Parse(form, typed); err == nil && sensible(t.Year()) {
			return Day(t.Format(dayForm)), nil
		}
	}
	date, _, _ := strings.Cut(typed, " ") // a time may follow
	for _, mark := range []string{"/", ".", "-"} {
		p := strings.Split(date, mark)
		if len(p) != 3 {
			continue
		}
		a, errA := strconv.Atoi(p[0])
		b, errB := strconv.Atoi(p[1])
		year, errY := strconv.Atoi(p[2])
		if errA != nil || errB != nil || errY != nil || !sensible(year) {
			continue
		}
		dayFirst, monthFirst := calendar(year, b, a), calendar(year, a, b)
		switch {
		case dayFirst != "" && monthFirst != "" && dayFirst != monthFirst:
			return "", Invalid(FieldExpires, Failing(fmt.Sprintf("“%s” could mean two different days.", typed), "Write it with the year first: %s or %s.", string(dayFirst), string(monthFirst)))
		case dayFirst != "":
			return dayFirst, nil
		case monthFirst != "":
			return monthFirst, nil
		}
	}
	return "", Invalid(FieldExpires, Failing(fmt.Sprintf("“%s” is not a date.", typed), "Write it as 2027-01-31."))
}

// sensible keeps out years that only a slip can have meant.
func sensible(year int) bool { return year >= 2000 && year < 2200 }

// calendar gives a day that exists, or "".
func calendar(year, month, day int) Day {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if month < 1 || month > 12 || t.Day() != day {
		return ""
	}
	return Day(t.Format(dayForm))
}

// ExpiryLevel is how near the end of a credential is.
type ExpiryLevel int

const (
	ExpiryFar    ExpiryLevel = iota // more than 30 days, or not known
	ExpirySoon30                    // 30 days at most
	ExpirySoon14
	ExpirySoon3
	ExpiryOver
)

// Expiry is when a credential ends, seen from a moment.
type Expiry struct {
	Known    bool
	Days     int // left; 0 on the last day, negative when it is over
	Level    ExpiryLevel
	Sentence string
}

// Expiry tells how long the client secret or the certificate is still good. Its
// last day counts in full, in the time zone of now: Entra shows a day, not an hour.
func (c Connection) Expiry(now time.Time) Expiry {
	what := c.Credential.noun()
	day, err := ParseDay(string(c.Expires)) // a file edited by hand may hold it in another form
	last, ok := day.Time()
	if err != nil || !ok || c.Credential.User() || c.Credential == CredentialPractice {
		return Expiry{Sentence: "The expiry date of the " + what + " is not known."}
	}
	y, m, d := now.Date()
	days := int(last.Sub(time.Date(y, m, d, 0, 0, 0, 0, time.UTC)).Hours() / 24)
	e := Expiry{Known: true, Days: days}
	on := last.Format("2 January 2006")
	switch {
	case days < 0:
		e.Level, e.Sentence = ExpiryOver, fmt.Sprintf("The %s expired on %s.", what, on)
	case days == 0:
		e.Level, e.Sentence = ExpirySoon3, fmt.Sprintf("The %s expires today, %s.", what, on)
	case days == 1:
		e.Level, e.Sentence = ExpirySoon3, fmt.Sprintf("The %s expires tomorrow, %s.", what, on)
	default:
		e.Sentence = fmt.Sprintf("The %s expires in %d days, on %s.", what, days, on)
		switch {
		case days <= 3:
			e.Level = ExpirySoon3
		case days <= 14:
			e.Level = ExpirySoon14
		case days <= 30:
			e.Level = ExpirySoon30
		}
	}
	return e
}

// noun names what a connection signs in with.
func (k CredentialKind) noun() string {
	switch k {
	case CredentialCertificate:
		return "certificate"
	case CredentialBrowser, CredentialDevice:
		return "sign-in"
	}
	return "client secret"
}

// checkExpires finds what is wrong with the day on which a credential ends.
func checkExpires(c Connection, now time.Time) *Finding {
	if c.Expires == "" {
		return nil
	}
	day, err := ParseDay(string(c.Expires))
	if err != nil {
		return Failing(fmt.Sprintf("“%s” is not a date.", c.Expires), "Write it as 2027-01-31.")
	}
	c.Expires = day
	if e := c.Expiry(now); e.Level == ExpiryOver {
		return Warning(e.Sentence, "If it has really expired, create a new one in Entra and enter it here.")
	}
	return nil
}
