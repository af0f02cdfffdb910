package command

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"pushdesk/ui/app"
)

// with makes the body of a command of what it does with everything that is kept, and
// with its arguments.
func (c *commander) with(run func(ctx context.Context, a *app.App, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		a, err := c.open()
		if err != nil {
			return err
		}
		return run(cmd.Context(), a, args)
	}
}

// answer prints what a command answers: the document with --json, else the text.
func (c *commander) answer(document any, text func(w io.Writer)) error {
	if c.json {
		c.printJSON(document)
	} else {
		text(c.Out)
	}
	return nil
}

// group is a command that only holds others.
func group(use, short, long string, commands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Long: long, Args: noArguments, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	cmd.AddCommand(commands...)
	return cmd
}

func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("%q is not a command of %s\nSee: %s --help", args[0], cmd.CommandPath(), cmd.CommandPath())
	}
	return nil
}

// oneArgument wants one argument: the noun names it.
func oneArgument(noun string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return missingArgument(cmd, noun)
		case len(args) > 1:
			return usage("Give one %s. %q is a second argument; quote names that contain spaces.\nSee: %s --help", noun, args[1], cmd.CommandPath())
		}
		return nil
	}
}

// someArguments wants at least one.
func someArguments(noun string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return missingArgument(cmd, noun)
		}
		return nil
	}
}

// missingArgument shows the command line as it should be.
func missingArgument(cmd *cobra.Command, noun string) error {
	path := strings.TrimSuffix(cmd.CommandPath(), cmd.Name())
	return usage("Name the %s: %s%s\nSee: %s --help", noun, path, cmd.Use, cmd.CommandPath())
}

// agrees asks a question that is answered with yes or no; no is the answer where nobody
// can be asked.
func (c *commander) agrees(question string) bool {
	if c.AskLine == nil {
		return false
	}
	answer, err := c.AskLine(question + " [y/N] ")
	answer = strings.ToLower(strings.TrimSpace(answer))
	return err == nil && (answer == "y" || answer == "yes")
}

// types asks for a name that must be typed exactly, because something would be lost.
// given is a name that came with the command line.
func (c *commander) types(name, why, given string) bool {
	if given == "" && c.AskLine != nil {
		given, _ = c.AskLine(fmt.Sprintf("%s Type %q to continue: ", why, name))
	}
	return strings.TrimSpace(given) == name
}
