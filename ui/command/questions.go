package command

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/ui/command/cli"
)

// answers are what the command line says to questions before they are asked.
type answers struct {
	yes     bool           // --yes
	again   bool           // --again
	replace string         // --yes-replace NAME
	flags   *pflag.FlagSet // of the command, so that none is advised that it does not have
}

// has reports whether the command has a flag.
func (a answers) has(flag string) bool { return a.flags == nil || a.flags.Lookup(flag) != nil }

// askQuestions asks what has to be agreed to before drafts are sent. A mode on the command line
// is an answer of its own where nothing must be typed.
func askQuestions(c *cli.Env, given answers, set ...job.Draft) error {
	for _, q := range job.Questions(set...) {
		hint, ok := "say yes when asked, or give --yes", given.yes
		switch {
		case q.Note, q.Kind == job.AskReplace && q.Type == "":
			c.Say("%s", q.Sentence)
			continue
		case q.Type != "":
			if !c.Types(q.Type, q.Sentence, given.replace) {
				return cli.Unanswered("%s Nothing was deleted or sent: type the dataset's name when asked, or give --yes-replace %q", q.Sentence, q.Type)
			}
			continue
		case q.Kind == job.AskRepeat, q.Kind == job.AskOverlap, q.Kind == job.AskScattered:
			hint, ok = "say yes when asked, or give --again to add them once more", given.again
			if !given.has("again") {
				hint = "say yes when asked, or give --yes to add them once more"
			}
			if q.Kind == job.AskOverlap && !q.Run.Resumable && given.has("only-new") {
				hint += ", or --only-new to send only the new rows"
			}
			if q.Kind == job.AskScattered && given.has("key") {
				hint += ", or --key COLUMN or --since-last COLUMN to send only the new rows"
			}
			if q.Run.Resumable {
				hint += "; pushdesk runs resume " + q.Run.RunID + " sends the rest of that run"
			}
			if ok {
				c.Say("%s", q.Sentence)
			}
		}
		if !ok && !c.Agrees(q.Sentence+" Continue?") {
			if q.Kind != job.AskProduction {
				return cli.AlreadySent("%s Nothing was sent: %s", q.Sentence, hint)
			}
			return cli.Unanswered("%s Nothing was sent: %s", q.Sentence, hint)
		}
	}
	return nil
}

// mayDelete asks before all rows of a table are deleted: with a production connection
// for the dataset's name, otherwise for a yes.
func mayDelete(c *cli.Env, to job.Connection, dataset, what string, given answers) error {
	if !to.Production {
		if given.yes || c.Agrees(what+" Continue?") {
			return nil
		}
		return cli.Unanswered("Nothing was changed: say yes when asked, or give --yes")
	}
	if c.Types(dataset, fmt.Sprintf("%q is a production connection. %s", to.Name, what), given.replace) {
		return nil
	}
	return cli.Unanswered("%q is a production connection, so nothing was changed: type the dataset's name when asked, or give --yes-replace %q", to.Name, dataset)
}

// policyOf reads --bad-rows and --max-left-out.
func policyOf(word, most string) (mapping.Policy, mapping.LeftOut, error) {
	p := mapping.Policy(strings.ToLower(word))
	if !p.Valid() {
		words := policyWords()
		last := len(words) - 1
		return "", mapping.LeftOut{}, cli.Usage("--bad-rows is %s or %s, not %q", strings.Join(words[:last], ", "), words[last], word)
	}
	if most == "" {
		return p, mapping.LeftOut{}, nil
	}
	if p != mapping.PolicySkip {
		return "", mapping.LeftOut{}, cli.Usage("--max-left-out has no effect with --bad-rows %s, which leaves no rows out", p)
	}
	l, err := mapping.ParseLeftOut(most)
	if err != nil {
		return "", l, cli.Usage("--max-left-out %s: %v", most, err)
	}
	return p, l, nil
}

// maxLeftOutFlag registers --max-left-out.
func maxLeftOutFlag(s *pflag.FlagSet, most *string) {
	s.StringVar(most, "max-left-out", "", "with --bad-rows skip: send nothing if more than `N|P%` rows would be left out")
}

// policyFlag registers --bad-rows. still is "" or "still ".
func policyFlag(s *pflag.FlagSet, word *string, still string) {
	var does []string
	for _, p := range mapping.Policies {
		does = append(does, p.Short)
	}
	last := len(does) - 1
	s.StringVar(word, "bad-rows", string(mapping.PolicyStop), fmt.Sprintf("`%s`: if values %scannot be sent, %s; or %s",
		strings.Join(policyWords(), "|"), still, strings.Join(does[:last], "; "), does[last]))
}

// policyWords are the values of --bad-rows.
func policyWords() (words []string) {
	for _, p := range mapping.Policies {
		words = append(words, string(p.Policy))
	}
	return words
}
