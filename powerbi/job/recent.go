package job

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"pushdesk/storage"
	"pushdesk/storage/workbook"
	"pushdesk/storage/workbook/infer"
)

// Choice is how a person wants a file to be read, where it was not found by itself. It
// holds no password.
type Choice struct {
	Delimiter workbook.Delimiter `json:"delimiter,omitempty"` // of a text file; "" = find it
	Quote     rune               `json:"quote,omitempty"`     // of a text file, see workbook.Options
	Encoding  string             `json:"encoding,omitempty"`  // of a text file; "" = find it
	Comment   string             `json:"comment,omitempty"`   // of a text file, see workbook.Options
	Source    workbook.Source    `json:"source"`              // without a name: the best there is
	HeaderRow int                `json:"headerRow,omitempty"` // see workbook.Book.Layout
}

// differs reports whether anything but the source was chosen.
func (c Choice) differs() bool {
	return c.Delimiter != "" || c.Quote != 0 || c.Encoding != "" || c.Comment != "" || c.HeaderRow != 0 || c.Source.Totals != infer.KeepProven ||
		c.Source.Kind == workbook.SourceRange || c.Source.Kind == workbook.SourceSheet && c.Source.HeaderRows > 0
}

// RecentFile is a file that was opened before.
type RecentFile struct {
	Path   string    `json:"path"` // absolute
	Opened time.Time `json:"opened"`
	Choice Choice    `json:"choice"`
}

// Files remembers the files that were opened and how each was read. It is read at its
// first use.
type Files struct {
	path   string
	mu     sync.Mutex
	files  []RecentFile
	isRead bool
}

// NewFiles returns the memory that is kept in a file.
func NewFiles(path string) *Files { return &Files{path: path} }

// keptFiles is how many files are remembered.
const keptFiles = 50

// Recent lists the files that were opened, the latest first. It does not look whether
// they are still there: one may lie on a drive that does not answer.
func (f *Files) Recent() []RecentFile {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.recent())
}

// recent reads the list at its first use. One that cannot be read is begun anew: it is
// a convenience and nothing depends on it.
func (f *Files) recent() []RecentFile {
	if !f.isRead {
		f.isRead = true
		if data, err := storage.ReadFile(f.path, storage.MostKept); err == nil && json.Unmarshal(data, &f.files) != nil {
			f.files = nil
		}
	}
	return f.files
}

// Opened keeps a file as the latest one, and how it is read.
func (f *Files) Opened(path string, c Choice, now time.Time) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	all := slices.DeleteFunc(slices.Clone(f.recent()), func(x RecentFile) bool { return x.Path == path })
	all = slices.Insert(all, 0, RecentFile{path, now.UTC(), c})
	return f.keepFiles(all[:min(len(all), keptFiles)])
}

// ForgetFile takes a file off the list.
func (f *Files) ForgetFile(path string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.keepFiles(slices.DeleteFunc(slices.Clone(f.recent()), func(x RecentFile) bool { return x.Path == path }))
}

func (f *Files) keepFiles(all []RecentFile) error {
	data, err := json.MarshalIndent(all, "", "  ")
	if err == nil {
		err = storage.WriteFile(f.path, data)
	}
	if err == nil {
		f.files = all
	}
	return err
}

// ChoiceFor returns how a file was read the last time, or else how the last one of its
// folder and of its pattern was: orders-2024-03.csv is read as orders-2024-02.csv.
func (f *Files) ChoiceFor(path string) (Choice, bool) {
	path, err := filepath.Abs(path)
	if err != nil {
		return Choice{}, false
	}
	all := f.Recent()
	for _, was := range all {
		if was.Path == path {
			return was.Choice, true
		}
	}
	for _, was := range all {
		if filePattern(was.Path) == filePattern(path) {
			return was.Choice, true
		}
	}
	return Choice{}, false
}

// filePattern is a path with a mark for each run of digits in the file's name, and for each
// name of a month: orders-march.csv is of the pattern of orders-april.csv.
func filePattern(path string) string {
	folder, name := filepath.Split(path)
	var b strings.Builder
	for rest := strings.ToLower(name); rest != ""; {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		letters := len(rest) - len(strings.TrimLeftFunc(rest, unicode.IsLetter))
		switch {
		case digits > 0:
			b.WriteByte('#')
			rest = rest[digits:]
		case letters > 0:
			if word := rest[:letters]; isMonth(word) {
				b.WriteByte('#')
			} else {
				b.WriteString(word)
			}
			rest = rest[letters:]
		default:
			_, n := utf8.DecodeRuneInString(rest)
			b.WriteString(rest[:n])
			rest = rest[n:]
		}
	}
	return folder + b.String()
}

// isMonth reports whether a word is the name of a month in English or German, or its
// first three letters.
func isMonth(word string) bool {
	for _, month := range []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
		"januar", "februar", "märz", "mai", "juni", "juli", "oktober", "dezember"} {
		if word == month || word == string([]rune(month)[:3]) {
			return true
		}
	}
	return word == "sept"
}
