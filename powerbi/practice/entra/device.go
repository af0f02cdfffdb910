package entra

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"

	"pushdesk/powerbi/practice/internal/web"
	"pushdesk/powerbi/practice/tenant"
)

// deviceLife is how long a device code can be used.
const deviceLife = 15 * time.Minute

// deviceLogin is a sign-in that waits for a person to type its code.
type deviceLogin struct {
	userCode string
	app      *tenant.App
	scope    userScope
	expires  time.Time
	polls    int
	user     *tenant.User // set once it is approved
	declined bool
}

// startDevice begins a device code sign-in.
func (q *visit) startDevice() (*web.Answer, *Error) {
	a, refused := q.findApp(q.form.Get("client_id"))
	if refused != nil {
		return nil, refused
	}
	scope, refused := q.userScopes(q.form.Get("scope"))
	if refused != nil {
		return nil, refused
	}
	login := &deviceLogin{userCode: newUserCode(), app: a, scope: scope, expires: q.Now.Add(deviceLife)}
	code := rand.Text()
	q.mu.Lock()
	maps.DeleteFunc(q.devices, func(_ string, l *deviceLogin) bool { return q.Now.After(l.expires.Add(deviceLife)) })
	q.devices[code] = login
	q.mu.Unlock()
	address := q.host.Origin(q.Request) + "/devicelogin"
	return web.JSON(http.StatusOK, map[string]any{
		"user_code": login.userCode, "device_code": code, "verification_uri": address,
		"expires_in": int(deviceLife.Seconds()), "interval": 5,
		"message": fmt.Sprintf("To sign in, use a web browser to open the page %s and enter the code %s to authenticate.", address, login.userCode),
	}), nil
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
func (q *visit) redeemDevice() (*web.Answer, *Error) {
	a, credential, refused := q.authenticate(true)
	if refused != nil {
		return nil, refused
	}
	login, refused := q.pollDevice(a, cmp.Or(q.form.Get("device_code"), q.form.Get("code")))
	if refused != nil {
		return nil, refused
	}
	return q.userTokens(grant{app: a, user: login.user, credential: credential}, login.scope, ""), nil
}

// pollDevice returns a sign-in that has been approved, and ends it.
func (q *visit) pollDevice(a *tenant.App, code string) (*deviceLogin, *Error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	login := q.devices[code]
	if login == nil || login.app != a {
		return nil, errDeviceUnknown.with()
	}
	login.polls++
	if q.opts.DevicePolls > 0 && login.polls > q.opts.DevicePolls && login.user == nil {
		login.user = q.person()
	}
	switch {
	case login.declined:
		return nil, errDeviceDeclined.with()
	case !q.Now.Before(login.expires):
		return nil, errDeviceExpired.with()
	case login.user == nil:
		return nil, errDevicePending.with()
	}
	delete(q.devices, code)
	return login, nil
}

// person returns the user who signs in when nobody else is named.
func (l *Login) person() *tenant.User {
	l.tenant.Lock()
	defer l.tenant.Unlock()
	return l.tenant.Users[0]
}

// DecideDevice approves or declines the device code that a person typed; the first
// user of the tenant signs in.
func (l *Login) DecideDevice(userCode string, approve bool, now time.Time) error {
	userCode = strings.ToUpper(strings.TrimSpace(userCode))
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, d := range l.devices {
		if d.userCode == userCode && now.Before(d.expires) {
			if d.declined = !approve; approve {
				d.user = l.person()
			}
			return nil
		}
	}
	return fmt.Errorf("no sign-in is waiting for the code %q", clip(userCode))
}

// deviceLoginPage is where a person types the code.
func (q *visit) deviceLoginPage() (*web.Answer, *Error) {
	view := struct {
		Message, User string
		Ask           bool
	}{Message: "Enter the code that the program shows.", User: q.person().Name, Ask: true}
	if q.Method == http.MethodPost {
		if refused := q.readForm(); refused != nil {
			return nil, refused
		}
		approve := q.form.Get("decision") != "decline"
		switch err := q.DecideDevice(q.form.Get("user_code"), approve, q.Now); {
		case err != nil:
			view.Message = "This code is not known or has expired. Check it and try again."
		case approve:
			view.Message, view.Ask = "You are signed in. You can close this page.", false
		default:
			view.Message, view.Ask = "The sign-in was declined. You can close this page.", false
		}
	}
	return page(http.StatusOK, "device", view), nil
}
