package shared

import (
	"slices"
	"time"
)

// Signed says which state of a file this is, what it was made of, and who vouches for
// it. It stands on one line, so that one change of the content is one more line of
// difference.
type Signed struct {
	Revision  int       `json:"revision"`
	Ancestors []string  `json:"ancestors,omitempty"` // the states before this one, the latest first
	By        string    `json:"by"`                  // a member's ID
	At        time.Time `json:"at"`
	Signature string    `json:"signature,omitempty"`
}

// mostAncestors is how many states before it a file names. Who was away for longer has
// to decide about a change that may have been made on an older state.
const mostAncestors = 40

// AncestorsOf names the states that a new one is made of.
func AncestorsOf(heads ...Signed) func(hashes ...string) []string {
	return func(hashes ...string) []string {
		slices.Sort(hashes)
		list := slices.Compact(hashes)
		for i := range mostAncestors {
			for _, h := range heads {
				if i < len(h.Ancestors) && !slices.Contains(list, h.Ancestors[i]) {
					list = append(list, h.Ancestors[i])
				}
			}
		}
		return list[:min(len(list), mostAncestors)]
	}
}

// Signable returns what is signed of a value: its JSON, after a word that says what it
// is, so that a signature of one kind of file is none of another.
func Signable(kind string, v any) ([]byte, error) {
	line, err := Encode(v)
	return append([]byte("pushdesk/"+kind+"\n"), line...), err
}

// LongAfter reports whether a state is so many revisions after another that it need not
// name it: what a person wrote long ago is in it, or was merged by somebody.
func LongAfter(later, earlier Signed) bool { return later.Revision >= earlier.Revision+15 }
