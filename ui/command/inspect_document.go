package command

import (
	"strings"

	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/storage/cell"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook"
	"pushdesk/storage/workbook/infer"
	"pushdesk/ui/command/cli"
)

type inspectedSource struct {
	Name   string `json:"name"`
	Kind   string `json:"kind"`
	Sheet  string `json:"sheet"`
	Hidden bool   `json:"hidden"`
	Range  string `json:"range,omitempty"`
}

// inspectedSheet is a worksheet; what is not shown in the program is hidden.
type inspectedSheet struct {
	Name   string `json:"name"`
	Hidden bool   `json:"hidden"`
}

// inspectedTable is a table defined in a sheet, or a named range.
type inspectedTable struct {
	Name   string `json:"name"`
	Sheet  string `json:"sheet"`
	Range  string `json:"range"`
	Hidden bool   `json:"hidden"`
}

// inspectedHeader is where the column names stand: row is the last of rows, 0 when the
// table has none.
type inspectedHeader struct {
	Row   int      `json:"row"`
	Rows  int      `json:"rows"`
	Names []string `json:"names"`
	Why   string   `json:"why"`
	Rival string   `json:"rival,omitempty"` // what stands against the next best place
}

type inspectedColumn struct {
	Letter     string           `json:"letter"`
	Name       string           `json:"name"`
	Type       powerbi.DataType `json:"type"`      // that it is sent as; --type takes both
	TypeLabel  string           `json:"typeLabel"` // the same as the window says it
	Why        string           `json:"why,omitempty"`
	Rival      string           `json:"rival,omitempty"` // how many values fit the next best reading
	OfferType  powerbi.DataType `json:"offerType,omitempty"`
	Counts     map[string]int64 `json:"counts"`
	Blanks     int64            `json:"blanks"`
	Longest    int              `json:"longest"`
	LongestRow int              `json:"longestRow,omitempty"`
	// FirstProblem is the address of the first cell that is an error, has no result,
	// has lost digits or does not fit the type; "" when there is none.
	FirstProblem string   `json:"firstProblem"`
	Misfits      []misfit `json:"misfits,omitempty"` // the first values that do not fit the type, or the type offered
	Samples      []string `json:"samples"`
}

// misfit is a value that does not fit, with the address of its cell.
type misfit struct {
	Address string `json:"address"`
	Value   string `json:"value"`
	Kind    string `json:"kind"`
}

type inspected struct {
	File      string            `json:"file"`
	Format    string            `json:"format"`
	Bytes     int64             `json:"bytes"`
	Sheets    []inspectedSheet  `json:"sheets"`
	Tables    []inspectedTable  `json:"tables"`
	Ranges    []inspectedTable  `json:"ranges"`
	Sources   []inspectedSource `json:"sources"`
	Source    inspectedSource   `json:"source"`
	Range     string            `json:"range"` // of the names and the rows found, as Excel writes it
	Header    inspectedHeader   `json:"header"`
	HeaderRow int               `json:"headerRow"`
	Why       string            `json:"why"`
	Rows      int64             `json:"rows"`
	BlankRows int64             `json:"blankRows"`
	Columns   []inspectedColumn `json:"columns"`
	Samples   []inspectedRow    `json:"samples"` // the first rows, as they are shown
	LeftOut   string            `json:"leftOut,omitempty"`
	Remarks   []cli.Remark      `json:"remarks,omitempty"`
}

// inspectedRow is a row of the table, with its number in the sheet.
type inspectedRow struct {
	Row    int      `json:"row"`
	Values []string `json:"values"`
}

// sampleRows is how many of the first rows an inspection shows.
const sampleRows = 5

func source(s workbook.Source) inspectedSource {
	return inspectedSource{Name: s.Name, Kind: string(s.Kind), Sheet: s.Sheet, Hidden: s.Hidden, Range: s.Range.String()}
}

// leftOut says which rows are left out.
func leftOut(r job.Reading) string {
	var all []remark.Remark
	for _, n := range r.Profile.Remarks {
		if n.Kind == remark.Omit && n.Code != infer.NoteOutside {
			all = append(all, n)
		}
	}
	return strings.Join(remark.Sentences(all), " ")
}

func inspection(r job.Reading) inspected {
	document := inspected{
		File: r.Book.Path(), Format: r.Book.Format(), Bytes: r.Book.Size(),
		Source: source(r.Layout.Source), HeaderRow: r.Layout.HeaderRow, Why: r.Layout.Why,
		Rows: r.Profile.Rows, BlankRows: r.Profile.BlankRows, Remarks: cli.Remarks(r.Remarks()),
	}
	document.Sheets, document.Tables, document.Ranges = []inspectedSheet{}, []inspectedTable{}, []inspectedTable{}
	document.Range, document.LeftOut = r.Range().String(), leftOut(r)
	document.Header = inspectedHeader{Row: r.Layout.HeaderRow, Rows: r.Layout.HeaderRows, Why: r.Layout.Why, Rival: r.Layout.Rival}
	for _, h := range r.Layout.Headers {
		document.Header.Names = append(document.Header.Names, h.Name)
	}
	for _, row := range r.Preview[:min(len(r.Preview), sampleRows)] {
		shown := inspectedRow{Row: row.Number}
		for _, c := range row.Cells {
			shown.Values = append(shown.Values, cell.Display(c))
		}
		document.Samples = append(document.Samples, shown)
	}
	for _, s := range r.Book.Sources() {
		document.Sources = append(document.Sources, source(s))
		switch s.Kind {
		case workbook.SourceSheet:
			document.Sheets = append(document.Sheets, inspectedSheet{s.Name, s.Hidden})
		case workbook.SourceTable:
			document.Tables = append(document.Tables, inspectedTable{s.Name, s.Sheet, s.Range.String(), s.Hidden})
		case workbook.SourceRange:
			document.Ranges = append(document.Ranges, inspectedTable{s.Name, s.Sheet, s.Range.String(), s.Hidden})
		}
	}
	for _, p := range r.Profile.Columns {
		column := inspectedColumn{
			Letter: cell.Column(p.Header.Column), Name: p.Header.Name, Type: job.DataType(p.Type), TypeLabel: job.DataType(p.Type).Label(), Why: p.Why, Rival: p.Rival,
			Counts: map[string]int64{}, Blanks: p.Counts[cell.Blank], Longest: p.Longest, LongestRow: p.LongestRow, Samples: p.Samples,
		}
		if p.OfferType != "" {
			column.OfferType = job.DataType(p.OfferType)
		}
		if row, _ := p.Problems(); row > 0 {
			column.FirstProblem = cell.Address(row, p.Header.Column)
		}
		for kind, n := range p.Counts {
			if n > 0 && cell.Kind(kind) != cell.Blank {
				column.Counts[cell.Kind(kind).String()] = n
			}
		}
		for _, m := range p.Misfits {
			column.Misfits = append(column.Misfits, misfit{cell.Address(m.Row, p.Header.Column), m.Value, m.Kind.String()})
		}
		document.Columns = append(document.Columns, column)
	}
	return document
}
