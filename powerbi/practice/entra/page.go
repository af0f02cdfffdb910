package entra

import (
	"bytes"
	"html/template"
	"net/http"

	"pushdesk/powerbi/practice/internal/web"
)

// pages are what a person sees in the browser.
var pages = template.Must(template.New("").Parse(`
{{define "authorize"}}<p>{{.App}} asks to sign you in.</p>
<form id="accept" method="{{.Method}}" action="{{.Redirect}}">
<input type="hidden" name="code" value="{{.Code}}">
<input type="hidden" name="state" value="{{.State}}">
<button>Sign in as {{.User}}</button>
</form>
<form id="decline" method="{{.Method}}" action="{{.Redirect}}">
<input type="hidden" name="error" value="access_denied">
<input type="hidden" name="error_description" value="{{.Declined}}">
<input type="hidden" name="state" value="{{.State}}">
<button>Cancel</button>
</form>
{{if .Auto}}<script>document.getElementById("{{.Auto}}").submit()</script>{{end}}{{end}}

{{define "tell"}}<form id="tell" method="{{.Method}}" action="{{.Redirect}}">
<input type="hidden" name="error" value="{{.Error}}">
<input type="hidden" name="error_description" value="{{.Description}}">
<input type="hidden" name="state" value="{{.State}}">
<button>Continue</button></form>
<script>document.getElementById("tell").submit()</script>{{end}}

{{define "error"}}<h2>The sign-in did not work</h2>
<p>{{.}}</p>{{end}}

{{define "device"}}<p>{{.Message}}</p>
{{if .Ask}}<form method="post"><label>Code <input name="user_code" autofocus autocomplete="off"></label>
<p><button name="decision" value="accept">Sign in as {{.User}}</button>
<button name="decision" value="decline">Decline</button></p></form>{{end}}{{end}}
`))

// page answers a page for a person.
func page(status int, name string, view any) *web.Answer {
	b := bytes.NewBufferString(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Practice sign-in</title>
<body style="font-family:sans-serif;max-width:32em;margin:4em auto">
<h1>Practice sign-in</h1>
`)
	if err := pages.ExecuteTemplate(b, name, view); err != nil {
		return failed(err)
	}
	b.WriteString("</body></html>\n")
	return web.New(status, "text/html; charset=utf-8", b.Bytes())
}

// failed answers a fault of the service itself.
func failed(err error) *web.Answer { return web.Plain(http.StatusInternalServerError, err.Error()) }
