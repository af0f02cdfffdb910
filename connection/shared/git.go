package shared

import "bytes"

// Sides takes the two versions out of a file in which git has marked what two people
// changed at once; nil for any other file.
func Sides(content []byte) (ours, theirs []byte) {
	const both, inOurs, inBase, inTheirs = 0, 1, 2, 3
	at, marked := both, false
	for line := range bytes.Lines(content) {
		switch text := bytes.TrimRight(line, "\r\n"); {
		case at == both && bytes.HasPrefix(text, []byte("<<<<<<< ")):
			at, marked = inOurs, true
		case at == inOurs && bytes.HasPrefix(text, []byte("|||||||")):
			at = inBase
		case (at == inOurs || at == inBase) && bytes.Equal(text, []byte("=======")):
			at = inTheirs
		case at == inTheirs && bytes.HasPrefix(text, []byte(">>>>>>>")):
			at = both
		default:
			if at == both || at == inOurs {
				ours = append(ours, line...)
			}
			if at == both || at == inTheirs {
				theirs = append(theirs, line...)
			}
		}
	}
	if !marked || at != both {
		return nil, nil
	}
	return ours, theirs
}
