package storage_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/windows"

	"pushdesk/storage"
)

// everybodyMay gives all users of the computer all rights to a folder.
func everybodyMay(t *testing.T, folder string) {
	t.Helper()
	everybody, err := windows.CreateWellKnownSid(windows.WinWorldSid)
	if err != nil {
		t.Fatal(err)
	}
	list, err := windows.ACLFromEntries([]windows.EXPLICIT_ACCESS{{AccessPermissions: windows.GENERIC_ALL, AccessMode: windows.SET_ACCESS,
		Inheritance: windows.SUB_CONTAINERS_AND_OBJECTS_INHERIT,
		Trustee:     windows.TRUSTEE{TrusteeForm: windows.TRUSTEE_IS_SID, TrusteeValue: windows.TrusteeValueFromSID(everybody)}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := windows.SetNamedSecurityInfo(folder, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, list, nil); err != nil {
		t.Fatal(err)
	}
}

// underWine reports whether this Windows is Wine, which keeps no access lists but makes
// them up from modes.
func underWine() bool {
	return windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil
}

// TestHomeIsPrivate: wherever the folder of the program's files is made, others cannot
// get at them. Modes mean nothing to Windows.
func TestHomeIsPrivate(t *testing.T) {
	public := t.TempDir()
	everybodyMay(t, public)
	if !storage.OpenToOthers(public) {
		t.Error("a folder of everybody is not known as one")
	}
	t.Setenv(storage.HomeVariable, filepath.Join(public, "Büro 1", "pushdesk"))
	home, err := storage.Home()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(home, "a.json")
	if err := storage.WriteFile(path, []byte("mine")); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{home, path} {
		if storage.OpenToOthers(p) {
			t.Errorf("%s is open to others", p)
		}
		found, err := windows.GetNamedSecurityInfo(p, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
		if err != nil {
			t.Fatal(err)
		}
		if list := found.String(); !underWine() && strings.Contains(list, ";;;WD)") || strings.Contains(list, ";;;BU)") {
			t.Errorf("%s: %s", p, list)
		}
	}
}

// TestLongNames: beyond the 260 letters that Windows once allowed, with blanks and umlauts.
func TestLongNames(t *testing.T) {
	folder := filepath.Join(t.TempDir(), strings.Repeat("Köln und Bonn ", 8)+"x", strings.Repeat("Größe ", 18)+"x")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "a.json")
	if len(path) < 270 {
		t.Fatal(len(path))
	}
	for _, content := range []string{"one", "two"} {
		if err := storage.WriteFile(path, []byte(content)); err != nil {
			t.Fatal(err)
		}
		if got, err := storage.ReadFile(path, 10); err != nil || string(got) != content {
			t.Errorf("%q %v", got, err)
		}
	}
	l, err := storage.TryLock(path + ".lock")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.UnlockAndRemove(); err != nil {
		t.Error(err)
	}
}
