package page

import (
	"context"

	"pushdesk/storage/humanize"
	"pushdesk/storage/keychain"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// Vault opens the passphrase vault.
type Vault interface {
	UnlockVault(ctx context.Context, passphrase string) error
	// SuggestPassphrase makes up a passphrase that nobody guesses.
	SuggestPassphrase() string
}

// AskPassphrase asks for the vault's passphrase until it is right; opened runs
// then, and left when the person gives up.
func AskPassphrase(h Host, d Vault, opened, left func()) {
	entry := widget.NewPassword("Passphrase")
	field := widget.NewField("Passphrase", entry, "Pushdesk locks the vault again after "+humanize.Duration(keychain.Idle)+" without use.")
	work := h.Work().Latest()
	var dialog *widget.Dialog
	done := false
	cancel := widget.NewButton(widget.Secondary, "", "Cancel", func() { dialog.Close() })
	unlock := widget.NewButton(widget.Primary, "", "Unlock", nil)
	unlock.OnTapped = func() {
		if work.Busy() || entry.Text == "" {
			return
		}
		unlock.SetEnabled(false)
		unlock.SetText("Unlocking")
		text := entry.Text
		task.Read(work, func(ctx context.Context) (struct{}, error) { return struct{}{}, d.UnlockVault(ctx, text) }, func(_ struct{}, err error) {
			unlock.SetText("Unlock")
			unlock.SetEnabled(true)
			if err != nil {
				m := Explain(err, "The vault could not be unlocked.")
				field.Say(widget.Error, m.Sentence, m.Remedy)
				dialog.Fit()
				return
			}
			done = true
			dialog.Close()
			opened()
		})
	}
	dialog = widget.NewDialog(h.Window(), 460, "Unlock the passphrase vault", field, cancel, unlock)
	dialog.OnClosed(func() {
		work.Cancel()
		if !done {
			left()
		}
	})
	dialog.Show(entry)
}

// AskNewPassphrase asks for a new passphrase, twice, and for the old one when
// there is one. keep is given both; done runs after it, left when the person
// gives up.
func AskNewPassphrase(h Host, d Vault, title string, old bool, keep func(ctx context.Context, old, fresh string) error, done, left func()) {
	before := widget.NewPassword("Current passphrase")
	fresh := widget.NewPassword("At least 8 characters; four words are better")
	again := widget.NewPassword("Type it again")
	oldField := widget.NewField("Old passphrase", before, "")
	freshField := widget.NewField("New passphrase", fresh, "It cannot be recovered. Store it with your other passwords.")
	againField := widget.NewField("Repeat it", again, "")
	widget.ShowIf(oldField, old)
	suggest := widget.NewButton(widget.Quiet, theme.IconRefresh, "Suggest one and copy it", func() {
		text := d.SuggestPassphrase()
		fresh.SetText(text)
		again.SetText(text)
		widget.CopyText(text)
		h.Toast("A passphrase is filled in and copied.")
	})
	work := h.Work().Latest()
	var dialog *widget.Dialog
	finished := false
	cancel := widget.NewButton(widget.Secondary, "", "Cancel", func() { dialog.Close() })
	accept := widget.NewButton(widget.Primary, "", "Save", nil)
	accept.OnTapped = func() {
		if work.Busy() {
			return
		}
		againField.Say(widget.Neutral, "", "")
		freshField.Say(widget.Neutral, "", "")
		if again.Text != fresh.Text {
			againField.Say(widget.Error, "The passphrases do not match.", "Type it again.")
			dialog.Fit()
			return
		}
		accept.SetEnabled(false)
		was, text := before.Text, fresh.Text
		task.Read(work, func(ctx context.Context) (struct{}, error) { return struct{}{}, keep(ctx, was, text) }, func(_ struct{}, err error) {
			accept.SetEnabled(true)
			if err != nil {
				m := Explain(err, "The vault could not be changed.")
				freshField.Say(widget.Error, m.Sentence, m.Remedy)
				dialog.Fit()
				return
			}
			finished = true
			dialog.Close()
			done()
		})
	}
	body := widget.Column(theme.Gap, oldField, freshField, againField, widget.Row(0, suggest))
	dialog = widget.NewDialog(h.Window(), 480, title, body, cancel, accept)
	dialog.OnClosed(func() {
		work.Cancel()
		if !finished {
			left()
		}
	})
	first := fresh
	if old {
		first = before
	}
	dialog.Show(first)
}
