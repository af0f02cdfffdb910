package settings

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"

	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/keychain"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// secretPlaces are where new secrets can go, in the order of the choice.
var secretPlaces = []keychain.Place{keychain.PlaceKeychain, keychain.PlaceVault, keychain.PlaceSession}

// secretsCard is where secrets are kept: the choice of the place, and the vault.
type secretsCard struct {
	service Service
	host    page.Host
	state   SecretsState
	chip    *widget.Chip
	notice  *widget.Banner
	choices *widget.Choices
	unlock  *widget.Button
	change  *widget.Button
	move    *widget.Button
	actions *fyne.Container
	asking  *task.Latest
	doing   *task.Latest
	content *fyne.Container
}

func newSecretsCard(d Service, h page.Host) *secretsCard {
	c := &secretsCard{service: d, host: h, notice: widget.NewBanner(), asking: h.Work().Latest(), doing: h.Work().Latest()}
	c.chip = widget.NewChip(widget.Neutral, theme.IconWaiting, "Asking")
	again := widget.NewButton(widget.Quiet, theme.IconRefresh, "Check again", c.ask)
	c.choices = widget.NewChoices(c.reasons(), 0, c.choose)
	c.unlock = widget.NewButton(widget.Secondary, theme.IconLock, "Unlock the vault", c.unlockOrLock)
	c.change = widget.NewButton(widget.Quiet, "", "Change the passphrase", c.changePassphrase)
	c.move = widget.NewButton(widget.Secondary, theme.IconKey, "Move", c.moveAll)
	c.actions = widget.Row(8, c.unlock, c.change, c.move)
	c.content = widget.Card(widget.Row(theme.Gap, widget.NewText("Secrets", widget.StyleSection), c.chip, widget.Space(), again),
		widget.NewParagraph("Where new client secrets, certificates and sign-ins are stored. They are read at the moment they are used and are never in a plain file.", widget.StyleBody),
		c.notice, c.choices, c.actions)
	return c
}

// reasons are the places with what each means here and now.
func (c *secretsCard) reasons() []widget.Reason {
	keychainSays := "Stored by this computer and open while you are signed in."
	if c.state.Keychain != nil {
		keychainSays = "The keychain of this computer does not answer."
		if f, ok := failure.From(c.state.Keychain); ok { // without where to go: it is here
			keychainSays = strings.TrimSpace(f.Sentence + " " + f.Remedy)
		}
	}
	vaultSays := "A file encrypted with your passphrase, for computers without a keychain. You type the passphrase once each time you open Pushdesk."
	switch c.state.Vault {
	case keychain.VaultLocked:
		vaultSays += " It is locked."
	case keychain.VaultOpen:
		vaultSays += " It is open."
	}
	return []widget.Reason{
		{Title: "System keychain", About: keychainSays},
		{Title: "Passphrase vault", About: vaultSays},
		{Title: "This session only", About: "Held in memory and forgotten when Pushdesk is closed. Nothing is written."},
	}
}

// ask reads where secrets go and what can take them.
func (c *secretsCard) ask() {
	c.chip.Set(widget.Neutral, theme.IconWaiting, "Asking")
	task.Read(c.asking, c.service.SecretsState, func(s SecretsState, err error) {
		if err != nil {
			c.notice.Say(page.Explain(err, "Pushdesk could not find out where secrets are stored."))
			c.content.Refresh()
			return
		}
		c.show(s)
	})
}

func (c *secretsCard) show(s SecretsState) {
	c.state = s
	c.choices.SetReasons(c.reasons())
	for i, place := range secretPlaces {
		if place == s.Choice {
			c.choices.SetSelected(i)
		}
	}
	switch {
	case s.Choice == keychain.PlaceVault && s.Vault == keychain.VaultOpen:
		c.chip.Set(widget.Success, theme.IconPass, "Vault open")
	case s.Choice == keychain.PlaceVault:
		c.chip.Set(widget.Warning, theme.IconLock, "Vault locked")
	case s.Choice == keychain.PlaceSession, s.Keychain != nil && none(s.Keychain):
		c.chip.Set(widget.Warning, theme.IconWarning, "This session only")
	case s.Keychain != nil:
		c.chip.Set(widget.Warning, theme.IconWarning, "Keychain does not work")
	default:
		c.chip.Set(widget.Success, theme.IconPass, "System keychain works")
	}
	c.unlock.SetText("Unlock the vault")
	if s.Vault == keychain.VaultOpen {
		c.unlock.SetText("Lock the vault")
	}
	widget.ShowIf(c.unlock, s.Vault != keychain.VaultNone)
	widget.ShowIf(c.change, s.Vault == keychain.VaultOpen)
	c.move.SetText("Move " + humanize.Count(s.Others, "secret") + " here")
	widget.ShowIf(c.move, s.Others > 0 && s.Choice != keychain.PlaceSession)
	widget.ShowIf(c.actions, c.unlock.Visible() || c.move.Visible())
	c.content.Refresh()
}

// none tells whether there is no keychain at all, so that secrets are held in memory.
func none(err error) bool {
	var no *keychain.Unavailable
	return errors.As(err, &no) && no.None()
}

// choose changes where new secrets go. The vault is made first, or unlocked.
func (c *secretsCard) choose(i int) {
	place := secretPlaces[i]
	back := func() { c.show(c.state) }
	keep := func() {
		c.do(func(ctx context.Context) error { return c.service.ChooseSecrets(ctx, place) }, "Your choice could not be saved.", "")
	}
	switch {
	case place == keychain.PlaceVault && c.state.Vault == keychain.VaultNone:
		page.AskNewPassphrase(c.host, c.service, "Create a passphrase vault", false, func(ctx context.Context, _, fresh string) error {
			if err := c.service.CreateVault(ctx, fresh); err != nil {
				return err
			}
			return c.service.ChooseSecrets(ctx, place)
		}, c.ask, back)
	case place == keychain.PlaceVault && c.state.Vault == keychain.VaultLocked:
		page.AskPassphrase(c.host, c.service, func() { keep() }, back)
	default:
		keep()
	}
}

func (c *secretsCard) unlockOrLock() {
	if c.state.Vault == keychain.VaultOpen {
		c.do(func(context.Context) error { c.service.LockVault(); return nil }, "The vault could not be locked.", "")
		return
	}
	page.AskPassphrase(c.host, c.service, c.ask, func() {})
}

func (c *secretsCard) changePassphrase() {
	page.AskNewPassphrase(c.host, c.service, "Change the passphrase", true, c.service.ChangeVault, func() {
		c.host.Toast("The passphrase is changed.")
		c.ask()
	}, func() {})
}

// moveAll brings every secret to where new ones go.
func (c *secretsCard) moveAll() {
	place := c.state.Choice
	c.move.SetEnabled(false)
	c.do(func(ctx context.Context) error { return c.service.MoveSecrets(ctx, place) }, "Not every secret could be moved.",
		fmt.Sprintf("The secrets are moved: %s.", place))
}

// do makes a change and shows what is so then.
func (c *secretsCard) do(change func(context.Context) error, failed, done string) {
	task.Read(c.doing, func(ctx context.Context) (struct{}, error) { return struct{}{}, change(ctx) }, func(_ struct{}, err error) {
		c.move.SetEnabled(true)
		if err != nil {
			c.notice.Say(page.Explain(err, failed))
		} else {
			c.notice.Hide()
			if done != "" {
				c.host.Toast(done)
			}
		}
		c.ask()
	})
}
