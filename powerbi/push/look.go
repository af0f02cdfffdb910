package push

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/text"
)

// A row count that fits shows that a batch was stored only while nobody else adds as many
// rows. So rows of the batch are looked for in the table as well. Seeing them is proof
// only if nothing else can have brought them: neither another batch of the source nor an
// earlier run that sent the same.

// lookRows is how many rows of a batch are looked for at most.
const lookRows = 8

// reading is how long the source may take to be read once more.
const rereading = 30 * time.Minute

// look is what is looked for of a batch, and what was seen.
type look struct {
	rows   sampler // none: the batch cannot be looked for
	proves bool    // seeing them proves that the batch was stored
	state  lookState
	times  int // how often the table holds the row that it holds the least often
}

type lookState int

const (
	lookNone    lookState = iota // it cannot be looked for, or not any more
	lookMissing                  // none of its rows is in the table
	lookPart                     // some are
	lookSeen                     // all are
)

// String says what was seen, for a person.
func (l *look) String() string {
	if l == nil {
		return ""
	}
	rows := len(l.rows.rows)
	switch l.state {
	case lookMissing:
		return fmt.Sprintf("None of %d of its rows that were looked for were in the table.", rows)
	case lookPart:
		return fmt.Sprintf("Only some of %d of its rows that were looked for were in the table.", rows)
	case lookSeen:
		return fmt.Sprintf("%d of its rows that were looked for were in the table, but may be from before the run.", rows)
	}
	return ""
}

// looker looks for rows of batches in the table.
type looker struct {
	*run
	counter *counter
}

// prepare chooses rows of some batches to be looked for, once: those that stand nowhere
// else in the source.
func (l looker) prepare(ctx context.Context, list []*batch) {
	list = slices.DeleteFunc(slices.Clone(list), func(b *batch) bool { return b.look != nil })
	if len(list) == 0 {
		return
	}
	var wanted []int // rows of earlier sessions, by their place in the source
	for _, b := range list {
		b.look = &look{}
		for _, i := range places(b.size()) {
			if len(b.body) > 0 {
				b.look.rows.rows, b.look.rows.at = append(b.look.rows.rows, slices.Clone(b.row(i))), append(b.look.rows.at, b.rows[i])
			} else {
				wanted = append(wanted, b.index[i])
			}
		}
	}
	if l.o.Reread == nil {
		l.judge(ctx, list)
		return
	}
	at := map[int]numbered{}
	if len(wanted) > 0 {
		last := slices.Max(wanted)
		if err := l.reread(ctx, func(index, row int, line []byte) bool {
			if slices.Contains(wanted, index) {
				at[index] = numbered{row, slices.Clone(line)}
			}
			return index < last
		}); err != nil {
			l.giveUp(list)
			return
		}
	}
	own := map[string]int{} // how often a row stands in the source outside of its batch
	inside := map[int]bool{}
	for _, b := range list {
		for _, i := range places(b.size()) {
			if n, ok := at[b.index[i]]; ok && len(b.body) == 0 {
				b.look.rows.rows, b.look.rows.at = append(b.look.rows.rows, n.line), append(b.look.rows.at, n.row)
			}
			inside[b.index[i]] = true
		}
		b.firstKey, b.lastKey = l.keys(b)
		for _, line := range b.look.rows.rows {
			own[asFound(line)] = 0
		}
	}
	if err := l.reread(ctx, func(index, _ int, line []byte) bool {
		if n, ok := own[asFound(line)]; ok && !inside[index] {
			own[asFound(line)] = n + 1
		}
		return true
	}); err != nil {
		l.giveUp(list)
		return
	}
	for _, b := range list {
		var telling sampler
		for i, line := range b.look.rows.rows {
			if own[asFound(line)] == 0 {
				telling.rows, telling.at = append(telling.rows, line), append(telling.at, b.look.rows.at[i])
			}
		}
		b.look.rows = telling
	}
	l.judge(ctx, list)
}

// giveUp looks for none of the batches: what else of the source is like their rows is not
// known.
func (l looker) giveUp(list []*batch) {
	for _, b := range list {
		b.look.rows = sampler{}
	}
}

// asFound returns a row as the table may give it back: an empty text as a blank.
func asFound(line []byte) string { return strings.ReplaceAll(string(line), `:""`, ":null") }

type numbered struct {
	row  int
	line []byte
}

// places are those of the rows of a batch that are looked for.
func places(size int) []int {
	n := min(size, lookRows)
	var list []int
	for i := range n {
		list = append(list, i*(size-1)/max(1, n-1))
	}
	return slices.Compact(list)
}

// judge says whether seeing the rows proves anything: not if the table may hold the same
// rows from before the run.
func (l looker) judge(_ context.Context, list []*batch) {
	before := false
	if l.counter.base != 0 && !l.report.Deleted {
		var err error
		if before, err = history.SentBefore(l.disk, l.journal); err != nil {
			before = true
		}
	}
	for _, b := range list {
		b.look.proves = !before
		if b.firstKey == "" {
			b.firstKey, b.lastKey = l.keys(b)
		}
	}
}

// reread reads the source once more, until each says false.
func (l looker) reread(ctx context.Context, each func(index, row int, line []byte) bool) error {
	return l.within(ctx, rereading, func(own context.Context) error {
		src, err := l.o.Reread()
		if err != nil {
			return err
		}
		e, err := mapping.NewEncoder(l.mapping, l.o.Policy)
		if err != nil {
			return err
		}
		selected, err := mapping.Select(src, l.mapping, l.o.Skip, l.o.Limit)
		if err != nil {
			return err
		}
		selected.Look = own.Err
		var line []byte
		for index := 0; selected.Next(); index++ {
			row, cells := selected.Row()
			var ok bool
			if line, ok = e.AppendRow(line[:0], row, cells, nil); !ok {
				continue
			}
			if !each(index, row, line) {
				return nil
			}
		}
		if own.Err() != nil {
			return own.Err()
		}
		return src.Err()
	})
}

// search looks for the rows of a batch. An error that does not pass by itself ends that
// the batch can be looked for.
func (l looker) search(ctx context.Context, b *batch) {
	k := b.look
	if len(k.rows.rows) == 0 {
		k.state = lookNone
		return
	}
	times, cut, err := k.rows.find(ctx, l.run)
	switch {
	case err != nil:
		k.state = lookNone
		if !passing(err) {
			k.rows = sampler{}
		}
		return
	case !slices.Contains(times, 0):
		k.state = lookSeen
	case cut: // so many look alike that the right ones may be cut off
		k.state = lookNone
		return
	case slices.Max(times) == 0:
		k.state = lookMissing
	default:
		k.state = lookPart
	}
	k.times = slices.Min(times)
}

// anyOf looks for some rows of a batch in the table. looked is false where rows cannot
// be looked for.
func (l looker) anyOf(ctx context.Context, b *batch) (looked, found bool) {
	l.prepare(ctx, []*batch{b})
	if len(b.look.rows.rows) == 0 {
		return false, false
	}
	times, _, err := b.look.rows.find(ctx, l.run)
	return err == nil, slices.ContainsFunc(times, func(n int) bool { return n > 0 })
}

// keyColumns is how many values tell a row to a person, and keyLength how long they are.
const (
	keyColumns = 3
	keyLength  = 40
)

// keys returns the first values of the first and of the last row of a batch, so that a
// person finds them in Power BI. Values of a batch are in memory only, until it is unknown.
func (l looker) keys(b *batch) (first, last string) {
	if len(b.body) > 0 {
		return rowKey(l.mapping, b.row(0)), rowKey(l.mapping, b.row(b.size()-1))
	}
	rows := b.look.rows
	if n := len(rows.at); n > 0 && rows.at[0] == b.rows[0] && rows.at[n-1] == b.rows[b.size()-1] {
		return rowKey(l.mapping, rows.rows[0]), rowKey(l.mapping, rows.rows[n-1])
	}
	return "", ""
}

// RowKeys returns what tells some rows of a source, by their numbers in the sheet.
func RowKeys(src mapping.Source, m mapping.Mapping, rows []int) map[int]string {
	keys := map[int]string{}
	e, err := mapping.NewEncoder(m, mapping.PolicyBlank)
	if err != nil {
		return keys
	}
	for len(keys) < len(rows) && src.Next() {
		if row, cells := src.Row(); slices.Contains(rows, row) {
			line, _ := e.AppendRow(nil, row, cells, nil)
			keys[row] = rowKey(m, line)
		}
	}
	return keys
}

func rowKey(m mapping.Mapping, line []byte) string {
	var list []string
	for _, c := range m.Schema().Columns {
		v := strings.TrimSpace(valueIn(line, c.Name))
		if v == "" || c.DataType == powerbi.Boolean {
			continue
		}
		if list = append(list, c.Name+" "+text.Shorten(v, keyLength)); len(list) == keyColumns {
			break
		}
	}
	return strings.Join(list, ", ")
}
