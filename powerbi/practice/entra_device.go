package practice

import (
	"crypto/rand"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// deviceLife is how long a device code can be used.
const deviceLife = 15 * time.Minute

// deviceLogin is a sign-in that waits for a person to type its code.
type deviceLogin struct {
	userCode string
	app      *app
	tenant   *tenant
	scope    string
	expires  time.Time
	polls    int
	user     *user // set once it is approved
	declined bool
}

// startDevice begins a device code sign-in.
func (s *Service) startDevice(q *request) answer {
	form, refused := s.form(q)
	if refused != nil {
		return s.refuse(q, refused)
	}
	t, refused := s.tenantOf(q)
	if refused != nil {
		return s.refuse(q, refused)
	}
	a, refused := s.findApp(t, form.Get("client_id"))
	if refused != nil {
		return s.refuse(q, refused)
	}
	if _, _, _, refused := userScopes(t, form.Get("scope")); refused != nil {
		return s.refuse(q, refused)
	}
	login := &deviceLogin{userCode: newUserCode(), app: a, tenant: t, scope: form.Get("scope"), expires: q.now.Add(deviceLife)}
	code := rand.Text()
	s.mu.Lock()
	for c, l := range s.devices {
		if q.now.After(l.expires.Add(deviceLife)) {
			delete(s.devices, c)
		}
	}
	s.devices[code] = login
	s.mu.Unlock()
	page := s.origin(q) + "/devicelogin"
	return jsonAnswer(http.StatusOK, map[string]any{
		"user_code": login.userCode, "device_code": code, "verification_uri": page,
		"expires_in": int(deviceLife.Seconds()), "interval": 5,
		"message": fmt.Sprintf("To sign in, use a web browser to open the page %s and enter the code %s to authenticate.", page, login.userCode),
	})
}

// newUserCode makes nine letters and digits that are hard to confuse.
func newUserCode() string {
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789" // 32 of them
	b := make([]byte, 9)
	rand.Read(b) // never fails
	for i := range b {
		b[i] = letters[b[i]%32]
	}
	return string(b)
}

// redeemDevice answers a poll of a waiting client.
func (s *Service) redeemDevice(q *request, t *tenant, form url.Values) (answer, *entraError) {
	a, credential, refused := s.authenticate(q, t, form, true)
	if refused != nil {
		return answer{}, refused
	}
	code := form.Get("device_code")
	if code == "" {
		code = form.Get("code")
	}
	login, refused := s.pollDevice(q, a, code)
	if refused != nil {
		return answer{}, refused
	}
	granted, asked, refresh, refused := userScopes(t, login.scope)
	if refused != nil {
		return answer{}, refused
	}
	g := grant{tenant: t, app: a, user: login.user, scopes: granted, credential: credential}
	return s.userTokens(q, g, asked, refresh, ""), nil
}

// pollDevice gives a sign-in that has been approved and ends it.
func (s *Service) pollDevice(q *request, a *app, code string) (*deviceLogin, *entraError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	login := s.devices[code]
	if login == nil || login.app != a {
		return nil, errDeviceUnknown.with()
	}
	login.polls++
	if s.opts.DevicePolls > 0 && login.polls > s.opts.DevicePolls && login.user == nil && !login.declined {
		login.user = login.tenant.Users[0]
	}
	switch {
	case login.declined:
		return nil, errDeviceDeclined.with()
	case !q.now.Before(login.expires):
		return nil, errDeviceExpired.with()
	case login.user == nil:
		return nil, errDevicePending.with()
	}
	delete(s.devices, code)
	return login, nil
}

// ApproveDevice signs the first user of the tenant in for a device code.
func (s *Service) ApproveDevice(userCode string) error {
	return s.decideDevice(userCode, func(l *deviceLogin) { l.user = l.tenant.Users[0] })
}

// DeclineDevice refuses a device code.
func (s *Service) DeclineDevice(userCode string) error {
	return s.decideDevice(userCode, func(l *deviceLogin) { l.declined = true })
}

func (s *Service) decideDevice(userCode string, decide func(*deviceLogin)) error {
	userCode = strings.ToUpper(strings.TrimSpace(userCode))
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.devices {
		if l.userCode == userCode && s.faults.Now().Before(l.expires) {
			decide(l)
			return nil
		}
	}
	return fmt.Errorf("no sign-in is waiting for the code %q", clip(userCode))
}

var devicePage = template.Must(template.New("device").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Practice sign-in</title>
<body style="font-family:sans-serif;max-width:32em;margin:4em auto">
<h1>Practice sign-in</h1>
<p>{{.Message}}</p>
{{if .Ask}}<form method="post"><label>Code <input name="user_code" autofocus autocomplete="off"></label>
<p><button name="decision" value="accept">Sign in as {{.User}}</button>
<button name="decision" value="decline">Decline</button></p></form>{{end}}
</body></html>
`))

// deviceLoginPage is where a person types the code.
func (s *Service) deviceLoginPage(q *request) answer {
	view := struct {
		Message, User string
		Ask           bool
	}{Message: "Enter the code that the program shows.", Ask: true}
	s.mu.Lock()
	view.User = s.model.Tenants[0].Users[0].Name
	s.mu.Unlock()
	if q.Method == http.MethodPost {
		form, refused := s.form(q)
		if refused != nil {
			return s.refuse(q, refused)
		}
		decide, done := s.ApproveDevice, "You are signed in. You can close this page."
		if form.Get("decision") == "decline" {
			decide, done = s.DeclineDevice, "The sign-in was declined. You can close this page."
		}
		if err := decide(form.Get("user_code")); err != nil {
			view.Message = "This code is not known or has expired. Check it and try again."
		} else {
			view.Message, view.Ask = done, false
		}
	}
	return page200(devicePage, view)
}
