package storage

import (
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// makePrivate makes a folder, and those above it that are missing, for this user alone.
// Modes mean nothing to Windows, so the new folder gets an access list of its own, which
// all that is made in it inherits: this user, the system and its administrators. One that
// is there keeps its list.
func makePrivate(folder string) error {
	if _, err := os.Stat(folder); err == nil {
		return os.MkdirAll(folder, 0o700) // says so if it is no folder
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	me, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return err
	}
	var entries []windows.EXPLICIT_ACCESS
	grant := func(sid *windows.SID) {
		entries = append(entries, windows.EXPLICIT_ACCESS{AccessPermissions: windows.GENERIC_ALL, AccessMode: windows.SET_ACCESS,
			Inheritance: windows.SUB_CONTAINERS_AND_OBJECTS_INHERIT,
			Trustee:     windows.TRUSTEE{TrusteeForm: windows.TRUSTEE_IS_SID, TrusteeValue: windows.TrusteeValueFromSID(sid)}})
	}
	grant(me.User.Sid)
	for _, kind := range []windows.WELL_KNOWN_SID_TYPE{windows.WinLocalSystemSid, windows.WinBuiltinAdministratorsSid} {
		sid, err := windows.CreateWellKnownSid(kind)
		if err != nil {
			return err
		}
		grant(sid)
	}
	list, err := windows.ACLFromEntries(entries, nil)
	if err != nil {
		return err
	}
	// A disk without access lists, such as a memory stick, keeps none: the folder is as
	// private as everything there.
	_ = windows.SetNamedSecurityInfo(folder, windows.SE_FILE_OBJECT,
		windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, list, nil)
	return nil
}

// writes are the rights by which a file can be put in the place of another, or changed.
const writes = windows.FILE_WRITE_DATA | windows.FILE_APPEND_DATA | windows.DELETE | windows.WRITE_DAC | windows.WRITE_OWNER | windows.GENERIC_WRITE | windows.GENERIC_ALL

// OpenToOthers reports whether everybody who uses this computer may write to a folder or
// a file, by its access list.
func OpenToOthers(path string) bool {
	found, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return false
	}
	list, _, err := found.DACL()
	if err != nil {
		return false // it has none, as on a memory stick
	}
	if list == nil {
		return false
	}
	var everybody []*windows.SID
	for _, kind := range []windows.WELL_KNOWN_SID_TYPE{windows.WinWorldSid, windows.WinAuthenticatedUserSid, windows.WinBuiltinUsersSid, windows.WinBuiltinGuestsSid} {
		if sid, err := windows.CreateWellKnownSid(kind); err == nil {
			everybody = append(everybody, sid)
		}
	}
	for i := range uint32(list.AceCount) {
		var ace *windows.ACCESS_ALLOWED_ACE
		if windows.GetAce(list, i, &ace) != nil || ace.Header.AceType != windows.ACCESS_ALLOWED_ACE_TYPE ||
			ace.Header.AceFlags&windows.INHERIT_ONLY_ACE != 0 || ace.Mask&writes == 0 {
			continue
		}
		sid := (*windows.SID)(unsafe.Pointer(&ace.SidStart))
		for _, s := range everybody {
			if sid.Equals(s) {
				return true
			}
		}
	}
	return false
}
