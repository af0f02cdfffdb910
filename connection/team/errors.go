package team

import (
	"fmt"

	"pushdesk/storage/failure"
)

// What can be wrong with a team's folder, to compare with errors.Is. A file that is not
// trusted is shown, with the reason, and not used.
var (
	ErrUnsigned    = failure.New(failure.Connection, "team-unsigned", "The file is not signed by the member it names, or was changed since.", "Do not use it. Ask the person who shared it to share it again.")
	ErrStranger    = failure.New(failure.Connection, "team-stranger", "The file is signed by somebody who is not a member of the team.", "Do not use it, and tell an owner of the team.")
	ErrNewMember   = failure.New(failure.Connection, "team-new-member", "The file is signed by a member who is new to this computer.", "Ask an owner whether the person joined, then trust the new member.")
	ErrTenant      = failure.New(failure.Connection, "team-foreign-tenant", "The connection leads to a tenant that the team does not allow, so rows could go to strangers.", "If the tenant is yours, an owner can allow it for the team. If not, do not use the connection.")
	ErrRolledBack  = failure.New(failure.Connection, "team-rolled-back", "The file in the team's folder is older than what this computer has seen before.", "A backup or a sync program may have brought it back. Ask the person who changed it last to share it again.")
	ErrKeyReplaced = failure.New(failure.Connection, "team-key-replaced", "The keys of a member were replaced in the team's file.", "Do not use the folder, and tell an owner of the team.")
	ErrNames       = failure.New(failure.Connection, "team-names", "A name in the file is not what it looks like: it has hidden characters, mixes alphabets, or looks like another name.", "Do not use it, and tell the person who shared it.")
	ErrInvalid     = failure.New(failure.Connection, "team-invalid", "The shared connection is not valid.", "Ask the person who shared it to correct it and share it again.")
	ErrOtherTeam   = failure.New(failure.Connection, "team-other", "The file belongs to another team.", "Somebody has moved it here. Do not use it.")
	ErrAddresses   = failure.New(failure.Connection, "team-custom-address", "The connection needs addresses of your own, which a shared file may not bring.", "Get the addresses from somebody you trust and allow them on this computer.")
	ErrNotThere    = failure.New(failure.Connection, "team-not-shared", "The connection is no longer shared with the team.", "Ask the person who shared it, or add a connection of your own.")

	ErrNoTeam      = failure.New(failure.Usage, "team-not-found", "There is no such team on this computer.", "Create a team, or join one.")
	ErrSeveral     = failure.New(failure.Usage, "team-several", "There are several teams on this computer.", "Say which one is meant, by its name or its ID.")
	ErrNoFolder    = failure.New(failure.Connection, "team-no-folder", "The team's folder cannot be reached.", "Check that the drive is connected. Until then the copy on this computer is used.")
	ErrSlow        = failure.New(failure.Connection, "team-slow", "The team's folder does not answer.", "Check the connection to the drive. Until then the copy on this computer is used.")
	ErrHasTeam     = failure.New(failure.Usage, "team-exists", "There is already a team in this folder.", "Join it, or choose another folder.")
	ErrHalf        = failure.New(failure.Usage, "team-half-there", "The folder has files of a team, but no team.json.", "A sync program may still be bringing it: wait, then join the team. For a new team choose another folder.")
	ErrNoTeamThere = failure.New(failure.Usage, "team-none-there", "There is no team in this folder.", "Choose the folder that holds the file team.json.")
	ErrPending     = failure.New(failure.Connection, "team-pending", "No owner has accepted you into the team yet.", "Call an owner, compare the five words, and ask them to accept you.")
	ErrRejected    = failure.New(failure.Connection, "team-rejected", "Your request to join is no longer in the team's folder: an owner has rejected it, or has just accepted it.", "Look again in a few minutes. If nothing has changed, ask an owner, and ask to join again.")
	ErrRemoved     = failure.New(failure.Connection, "team-removed", "You are no longer a member of the team.", "Ask an owner of the team.")
	ErrNotOwner    = failure.New(failure.Usage, "team-not-owner", "Only an owner of the team can do this.", "Ask an owner.")
	ErrYourself    = failure.New(failure.Usage, "team-yourself", "You cannot do this to yourself: your signature would no longer count for the list of members.", "Ask another owner, or leave the team.")
	ErrNewOwner    = failure.New(failure.Connection, "team-new-owner", "The list of members is signed by a member who was no owner when this computer last read it.", "Ask an owner from before whether the person is one now. Any change in the team by one of those owners brings this computer up to date.")
	ErrLastOwner   = failure.New(failure.Usage, "team-last-owner", "You are the only owner of the team.", "Make another member an owner first.")
	ErrNoMember    = failure.New(failure.Usage, "team-no-member", "The team has no such member.", "Check the name in the list of members.")
	ErrNoRequest   = failure.New(failure.Usage, "team-no-request", "Nobody of that name asks to join the team.", "Ask them to join first. A sync program may need a moment to bring the request.")
	ErrTwoRequests = failure.New(failure.Usage, "team-two-requests", "Several people ask to join under this name, so the name alone says nobody.", "Accept only the one whose five words your colleague reads to you, and reject the others.")
	ErrOwnName     = failure.New(failure.Usage, "team-own-name", "The name mixes letters of several alphabets that look alike, so colleagues would not trust it.", "Write the name in one alphabet.")
	ErrNameTaken   = failure.New(failure.Usage, "team-name-taken", "A member already has this name, or one that looks like it.", "Choose another name.")
	ErrSharedName  = failure.New(failure.Usage, "team-name-shared", "The team already has a connection of this name.", "Give yours another name, then share it.")
	ErrClash       = failure.New(failure.Usage, "team-clash", "Another member changed the same thing at the same time.", "Look at both. If yours is right, share it again: it then takes the place of theirs.")
	ErrNotProven   = failure.New(failure.Connection, "team-not-proven", "Only a connection that is proven is shared.", "Test it and let the test create a trial dataset, or send rows with it first. Sharing it all the same needs a reason, which everybody sees.")
	ErrOwner       = failure.New(failure.Usage, "team-other-owner", "The team's file is signed by another owner than the one who invited you.", "Ask for a new invitation.")
	ErrComingBack  = failure.New(failure.Usage, "team-coming-back", "Your key is one of a member already, but nothing shows that this folder is your team's.", "Ask an owner for an invitation, by a way that you trust, and give the ID of the owner that it names.")
	ErrConflict    = failure.New(failure.Connection, "team-conflict", "The connection exists in two versions.", "Look at both and keep one.")

	errNewer = failure.New(failure.Connection, "team-newer", "A newer Pushdesk wrote the file.", "Update Pushdesk on this computer.")
)

// saying returns a copy of a failure with another sentence.
func saying(f *failure.Error, sentence string, args ...any) *failure.Error {
	c := *f
	c.Sentence = fmt.Sprintf(sentence, args...)
	return &c
}
