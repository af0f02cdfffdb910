package house

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// recipe is a section of CONTRIBUTING.md that shows how to add something: which files
// are new and what changes in the others.
type recipe struct {
	title string
	steps []step
}

// step is one file: its whole text, or hunks of a diff.
type step struct {
	path string // below the root
	diff bool
	text string
}

var (
	heading = regexp.MustCompile(`(?m)^### (Add .*)$`)
	// A file's name in backquotes at the start of a paragraph, and the fence below it.
	file = regexp.MustCompile("(?ms)^`([^`\n]+)`[^\n]*\n\n```(go|diff)\n(.*?)^```$")
)

// recipes reads the sections of a page whose headings begin with "Add".
func recipes(page string) (list []recipe) {
	at := heading.FindAllStringSubmatchIndex(page, -1)
	for i, m := range at {
		end := len(page)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		r := recipe{title: page[m[2]:m[3]]}
		for _, f := range file.FindAllStringSubmatch(page[m[1]:end], -1) {
			r.steps = append(r.steps, step{path: f[1], diff: f[2] == "diff", text: f[3]})
		}
		list = append(list, r)
	}
	return list
}

// overlay carries a recipe out beside the tree: it writes the files into a folder and
// returns which file of the tree each stands for, as the go command's -overlay wants it.
func (r recipe) overlay(root, folder string) (map[string]string, error) {
	files := map[string]string{}
	for _, s := range r.steps {
		real := filepath.Join(root, filepath.FromSlash(s.path))
		text := s.text
		old, err := os.ReadFile(real)
		switch {
		case s.diff && err != nil:
			return nil, err
		case s.diff:
			if text, err = apply(string(old), s.text); err != nil {
				return nil, fmt.Errorf("%s: %w", s.path, err)
			}
		case err == nil:
			return nil, fmt.Errorf("%s is there already", s.path)
		}
		written := filepath.Join(folder, strings.ReplaceAll(s.path, "/", "_"))
		if err := os.WriteFile(written, []byte(text), 0o600); err != nil {
			return nil, err
		}
		files[real] = written
	}
	return files, nil
}

// apply changes a text by the hunks of a diff, which stand apart by lines "@@". The
// lines of a hunk that are kept or removed must stand in the text once.
func apply(text, diff string) (string, error) {
	for hunk := range strings.SplitSeq(diff, "@@\n") {
		var before, after strings.Builder
		for line := range strings.Lines(hunk) {
			switch {
			case strings.HasPrefix(line, "+"):
				after.WriteString(line[1:])
			case strings.HasPrefix(line, "-"):
				before.WriteString(line[1:])
			default:
				line = strings.TrimPrefix(line, " ")
				before.WriteString(line)
				after.WriteString(line)
			}
		}
		if n := strings.Count(text, before.String()); n != 1 || before.Len() == 0 {
			return "", fmt.Errorf("these lines stand there %d times:\n%s", n, before.String())
		}
		text = strings.Replace(text, before.String(), after.String(), 1)
	}
	return text, nil
}
