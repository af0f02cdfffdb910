package job

import (
	"fmt"
	"slices"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/fresh"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/infer"
)

// The codes of remarks about the columns and the destination of an upload.
const (
	RemarkNew     = "column-new"      // a column of the file goes nowhere
	RemarkMissing = "column-missing"  // a column of the table gets nothing
	RemarkRenamed = "column-renamed"  // the two may be one
	RemarkRetyped = "column-retyped"  // the file has values of another type
	RemarkMatched = "column-matched"  // joined although the names are not the same
	RemarkDecided = "column-decided"  // as a person decided for an earlier file
	RemarkFormer  = "decision-former" // a decision that does not hold any more, and is not applied
	RemarkAdded   = "column-added"    // to the table
	RemarkGuessed = "columns-guessed" // the columns of the table are a guess
	RemarkName    = "name"            // Power BI accepts the name and mishandles it
	RemarkSecret  = "secret-expires"  // of the connection, soon
)

// contractRemarks says the contract of a draft column by column.
func contractRemarks(d Draft) (list []remark.Remark) {
	c := d.Contract()
	add := func(kind remark.Kind, code, column, format string, args ...any) *remark.Remark {
		list = append(list, remark.New(kind, code, format, args...).In(column))
		return &list[len(list)-1]
	}
	omit, change := remark.Omit, remark.Change
	if c.OnDrift == mapping.DriftIgnore {
		omit, change = remark.Info, remark.Info
	}
	for _, j := range c.Renamed {
		r := add(remark.Guess, RemarkRenamed, j.To, "It gets nothing, and may be the column “%s” of the file (%s).", j.From, j.By)
		*r = r.With(remark.MapColumn, j.From+"="+j.To, "fill it with that column")
	}
	for _, name := range c.New {
		r := add(omit, RemarkNew, name, "The table does not have this column of the file, so it is not sent.")
		*r = r.With(remark.LeaveOut, name, "leave it out without being asked").With(remark.OnDrift, string(mapping.DriftAdd), "add it to the table")
	}
	for _, name := range c.Missing {
		r := add(change, RemarkMissing, name, "Nothing in the file fills this column of the table, so it is sent as blank.")
		*r = r.With(remark.OnDrift, string(mapping.DriftWarn), "send blank")
	}
	for _, x := range c.Retyped {
		kind := remark.Change
		if x.Fits == mapping.FitsAll {
			kind = remark.Info
		}
		add(kind, RemarkRetyped, x.Column, "%s", x.Sentence())
	}
	when := ""
	if !c.Decided.IsZero() {
		when = " on " + humanize.DateTime(c.Decided)
	}
	for _, j := range c.Matched {
		switch {
		case j.By == mapping.Before:
			add(remark.Info, RemarkDecided, j.To, "The column “%s” of the file fills it, as was decided%s.", j.From, when)
		case j.By == mapping.Spelling && j.From != j.To:
			add(remark.Info, RemarkMatched, j.To, "The column “%s” of the file fills it: the names are the same but for case, spaces and accents.", j.From)
		}
	}
	for _, f := range d.Mapping.Used() {
		if f.From < 0 && f.By == mapping.Before && slices.Contains(c.Blank, f.Target.Name) {
			add(remark.Info, RemarkDecided, f.Target.Name, "It is sent as blank, as was decided%s.", when)
		}
	}
	if was := d.Place.decided(d.Reading); was != nil {
		for _, name := range c.LeftOut {
			if slices.Contains(was.LeftOut, name) {
				add(remark.Info, RemarkDecided, name, "It is left out, as was decided%s.", when)
			}
		}
	}
	list = append(list, formerRemarks(d, c)...)
	for _, name := range c.Added {
		add(remark.Change, RemarkAdded, name, "The column is added to the table; it is blank in the rows that are there.")
	}
	return list
}

// formerRemarks says which decisions do not hold any more. They are not applied.
func formerRemarks(d Draft, c mapping.Contract) (list []remark.Remark) {
	if was := d.Place.decided(d.Reading); was != nil {
		for _, l := range was.Lapsed(headerNames(d.Reading.Layout.Headers), d.Place.Learned.Columns, c.Missing) {
			list = append(list, remark.New(remark.Info, RemarkFormer, "%s That is not applied.", l.Sentence).In(l.Column))
		}
	} else if was := d.Place.former(d.Reading); was != nil { // and nothing was decided since
		list = append(list, remark.New(remark.Info, RemarkFormer, "%s That is not applied.", was.Gone(d.Place.Target.Table)))
	}
	return list
}

// placeRemarks says what is worth knowing of the destination.
func placeRemarks(d Draft, now time.Time) (list []remark.Remark) {
	p := d.Place
	switch known := p.Known(); {
	case known == mapping.KnownRows:
		note := p.Learned.Note
		if note == "" {
			note = "The columns and types of the table are a guess from its rows: Power BI does not tell them."
		}
		list = append(list, remark.New(remark.Guess, RemarkGuessed, "%s", note).With(remark.Accept, "", "take them for right"))
	case known == mapping.KnownNot:
		sentence := "The columns of the table are not known."
		if f, ok := failure.From(p.Unlearned); ok {
			sentence = f.Sentence
		}
		list = append(list, remark.New(remark.Guess, RemarkGuessed, "%s The columns of the file are sent as they are.", sentence).With(remark.Accept, "", "take them for right"))
	}
	if len(d.Mapping.Fields) > 0 {
		for _, n := range d.Mapping.Check() {
			if n.Warning && (!p.Exists || n.Column == "") {
				list = append(list, remark.New(remark.Info, RemarkName, "%s %s", n.Sentence, n.Remedy).In(n.Column))
			}
		}
	}
	list = append(list, fresh.Remarks(d.Mapping.Past, d.scattered())...)
	return secretRemarks(p.Destination.Connection, now, list)
}

// secretSoon is how long before the end of a secret every upload says so.
const secretSoon = 30 * 24 * time.Hour

// secretRemarks says in a list that the secret of a connection expires soon, or has expired,
// in place of what it says of that.
func secretRemarks(c Connection, now time.Time, list []remark.Remark) []remark.Remark {
	left := c.SecretExpires.Add(24 * time.Hour).Sub(now)
	if c.SecretExpires.IsZero() || left > secretSoon {
		return list
	}
	days, day := int64(left/(24*time.Hour)), humanize.Date(c.SecretExpires)
	says := fmt.Sprintf("expires in %s, on %s. Replace it before then.", humanize.Count(days, "day"), day)
	switch {
	case left < 0:
		says = fmt.Sprintf("expired on %s. Replace it.", day)
	case days == 0:
		says = fmt.Sprintf("expires today, on %s. Replace it before then.", day)
	}
	list = slices.DeleteFunc(slices.Clone(list), func(r remark.Remark) bool { return r.Code == RemarkSecret })
	return append(list, remark.New(remark.Info, RemarkSecret, "The secret of the connection “%s” %s", c.Name, says))
}

// Undecided are the columns whose dates or numbers allow two readings, of which nobody
// has chosen one, and which are not sent as they are written.
func (d Draft) Undecided() (list []remark.Remark) {
	for _, f := range d.Mapping.Used() {
		if f.From < 0 || f.From >= len(d.Reading.Profile.Columns) || f.Target.DataType == powerbi.String {
			continue
		}
		if f.DateOrder != mapping.DateOrderUnknown || f.DecimalMark != "" { // chosen
			continue
		}
		for _, n := range d.Reading.Profile.Columns[f.From].Remarks {
			if n.Code == infer.NoteAmbiguous {
				list = append(list, n.In(f.Header))
			}
		}
	}
	return list
}

// mixedZones are the columns of times of several zones of which nobody has said what to do
// with them. A table whose column is text says it.
func (d Draft) mixedZones() (names []string) {
	for _, f := range d.Mapping.Used() {
		if f.From < 0 || f.From >= len(d.Reading.Profile.Columns) || f.Target.DataType != powerbi.String || f.Zone == mapping.ZoneWritten || f.IsConstant() {
			continue
		}
		if settled := d.Place.Fixed() && d.Place.Exists && !d.Place.Known().Guessed() && f.By != mapping.Created; !settled && remark.Has(d.Reading.Profile.Columns[f.From].Remarks, infer.NoteZones) {
			names = append(names, f.Header)
		}
	}
	return names
}

// guessed returns why a draft is not sent while nobody looks at what is guessed, or
// guesses are not wanted; nil when nothing is.
func guessed(d Draft) error {
	if list := d.Undecided(); d.Terms.Unattended && len(list) > 0 {
		var names []string
		for _, n := range list {
			names = append(names, n.Column)
		}
		return failure.New(failure.Data, "ambiguous", fmt.Sprintf("The values of %s can be read in two ways (is 03/04 March 4 or April 3, is 1.234 above a thousand?), and nobody is there to choose, so nothing was sent.", humanize.ListSome(names, 6)),
			"Say which part of the dates is the day, and which mark is the decimal mark.")
	}
	if list := d.mixedZones(); len(list) > 0 {
		return failure.New(failure.Data, "zones-mixed", fmt.Sprintf("The times of %s have different time zones, so nothing was sent.", humanize.ListSome(list, 6)),
			"Decide whether they are converted to UTC, or sent as text, as they are written.")
	}
	if !d.Terms.Strict {
		return nil
	}
	var names []string
	for _, n := range d.Remarks() {
		if n.Kind == remark.Guess && (n.Code != RemarkGuessed || !d.Terms.AcceptGuesses) {
			name := n.Code
			if n.Column != "" {
				name = n.Column + " (" + n.Code + ")"
			}
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return failure.New(failure.Data, "guessed", fmt.Sprintf("%s, and nothing may be guessed, so nothing was sent: %s.", humanize.Count(len(names), "thing was guessed", "things were guessed"), humanize.ListSome(names, 8)),
		"Decide each as its remark says.")
}
