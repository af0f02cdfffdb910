package webtable

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/numeric"
)

const (
	maxToken = 4 << 20 // the longest tag or text
	maxDepth = 200     // of tables in tables
)

// scanner reads the tables of a page, one token after the other.
type scanner struct {
	t      *html.Tokenizer
	read   *counted
	sheets map[string]string // the names of the sheets of an archive, by the name of their document
}

// counted counts what was read.
type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func newScanner(d document) *scanner {
	read := &counted{r: d.reader}
	t := html.NewTokenizer(read)
	t.SetMaxBuf(maxToken)
	return &scanner{t: t, read: read, sheets: map[string]string{}}
}

// end returns why the page ended: nil at its end.
func (s *scanner) end() error {
	err := s.t.Err()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case errors.Is(err, html.ErrBufferExceeded):
		return fault.TooLarge("a text or tag in it is longer than %s", humanize.Bytes(maxToken))
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fault.Truncated("the web archive ends in the middle of a page")
	}
	var damaged base64.CorruptInputError
	if errors.As(err, &damaged) {
		return fault.Corrupt("a page of the web archive cannot be decoded: %v", err)
	}
	return err
}

// attributes returns those of the tag that was read; names are in small letters.
func (s *scanner) attributes() map[string]string {
	var all map[string]string
	for {
		key, value, more := s.t.TagAttr()
		if len(key) > 0 {
			if all == nil {
				all = map[string]string{}
			}
			if name := string(key); all[name] == "" { // the first one of a name counts
				all[name] = string(value)
			}
		}
		if !more {
			return all
		}
	}
}

// list returns the tables of the page.
func (s *scanner) list(ctx context.Context) (all []found, err error) {
	var open []int // the tables that are open, by their place in all
	columns, caption := 0, false
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		kind := s.t.Next()
		switch kind {
		case html.ErrorToken:
			return all, s.end()
		case html.TextToken:
			if caption && len(open) > 0 {
				all[open[len(open)-1]].name = cut(strings.Join(strings.Fields(string(s.t.Text())), " "))
			}
			caption = false
			continue
		case html.StartTagToken, html.SelfClosingTagToken:
		case html.EndTagToken:
			if name, _ := s.t.TagName(); string(name) == "table" && len(open) > 0 {
				open = open[:len(open)-1]
			}
			continue
		case html.CommentToken:
			s.excelSheets(s.t.Text())
			continue
		default:
			continue
		}
		name, _ := s.t.TagName()
		switch string(name) {
		case "table":
			if len(open) == maxDepth {
				return nil, fault.TooLarge("it has tables in tables, deeper than %d", maxDepth)
			}
			if len(open) > 0 {
				all[open[len(open)-1]].holds = true
			}
			open = append(open, len(all))
			all = append(all, found{place: place{table: len(all)}})
		case "tr":
			if len(open) == 0 { // rows without a table are one
				open = append(open, len(all))
				all = append(all, found{place: place{table: len(all)}})
			}
			all[open[len(open)-1]].rows++
			columns = 0
		case "td", "th":
			if len(open) > 0 {
				columns += span(s.attributes()["colspan"])
				t := &all[open[len(open)-1]]
				t.columns = max(t.columns, columns)
			}
		case "caption":
			caption = true
		}
	}
}

// excelSheets takes the names of the sheets from what Excel hides in a comment of the
// first page of an archive.
func (s *scanner) excelSheets(comment []byte) {
	for _, part := range bytes.Split(comment, []byte("<x:ExcelWorksheet>"))[1:] {
		name, href := between(part, "<x:Name>", "</x:Name>"), between(part, `HRef="`, `"`)
		if name != "" && href != "" {
			s.sheets[strings.ToLower(path.Base(href))] = cut(html.UnescapeString(name))
		}
	}
}

func between(text []byte, from, to string) string {
	_, rest, ok := bytes.Cut(text, []byte(from))
	if !ok {
		return ""
	}
	inside, _, ok := bytes.Cut(rest, []byte(to))
	if !ok {
		return ""
	}
	return string(inside)
}

// cut bounds a name.
func cut(name string) string {
	if letters := []rune(name); len(letters) > 60 {
		return string(letters[:60])
	}
	return name
}

// span reads how many columns or rows a cell covers.
func span(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 1 {
		return 1
	}
	return min(n, cell.MaxColumns)
}

// value makes a cell of what is shown in it and what Excel says of it in attributes.
func value(shown string, attributes map[string]string) (c cell.Cell) {
	number, isNumber := attributes["x:num"]
	_, isText := attributes["x:str"]
	switch {
	case attributes["x:err"] != "" && shown != "":
		return cell.Cell{Kind: cell.Error, Text: shown}
	case attributes["x:bool"] != "":
		c.Kind = cell.Boolean
		if strings.EqualFold(attributes["x:bool"], "true") {
			c.Int = 1
		}
		return c
	case shown == "":
		return c
	case isNumber && !isText && plainNumber(shown):
		if number == "" {
			number = shown
		}
		if n, ok := numeric.ParseNumber([]byte(number)); ok {
			c.Kind, c.Float = cell.Number, n.Value
			if exact := n.ExactText([]byte(number)); exact != nil {
				c.Text, c.Flags = string(exact), cell.Rounded
			}
			if strings.HasSuffix(shown, "%") {
				c.Style = cell.Percent
			}
			return c
		}
	}
	return cell.Cell{Kind: cell.Text, Text: shown}
}

// plainNumber reports whether a text shows a number and no date or code, so that the
// number behind it may stand for it.
func plainNumber(shown string) bool {
	if len(shown) > 1 && shown[0] == '0' && shown[1] >= '0' && shown[1] <= '9' {
		return false // leading zeros that are shown belong to a code
	}
	for i, r := range shown {
		switch {
		case r >= '0' && r <= '9', r == '.', r == ',', r == ' ', r == '\u00a0', r == '\u202f', r == '\'', r == '%', r == '(', r == ')':
		case (r == '-' || r == '+' || r == '\u2212') && i == 0:
		default:
			return false
		}
	}
	return true
}
