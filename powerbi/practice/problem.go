package practice

import "fmt"

// Problem is an error of starting the service that a person can do something
// about.
type Problem struct {
	what, sentence, remedy string
	path                   string
	err                    error
}

// ErrInUse is returned by Start when another process runs a service on the folder.
var ErrInUse error = &Problem{
	what:     "another practice service is running on this folder",
	sentence: "Another program already runs the practice service on this folder.",
	remedy:   "Use the one that runs, close the other program, or choose another folder.",
}

func stateProblem(path string, err error) error {
	return &Problem{
		what:     "read the practice state",
		sentence: "The data of the practice service cannot be read.",
		remedy:   "Move the file named in the details to another place. The practice service then starts afresh.",
		path:     path,
		err:      err,
	}
}

func (p *Problem) Error() string {
	switch {
	case p.err == nil:
		return p.what
	case p.path == "":
		return fmt.Sprintf("%s: %v", p.what, p.err)
	}
	return fmt.Sprintf("%s in %s: %v", p.what, p.path, p.err)
}

func (p *Problem) Unwrap() error { return p.err }

// Sentence says what happened.
func (p *Problem) Sentence() string { return p.sentence }

// Remedy says what to do next.
func (p *Problem) Remedy() string { return p.remedy }

// Who says who can do it.
func (p *Problem) Who() string { return "you" }

// Details gives the file and the cause.
func (p *Problem) Details() string { return p.Error() }
