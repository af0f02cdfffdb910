package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"pushdesk/storage/text"
	"pushdesk/ui/app"
)

// With returns the RunE of a command that works with what the program keeps, which it
// opens first.
func (c *Env) With(run func(ctx context.Context, a *app.App, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		a, err := c.Open()
		if err != nil {
			return err
		}
		return run(cmd.Context(), a, args)
	}
}

// TextOnly refuses --json for a command that prints no document.
func TextOnly(cmd *cobra.Command, _ []string) error {
	if asked, err := cmd.Flags().GetBool("json"); err == nil && asked {
		return NoEffect("--json", fmt.Sprintf("%q prints no document", cmd.CommandPath()))
	}
	return nil
}

// Answer prints what a command answers: the document with --json, else the text.
func (c *Env) Answer(document any, text func(w io.Writer)) error {
	if c.JSON {
		c.PrintJSON(document)
	} else {
		text(c.Out)
	}
	return nil
}

// Group is a command that only holds others.
func Group(use, short, long string, commands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Long: long, Args: NoArguments, RunE: func(cmd *cobra.Command, args []string) error {
		if err := TextOnly(cmd, args); err != nil {
			return err
		}
		return cmd.Help()
	}}
	cmd.AddCommand(commands...)
	return cmd
}

func NoArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		var names []string
		for _, known := range cmd.Commands() {
			if known.IsAvailableCommand() {
				names = append(names, known.Name())
			}
		}
		return Usage("%q is not a command of %s%s\nSee: %s --help", args[0], cmd.CommandPath(), didYouMean(args[0], "", names), cmd.CommandPath())
	}
	return nil
}

// didYouMean names what looks most like a word that is not known; "" if nothing does.
func didYouMean(word, prefix string, known []string) string {
	best, least := "", 3 // a swapped pair of letters counts two
	for _, name := range known {
		if d := text.Distance(strings.ToLower(word), name); d < least && d < len(word)-1 {
			best, least = name, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(". Did you mean %s%s?", prefix, best)
}

// flagError explains a flag that is not known, or not right.
func flagError(cmd *cobra.Command, err error) error {
	said, _, _ := strings.Cut(err.Error(), ": strconv.") // which says it in the words of a programmer
	if name, ok := strings.CutPrefix(said, "unknown flag: --"); ok {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		said += didYouMean(name, "--", names)
	}
	return Usage("%s\nSee: %s --help", said, cmd.CommandPath())
}

// OneArgument wants one argument: the noun names it.
func OneArgument(noun string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return missingArgument(cmd, noun)
		case len(args) > 1:
			return Usage("Give one %s. %q is a second argument; quote names that contain spaces.\nSee: %s --help", noun, args[1], cmd.CommandPath())
		}
		return nil
	}
}

// SomeArguments wants at least one.
func SomeArguments(noun string) cobra.PositionalArgs {
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
	return Usage("Name the %s: %s%s\nSee: %s --help", noun, path, cmd.Use, cmd.CommandPath())
}

// Agrees asks a question that is answered with yes or no; no is the answer where nobody
// can be asked.
func (c *Env) Agrees(question string) bool {
	if c.AskLine == nil {
		return false
	}
	answer, err := c.AskLine(question + " [y/N] ")
	answer = strings.ToLower(strings.TrimSpace(answer))
	return err == nil && (answer == "y" || answer == "yes")
}

// Types asks for a name that must be typed exactly, because something would be lost.
// given is a name that came with the command line.
func (c *Env) Types(name, why, given string) bool {
	if given == "" && c.AskLine != nil {
		given, _ = c.AskLine(fmt.Sprintf("%s Type %q to continue: ", why, name))
	}
	return strings.TrimSpace(given) == name
}
