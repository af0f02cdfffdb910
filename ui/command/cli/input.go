package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pushdesk/assets"
	"pushdesk/storage"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
)

// Input says which files an argument names.
type Input struct {
	Name   string // of standard input, as if it were a file of that name; "" = a common one
	Newest bool   // of several files that fit a pattern, the one that was changed last
	Each   bool   // all of them, by their names
}

// StandardInput is the argument that names standard input.
const StandardInput = "-"

// sampleNames are the arguments that name the sample workbook, where no file has the name.
var sampleNames = []string{"sample", "sample.xlsx"}

// sample returns the path of the sample workbook for an argument that names it, and else the
// argument. It is written beside what the program keeps, as the window does.
func sample(c *Env, arg string) (string, error) {
	if _, err := os.Lstat(arg); err == nil || !slices.Contains(sampleNames, strings.ToLower(arg)) {
		return arg, nil
	}
	home, err := c.HomeFolder()
	if err != nil {
		return "", err
	}
	path := filepath.Join(home, assets.SampleName)
	if err := os.MkdirAll(home, 0o700); err != nil {
		return "", fmt.Errorf("write the sample workbook: %w", err)
	}
	if err := storage.WriteFile(path, assets.Sample); err != nil {
		return "", fmt.Errorf("write the sample workbook: %w", err)
	}
	c.Say("There is no file %q here: the sample workbook is used, %s", arg, path)
	return path, nil
}

// File returns the one file that an argument names: the file itself, the sample workbook, or a
// copy of standard input, which done removes.
func (c *Env) File(ctx context.Context, arg string) (path string, done func(), err error) {
	if arg != StandardInput {
		path, err = sample(c, arg)
		return path, func() {}, err
	}
	list, done, err := c.Files(ctx, arg, Input{})
	if err != nil {
		return "", done, err
	}
	return list[0], done, nil
}

// IsPattern reports whether an argument is a pattern of names, and not a file.
func IsPattern(arg string) bool {
	_, err := os.Lstat(arg)
	return err != nil && strings.ContainsAny(arg, "*?[")
}

// Files returns the files that an argument names: the file itself, those that fit a pattern,
// or a copy of standard input in the program's own folder, which done removes.
func (c *Env) Files(ctx context.Context, arg string, in Input) (list []string, done func(), err error) {
	done = func() {}
	pattern := IsPattern(arg)
	switch {
	case in.Newest && in.Each:
		return nil, done, Usage("Give --newest or --each, not both")
	case in.Name != "" && arg != StandardInput:
		return nil, done, NoEffect("--name", fmt.Sprintf("%q is a file with a name of its own; - is standard input", arg))
	case (in.Newest || in.Each) && !pattern:
		flag := "--newest"
		if in.Each {
			flag = "--each"
		}
		return nil, done, NoEffect(flag, fmt.Sprintf("%q is one file, not a pattern such as orders-*.csv", arg))
	case arg == StandardInput:
		path, done, err := c.spool(ctx, cmp.Or(in.Name, "standard input"))
		return []string{path}, done, err
	case !pattern:
		path, err := sample(c, arg)
		return []string{path}, done, err
	}
	if list, err = filepath.Glob(arg); err != nil {
		return nil, done, Usage("%q is not a pattern: a bracket is not closed", arg)
	}
	list = slices.DeleteFunc(list, func(path string) bool {
		info, err := os.Stat(path)
		return err != nil || !info.Mode().IsRegular() || strings.HasPrefix(filepath.Base(path), "~$") // the mark of an open workbook
	})
	switch {
	case len(list) == 0:
		return nil, done, failure.New(failure.Missing, "no-match", fmt.Sprintf("No file fits the pattern %q.", arg), "Check the folder and the pattern.")
	case in.Newest:
		return []string{newest(list)}, done, nil
	case len(list) > 1 && !in.Each:
		var names []string
		for _, path := range list {
			names = append(names, filepath.Base(path))
		}
		return nil, done, Usage("%s fit the pattern %q: %s. Give --newest for the one that was changed last, or --each for all", humanize.Count(len(list), "file"), arg, humanize.ListSome(names, 5))
	}
	return list, done, nil
}

// newest returns the file that was changed last; of the same moment, the last by its name.
func newest(list []string) (best string) {
	var at int64
	for _, path := range list {
		if info, err := os.Stat(path); err == nil && (best == "" || info.ModTime().UnixNano() >= at) {
			best, at = path, info.ModTime().UnixNano()
		}
	}
	return best
}

// InputFolder is where copies of standard input are, each in a folder of its own.
func InputFolder(home string) string { return filepath.Join(home, "input") }

// spool writes standard input to a file of a name, for this user alone. What killed programs
// have left is removed.
func (c *Env) spool(ctx context.Context, name string) (path string, done func(), err error) {
	done = func() {}
	if name != filepath.Base(name) || name == "." {
		return "", done, Usage("--name is the name of a file without a folder, not %q", name)
	}
	home, err := c.HomeFolder()
	if err != nil {
		return "", done, err
	}
	all := InputFolder(home)
	left, _ := os.ReadDir(all) // there may be none yet
	for _, folder := range left {
		if lock, err := storage.TryLock(filepath.Join(all, folder.Name(), "lock")); err == nil {
			_ = lock.Unlock()
			_ = os.RemoveAll(filepath.Join(all, folder.Name()))
		}
	}
	if err := os.MkdirAll(all, 0o700); err != nil {
		return "", done, fmt.Errorf("keep standard input: %w", err)
	}
	folder, err := os.MkdirTemp(all, "") // 0700
	if err != nil {
		return "", done, fmt.Errorf("keep standard input: %w", err)
	}
	lock, err := storage.TryLock(filepath.Join(folder, "lock"))
	if err != nil {
		return "", done, err
	}
	done = func() {
		_ = lock.Unlock()
		_ = os.RemoveAll(folder)
	}
	path = filepath.Join(folder, name)
	if err := copyInput(ctx, path, c.In); err != nil {
		done()
		return "", func() {}, err
	}
	return path, done, nil
}

func copyInput(ctx context.Context, path string, in io.Reader) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("keep standard input: %w", err)
	}
	read := make(chan error, 1)
	go func() {
		_, err := io.Copy(f, in)
		read <- err
	}()
	select { // nobody may write into it
	case err = <-read:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("read standard input: %w", err)
	}
	return nil
}
