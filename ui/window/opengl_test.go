package window

import (
	"errors"
	"strings"
	"testing"

	"pushdesk/storage/failure"
)

func TestOpenGLIsOldOrMissing(t *testing.T) {
	for version, works := range map[string]bool{
		"1.1.0 GDI Generic": false, "1.4.0": false, "2.0": false, "2.1 Mesa": true, "3.3.0": true,
		"4.5 (Compatibility Profile) Mesa 22.3.6 llvmpipe": true, "": true,
	} {
		err := judgeOpenGL(version, nil)
		if (err == nil) != works {
			t.Errorf("%q: %v", version, err)
		}
		if f, ok := failure.From(err); err != nil && (!ok || f.Code != "no-opengl" || !strings.Contains(f.Details, version)) {
			t.Errorf("%q: %+v", version, f)
		}
	}
	if f, ok := failure.From(judgeOpenGL("", errors.New("no such library"))); !ok || !strings.Contains(f.Details, "no such library") {
		t.Errorf("%+v", f)
	}
}
