package job

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/text"
	"pushdesk/storage/workbook"
	"pushdesk/storage/workbook/infer"
)

// Remarks says everything that is worth knowing about how the file is read: what was
// guessed, what is sent otherwise than it is written, what is left out. Every front end
// shows this list.
func (r Reading) Remarks() []remark.Remark {
	list := append(r.recalled(), r.Book.Remarks()...)
	if other := r.otherSources(); len(other) > 0 {
		list = append(list, remark.New(remark.Info, "other-tables", "The file has %s besides this one: %s.",
			humanize.Count(len(other), "other table or sheet", "other tables or sheets"), humanize.ListSome(other, 6)).With(remark.Sheet, other[0], "read another one"))
	}
	list = append(list, r.Layout.Remarks...)
	list = append(list, r.Profile.Remarks...)
	for i := range r.Profile.Columns {
		list = append(list, columnRemarks(&r.Profile.Columns[i])...)
	}
	if remark.Has(list, infer.NoteTable) { // which says how to read the other one
		list = slices.DeleteFunc(list, func(x remark.Remark) bool { return x.Code == "drawn-tables" })
	}
	return list
}

// otherSources names the sheets and tables that the file has besides those that are sent; a
// table is not named beside the sheet that it is in.
func (r Reading) otherSources() (names []string) {
	here := r.Layout.Source
	sent := func(name string) bool {
		return slices.ContainsFunc(r.together, func(other string) bool { return strings.EqualFold(other, name) })
	}
	all := r.Book.Sources()
	for _, s := range all {
		if s.Sheet == here.Sheet || s.Hidden || s.Kind != workbook.SourceSheet || sent(s.Name) ||
			slices.ContainsFunc(all, func(in workbook.Source) bool { return in.Sheet == s.Sheet && sent(in.Name) }) {
			continue
		}
		names = append(names, s.Name)
	}
	return names
}

// sentAs is a type as it stands in a sentence.
func sentAs(t infer.Type) string {
	switch t {
	case infer.TypeWhole:
		return "whole numbers"
	case infer.TypeDecimal:
		return "decimal numbers"
	}
	return "text"
}

// columnRemarks says what is worth knowing about a column.
func columnRemarks(p *infer.ColumnProfile) (list []remark.Remark) {
	name := p.Header.Name
	for _, n := range p.Remarks {
		list = append(list, n.In(name))
	}
	kind, code := p.Type, infer.NoteMisfit
	if p.OfferType != "" {
		kind, code = p.OfferType, infer.NoteOffer
	}
	if p.OfferType == "" && len(p.Misfits) == 0 {
		return list
	}
	say := remark.New(remark.Guess, code, "")
	if code == infer.NoteOffer {
		say.Sentence = fmt.Sprintf("The column is sent as %s, but could be sent as %s.", sentAs(p.Type), DataType(kind).Label())
		say = accept(say, p)
	}
	if n := max(p.MisfitCount, int64(len(p.Misfits))); n > 0 {
		say.Count, say.Row = n, p.Misfits[0].Row
		var places []string
		for _, m := range p.Misfits {
			places = append(places, cell.Address(m.Row, p.Header.Column))
		}
		say = say.On(places...)
		var filled int64
		for k, c := range p.Counts {
			if cell.Kind(k) != cell.Blank {
				filled += c
			}
		}
		say.Sentence += fmt.Sprintf(" %s of %s %s not fit the type %s: %s.", humanize.Number(n), humanize.Count(filled, "value"), humanize.Plural(n, "does", "do"),
			DataType(kind).Label(), misfits(p.Misfits, say))
	}
	say.Sentence = strings.TrimSpace(say.Sentence)
	return append(list, say.In(name))
}

// misfits quotes values and says where they are: "n/a" in B2 and B4; "n/a" in B2 and "?" in B4.
func misfits(list []infer.Misfit, r remark.Remark) string {
	quote := func(m infer.Misfit) string { return strconv.Quote(text.Shorten(m.Value, 40)) }
	if !slices.ContainsFunc(list, func(m infer.Misfit) bool { return m.Value != list[0].Value }) {
		return quote(list[0]) + " in " + r.Where()
	}
	r.Places = slices.Clone(r.Places)
	for i, m := range list {
		r.Places[i] = quote(m) + " in " + r.Places[i]
	}
	return r.Where()
}

// accept adds to an offer how it is accepted: with the type go a choice between two
// readings, and what becomes of the values that do not fit. Words for a missing value are
// sent as blank in any case.
func accept(say remark.Remark, p *infer.ColumnProfile) remark.Remark {
	kind := DataType(p.OfferType)
	var nothing int64
	if at := slices.IndexFunc(p.Remarks, func(r remark.Remark) bool { return r.Code == infer.NoteNothing }); at >= 0 {
		nothing = p.Remarks[at].Count
	}
	type choice struct {
		setting remark.Setting
		value   string
		does    string
	}
	choices := []choice{{}}
	switch text := p.OfferText; {
	case text.Ambiguous && p.OfferType == infer.TypeDateTime:
		choices = []choice{{remark.DateOrder, "dmy", " with the day first"}, {remark.DateOrder, "mdy", " with the month first"}}
	case text.Ambiguous:
		choices = []choice{{remark.Decimal, ".", " with the dot as the decimal mark"}, {remark.Decimal, ",", " with the comma as the decimal mark"}}
	}
	for _, c := range choices {
		does := "send it as " + kind.Label() + c.does
		blank := p.MisfitCount > nothing
		if p.MisfitCount > 0 {
			does += ", with blanks for the values that do not fit"
		}
		say = say.With(remark.Type, p.Header.Name+"="+string(kind), does)
		if c.setting != "" {
			say = say.And(c.setting, c.value)
		}
		if blank {
			say = say.And(remark.Blank, string(mapping.PolicyBlank))
		}
	}
	return say
}

// Remarks says everything that is worth knowing about an upload. What is said of a column
// is what is sent of it, as the type that it has in the table.
func (d Draft) Remarks() []remark.Remark {
	list := slices.Clip(d.readingRemarks())
	list = remark.Add(list, contractRemarks(d)...)
	return remark.Add(list, placeRemarks(d, time.Now())...)
}
