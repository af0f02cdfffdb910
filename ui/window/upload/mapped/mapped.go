// Package mapped opens and saves mapping files, the same as those of the terminal.
package mapped

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/job/apply"
	"pushdesk/powerbi/push/mapping/mapfile"
	"pushdesk/storage"
	"pushdesk/storage/failure"
	"pushdesk/ui/window/page"
)

// Extensions are those of mapping files.
var Extensions = []string{".yaml", ".yml"}

// Open returns a draft whose columns are those that a mapping file says for its table.
func Open(ctx context.Context, path string, d job.Draft) (job.Draft, error) {
	data, err := storage.ReadFile(path, storage.MostKept)
	if err != nil {
		return d, fmt.Errorf("open the mapping file: %w", err)
	}
	f, err := mapfile.Read(bytes.NewReader(data))
	if err != nil {
		return d, err
	}
	t, ok := f.For(d.Place.Target.Table)
	if !ok {
		return d, failure.New(failure.Usage, "mapping-file", fmt.Sprintf("The mapping file says nothing about the table “%s”.", d.Place.Target.Table), "Choose another mapping file, or add a block for the table.")
	}
	return apply.To(ctx, d, t)
}

// Save asks where the mapping of some drafts is saved: a block for each table.
func Save(h page.Host, set []job.Draft) {
	book := set[len(set)-1].Reading.Book.Path()
	name := strings.TrimSuffix(filepath.Base(book), filepath.Ext(book)) + ".yaml"
	page.Save(h, page.Saving{Title: "Save the mapping", Name: name, Source: book, Write: page.Content(func(string) ([]byte, error) { return Content(set) }),
		Saved: func(path string) { h.Toast(filepath.Base(path) + " was saved.") }})
}

// Content is the mapping file of some drafts.
func Content(set []job.Draft) ([]byte, error) {
	var f mapfile.File
	notes := map[string]func(table, column string) string{}
	for _, d := range set {
		t := apply.Block(d)
		if len(set) > 1 {
			t.From = d.Reading.Layout.Source.Name
		}
		f.Tables = append(f.Tables, t)
		notes[t.Table] = apply.Notes(d.Reading, d.Mapping)
	}
	var out bytes.Buffer
	err := mapfile.Write(&out, f, func(table, column string) string { return notes[table](table, column) })
	return out.Bytes(), err
}
