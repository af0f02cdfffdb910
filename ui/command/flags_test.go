package command

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/xuri/excelize/v2"

	"pushdesk/powerbi/practice"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

// flagCase is a flag in one situation: it changes what the command answers or does, or
// the command line is refused with a reason that names the flag.
type flagCase struct {
	line []string // the command line without the flag
	flag []string // the flag with its value
	want string   // changes, refused, or answers: it says beforehand what may be asked
	stay bool     // the line without the flag is not carried out, because it could not be twice
}

const (
	changes   = "changes"
	refused   = "refused"
	answersIt = "answers"
)

// flagWorld is what the situations are made of.
type flagWorld struct {
	x                                                        *terminal
	text, other, book, totals, dates, bad, pem, noted, zoned string
	to, existing, several, resend                            []string
	run, replaced, extra                                     string
}

// flagTable has every flag of every command in every mode that matters to it. A new flag
// without a case fails the test.
func (w *flagWorld) table() map[string][]flagCase {
	add := func(base []string, more ...string) []string { return append(slices.Clone(base), more...) }
	send := add([]string{"send", w.text}, w.to...)
	old := add([]string{"send", w.other}, w.existing...)
	replace := add(old, "--mode", "replace")
	into := add([]string{"send", w.book}, w.several...)
	book := add([]string{"send", w.book}, w.to...)
	f := func(words ...string) []string { return words }
	one := func(line []string, want string, words ...string) flagCase {
		return flagCase{line: line, flag: words, want: want}
	}
	custom := []string{"connection", "add", "--name", "C1", "--cloud", "custom", "--tenant", "contoso.onmicrosoft.com", "--client", "11111111-2222-4333-8444-555555555555",
		"--authority-url", "https://login.example.com", "--api-url", "https://api.example.com"}
	named := []string{"connection", "add", "--name", "N1", "--tenant", "contoso.onmicrosoft.com", "--client", "11111111-2222-4333-8444-555555555555"}
	person := add(named, "--credential", "browser")
	tried := []string{"connection", "add", "--name", "T1", "--cloud", "practice"}
	edit := []string{"connection", "edit", "Tagged"}
	test := []string{"connection", "test", "Local"}
	network := []string{"network", "--proxy", "http://127.0.0.1:9"}
	practice := []string{"practice"}
	t := map[string][]flagCase{
		"send connection":       {one(f("send", w.text, "--dataset", "New", "--table", "T", "--create", "--dry-run"), changes, "--connection", "Local"), one(add(f("send", w.text, "--dry-run"), "--practice"), refused, "--connection", "Local")},
		"send practice":         {one(f("send", w.text, "--dry-run"), changes, "--practice"), one(send, refused, "--practice")},
		"send workspace":        {one(send[:len(send)-2], changes, "--workspace", "Nowhere")},
		"send dataset":          {one(f("send", w.text, "--practice", "--dry-run"), changes, "--dataset", "Else")},
		"send table":            {one(f("send", w.text, "--practice", "--dry-run"), changes, "--table", "Else"), one(into, refused, "--table", "Else")},
		"send create":           {one(f("send", w.text, "--connection", "Local", "--dataset", "Not there", "--table", "T", "--dry-run"), changes, "--create"), one(old, answersIt, "--create")},
		"send retention":        {one(add(send, "--json"), changes, "--retention", "basicFIFO"), one(old, refused, "--retention", "basicFIFO"), one(into, answersIt, "--retention", "basicFIFO")},
		"send mode":             {one(old, changes, "--mode", "replace"), one(into, answersIt, "--mode", "replace")},
		"send bad-rows":         {one(add([]string{"send", w.bad, "--type", "Units=Int64"}, w.to...), changes, "--bad-rows", "skip"), one(send, answersIt, "--bad-rows", "skip")},
		"send max-left-out":     {one(add([]string{"send", w.bad, "--type", "Units=Int64", "--bad-rows", "skip"}, w.to...), changes, "--max-left-out", "0"), one(send, refused, "--max-left-out", "5"), one(send, refused, "--bad-rows=blank", "--max-left-out", "5%")},
		"send dry-run":          {{line: f("send", w.text, "--practice", "--dataset", "Dry"), flag: f("--dry-run"), want: changes, stay: true}},
		"send yes":              {one(send, answersIt, "--yes"), one(into, answersIt, "--yes")},
		"send yes-replace":      {one(replace, answersIt, "--yes-replace", "Old"), one(old, refused, "--yes-replace", "Old"), one(into, refused, "--yes-replace", "Old")},
		"send again":            {one(old, answersIt, "--again"), one(into, answersIt, "--again")},
		"send into":             {one(book, changes, "--into", "Orders=Lines")},
		"send keep-going":       {one(send, refused, "--keep-going"), one(old, refused, "--keep-going"), one(into, answersIt, "--keep-going")},
		"send skip":             {one(send, changes, "--skip", "1"), one(into, refused, "--skip", "1")},
		"send limit":            {one(send, changes, "--limit", "1"), one(into, refused, "--limit", "1")},
		"send where":            {one(send, changes, "--where", "Units>1"), one(old, changes, "--where", "Units>1")},
		"send one-hour":         {one(send, answersIt, "--one-hour"), one(into, answersIt, "--one-hour")},
		"send in-parts":         {one(replace, answersIt, "--in-parts"), one(old, refused, "--in-parts"), one(into, refused, "--in-parts")},
		"send overwrite-schema": {one(old, changes, "--overwrite-schema"), one(send, refused, "--overwrite-schema"), one(into, refused, "--overwrite-schema")},
		"send only-new":         {one(old, changes, "--only-new"), one(replace, refused, "--only-new"), one(add(old, "--skip", "1"), refused, "--only-new")},
		"send on-drift":         {one(old, answersIt, "--on-drift", "warn")},
		"send strict":           {one(add([]string{"send", w.dates}, w.to...), answersIt, "--strict")},
		"send accept-guesses":   {one(send, answersIt, "--accept-guesses")},
		"send map":              {one(send, changes, "--map", "Units=Count"), one(into, changes, "--map", "Units=Count")},
		"send type":             {one(send, changes, "--type", "Units=String"), one(into, changes, "--type", "Units=String")},
		"send leave-out":        {one(send, changes, "--leave-out", "Units"), one(into, changes, "--leave-out", "Units")},
		"send date-order":       {one(add([]string{"send", w.dates}, w.to...), changes, "--date-order", "mdy"), one(send, refused, "--date-order", "dmy"), one(into, refused, "--date-order", "dmy")},
		"send decimal-mark":     {one(add([]string{"send", w.dates}, w.to...), changes, "--decimal-mark", "."), one(book, refused, "--decimal-mark", ","), one(into, refused, "--decimal-mark", ",")},
		"send sheet":            {one(book, changes, "--sheet", "Depots"), one(into, refused, "--sheet", "Depots")},
		"send range":            {one(book, changes, "--range", "A1:B2"), one(into, refused, "--range", "A1:B2")},
		"send header-row":       {one(send, changes, "--header-row", "-1")},
		"send header-rows":      {one(send, changes, "--header-rows", "2"), one(add(send, "--header-row", "1"), refused, "--header-rows", "2"), one(add(send, "--header-row", "-1"), refused, "--header-rows", "2")},
		"send keep-totals":      {one(add([]string{"send", w.totals}, w.to...), changes, "--keep-totals"), one(send, refused, "--keep-totals")},
		"send delimiter":        {one(send, changes, "--delimiter", ";"), one(book, refused, "--delimiter", ";"), one(into, refused, "--delimiter", ";")},
		"send quote":            {one(send, answersIt, "--quote", "none"), one(book, refused, "--quote", "none")},
		"send encoding":         {one(send, changes, "--encoding", "utf-16le"), one(book, refused, "--encoding", "utf-8")},

		"inspect sheet":       {one(f("inspect", w.book), changes, "--sheet", "Depots")},
		"inspect range":       {one(f("inspect", w.book), changes, "--range", "A1:B2"), one(f("inspect", w.book, "--cells"), refused, "--range", "A1:B2")},
		"inspect header-row":  {one(f("inspect", w.text), changes, "--header-row", "-1"), one(f("inspect", w.text, "--cells"), refused, "--header-row", "1")},
		"inspect header-rows": {one(f("inspect", w.text), changes, "--header-rows", "2"), one(f("inspect", w.text, "--header-row", "1"), refused, "--header-rows", "2"), one(f("inspect", w.text, "--cells"), refused, "--header-rows", "2")},
		"inspect keep-totals": {one(f("inspect", w.totals), changes, "--keep-totals"), one(f("inspect", w.text), refused, "--keep-totals"), one(f("inspect", w.text, "--cells"), refused, "--keep-totals")},
		"inspect delimiter":   {one(f("inspect", w.text), changes, "--delimiter", ";"), one(f("inspect", w.book), refused, "--delimiter", ";"), one(f("inspect", w.book, "--cells"), refused, "--delimiter", ";")},
		"inspect quote":       {one(f("inspect", w.text), answersIt, "--quote", "none"), one(f("inspect", w.book), refused, "--quote", "none")},
		"inspect encoding":    {one(f("inspect", w.text), changes, "--encoding", "utf-16le"), one(f("inspect", w.book), refused, "--encoding", "utf-8")},
		"inspect cells":       {one(f("inspect", w.text), changes, "--cells")},
		"inspect rows":        {one(f("inspect", w.text, "--cells"), changes, "--rows", "1"), one(f("inspect", w.text), refused, "--rows", "1")},

		"runs list failed":         {one(f("runs", "list"), changes, "--failed")},
		"runs list since":          {one(f("runs", "list"), changes, "--since", "0h")},
		"runs list limit":          {one(f("runs", "list"), changes, "--limit", "1")},
		"runs export out":          {{line: f("runs", "export"), flag: f("--out", filepath.Join(w.x.home, "audit.csv")), want: changes}},
		"runs delete yes":          {one(f("runs", "delete", w.extra), changes, "--yes")},
		"runs rejects out":         {one(f("runs", "rejects", w.run), answersIt, "--out", filepath.Join(w.x.home, "r.csv"))},
		"runs again dry-run":       {one(f("runs", "again", w.replaced), changes, "--dry-run")},
		"runs again in-parts":      {one(f("runs", "again", w.run, "--dry-run"), refused, "--in-parts"), one(f("runs", "again", w.replaced, "--dry-run"), answersIt, "--in-parts")},
		"runs again only-new":      {one(f("runs", "again", w.run, "--dry-run"), answersIt, "--only-new"), one(f("runs", "again", w.replaced, "--dry-run"), refused, "--only-new")},
		"runs again yes":           {one(f("runs", "again", w.run), answersIt, "--yes", "--dry-run")},
		"runs again yes-replace":   {one(f("runs", "again", w.run, "--dry-run"), refused, "--yes-replace", "Old"), one(f("runs", "again", w.replaced, "--dry-run"), answersIt, "--yes-replace", "Old")},
		"runs undo dry-run":        {{line: f("runs", "undo", w.run), flag: f("--dry-run"), want: changes}},
		"runs undo yes":            {one(f("runs", "undo", w.run, "--dry-run"), answersIt, "--yes")},
		"runs undo yes-replace":    {one(f("runs", "undo", w.run, "--dry-run"), answersIt, "--yes-replace", "Old")},
		"runs resume bad-rows":     {one(f("runs", "resume", w.run), answersIt, "--bad-rows", "skip")},
		"runs resume file":         {one(f("runs", "resume", w.run), answersIt, "--file", w.text)},
		"runs resume in-parts":     {one(f("runs", "resume", w.run), refused, "--in-parts")},
		"runs resume one-hour":     {one(f("runs", "resume", w.run), answersIt, "--one-hour")},
		"runs resume table":        {one(f("runs", "resume", w.run), answersIt, "--table", "T")},
		"runs resume unknown":      {one(f("runs", "resume", w.run), answersIt, "--unknown", "stored")},
		"runs resend again":        {one(w.resend, answersIt, "--again")},
		"runs resend bad-rows":     {one(w.resend, changes, "--bad-rows", "skip")},
		"runs resend dry-run":      {one(w.resend, answersIt, "--dry-run")},
		"runs resend max-left-out": {one(w.resend, refused, "--max-left-out", "1")},
		"runs resend yes":          {one(w.resend, answersIt, "--yes")},

		"connection add name":          {{line: f("connection", "add", "--cloud", "practice"), flag: f("--name", "A1"), want: changes}},
		"connection add cloud":         {{line: f("connection", "add", "--name", "A2"), flag: f("--cloud", "practice"), want: changes}},
		"connection add tenant":        {one(f("connection", "add", "--name", "A3", "--client", "11111111-2222-4333-8444-555555555555"), changes, "--tenant", "contoso.onmicrosoft.com")},
		"connection add client":        {one(f("connection", "add", "--name", "A4", "--tenant", "contoso.onmicrosoft.com"), changes, "--client", "11111111-2222-4333-8444-555555555555")},
		"connection add authority-url": {one(named, refused, "--authority-url", "https://login.example.com"), one(tried, refused, "--authority-url", "https://login.example.com"), {line: slices.Concat(custom[:9], custom[11:]), flag: custom[9:11], want: changes}},
		"connection add api-url":       {one(named, refused, "--api-url", "https://api.example.com"), one(tried, refused, "--api-url", "https://api.example.com"), {line: swapName(custom[:11], "C2"), flag: custom[11:], want: changes}},
		"connection add resource":      {one(named, refused, "--resource", "https://r.example.com"), {line: swapName(custom, "C3"), flag: f("--resource", "not an address"), want: changes, stay: true}},
		"connection add ca-file":       {one(named, refused, "--ca-file", w.pem), {line: swapName(custom, "C4"), flag: f("--ca-file", w.text), want: changes, stay: true}},
		"connection add trust-host":    {one(named, refused, "--trust-host", "login.example.com"), {line: swapName(custom, "C5"), flag: f("--trust-host", "login.example.com"), want: answersIt}},
		"connection add workspace":     {{line: swapName(tried, "T2"), flag: f("--workspace", "Finance", "--json"), want: changes, stay: true}},
		"connection add dataset":       {{line: swapName(tried, "T6"), flag: f("--workspace", "Finance", "--dataset", "Orders", "--json"), want: changes, stay: true}},
		"connection add table":         {{line: swapName(tried, "T7"), flag: f("--workspace", "Finance", "--dataset", "Orders", "--table", "Lines", "--json"), want: changes, stay: true}},
		"connection add notes":         {{line: swapName(tried, "T3"), flag: f("--notes", "mine", "--json"), want: changes, stay: true}},
		"connection add credential":    {{line: swapName(named, "N2"), flag: f("--credential", "hat"), want: changes, stay: true}},
		"connection add certificate":   {{line: swapName(named, "N3"), flag: f("--certificate", w.text), want: changes, stay: true}},
		"connection add environment":   {{line: swapName(tried, "T4"), flag: f("--environment", "moon"), want: changes, stay: true}},
		"connection add expires":       {one(person, refused, "--expires", "2030-01-01"), one(tried, refused, "--expires", "2030-01-01"), {line: swapName(named, "N4"), flag: f("--expires", "someday"), want: changes, stay: true}},
		"connection add manager":       {one(person, refused, "--manager", "env:X"), one(tried, refused, "--manager", "env:X"), {line: swapName(named, "N5"), flag: f("--manager", "nobody"), want: changes, stay: true}},
		"connection add secret-stdin":  {one(person, refused, "--secret-stdin"), one(tried, refused, "--secret-stdin"), {line: swapName(named, "N6"), flag: f("--secret-stdin"), want: changes, stay: true}},
		"connection add tag":           {{line: swapName(tried, "T5"), flag: f("--tag", "eu", "--json"), want: changes, stay: true}},

		"secrets allow address":         {one(f("secrets", "allow", "vault"), changes, "--address", "https://vault.example.com/v1/{item}"), one(f("secrets", "allow"), refused, "--address", "https://vault.example.com/{item}")},
		"secrets allow field":           {one(f("secrets", "allow", "vault", "--json", "--address", "https://vault.example.com/v1/{item}"), changes, "--field", "data.value"), one(f("secrets", "allow", "env"), refused, "--field", "data.value")},
		"secrets allow header":          {one(f("secrets", "allow", "vault", "--json", "--address", "https://vault.example.com/v1/{item}"), changes, "--header", "X-Vault-Token"), one(f("secrets", "allow", "env"), refused, "--header", "X-Vault-Token")},
		"secrets allow token-stdin":     {one(f("secrets", "allow", "vault", "--address", "https://vault.example.com/v1/{item}"), answersIt, "--token-stdin"), one(f("secrets", "allow", "env"), refused, "--token-stdin")},
		"connection edit name":          {one(edit, changes, "--name", "Tagged")},
		"connection edit cloud":         {one(edit, changes, "--cloud", "nowhere")},
		"connection edit tenant":        {one(edit, changes, "--tenant", "not a tenant")},
		"connection edit client":        {one(edit, changes, "--client", "not an id")},
		"connection edit authority-url": {one(edit, refused, "--authority-url", "https://login.example.com")},
		"connection edit api-url":       {one(edit, refused, "--api-url", "https://api.example.com")},
		"connection edit resource":      {one(edit, refused, "--resource", "https://r.example.com")},
		"connection edit ca-file":       {one(edit, refused, "--ca-file", w.pem)},
		"connection edit trust-host":    {one(edit, refused, "--trust-host", "login.example.com")},
		"connection edit workspace":     {one(edit, changes, "--workspace", "Finance")},
		"connection edit dataset":       {one(edit, changes, "--dataset", "Orders")},
		"connection edit table":         {one(edit, changes, "--table", "Lines")},
		"connection edit notes":         {one(edit, changes, "--notes", "yours")},
		"connection edit credential":    {one(edit, changes, "--credential", "hat")},
		"connection edit certificate":   {one(edit, changes, "--certificate", w.text)},
		"connection edit environment":   {one(edit, changes, "--environment", "test")},
		"connection edit expires":       {one(edit, refused, "--expires", "2030-01-01")},
		"connection edit manager":       {one(edit, refused, "--manager", "env:X")},
		"connection edit secret-stdin":  {one(edit, refused, "--secret-stdin")},
		"connection edit tag":           {one(edit, changes, "--tag", "eu")},
		"connection edit untag":         {one(edit, changes, "--untag", "eu")},

		"connection test all":       {one(f("connection", "test"), changes, "--all")},
		"connection test find":      {one(f("connection", "test"), changes, "--find", "nothing of the kind")},
		"connection test workspace": {one(test, changes, "--workspace", "Nowhere"), one(f("connection", "test", "--all"), refused, "--workspace", "W")},
		"connection test dataset":   {one(test, changes, "--dataset", "Old"), one(f("connection", "test", "--all"), refused, "--dataset", "W")},
		"connection test table":     {one(test, refused, "--table", "T"), one(add(test, "--dataset", "Old"), changes, "--table", "Not there")},
		"connection test trial":     {one(test, changes, "--trial"), one(f("connection", "test", "--all"), refused, "--trial")},
		"connection test yes":       {one(test, refused, "--yes"), one(add(test, "--trial"), answersIt, "--yes")},
		"connection test letter":    {one(add(test, "--workspace", "Nowhere"), changes, "--letter"), one(f("connection", "test", "--all"), refused, "--letter")},
		"connection test report":    {one(test, changes, "--report", filepath.Join(w.x.home, "no such folder", "x.md")), one(f("connection", "test", "--all"), refused, "--report", "x.md")},

		"connection list find":           {one(f("connection", "list"), changes, "--find", "nothing of the kind")},
		"connection list recent":         {one(f("connection", "list"), answersIt, "--recent")},
		"connection remove yes-remove":   {one(f("connection", "remove", "Careful"), changes, "--yes-remove", "Careful")},
		"connection rotate expires":      {one(f("connection", "rotate", "Local"), answersIt, "--expires", "2030-01-01")},
		"connection rotate secret-stdin": {one(f("connection", "rotate", "Local"), answersIt, "--secret-stdin")},
		"connection label environment":   {one(f("connection", "label", "Tagged"), changes, "--environment", "test")},
		"connection label tag":           {one(f("connection", "label", "Tagged"), changes, "--tag", "x")},
		"connection label untag":         {one(f("connection", "label", "Tagged"), changes, "--untag", "x")},

		"network proxy":                {{line: f("network"), flag: f("--proxy", "no address"), want: changes}},
		"network direct":               {one(f("network"), changes, "--direct")},
		"network system":               {one(f("network", "--direct"), changes, "--system")},
		"network proxy-user":           {one(f("network", "--direct"), refused, "--proxy-user", "ann"), one(network, changes, "--proxy-user", "ann")},
		"network proxy-password-stdin": {one(f("network", "--direct"), refused, "--proxy-password-stdin"), one(network, answersIt, "--proxy-password-stdin")},
		"network bypass":               {one(f("network", "--direct"), refused, "--bypass", "h"), one(network, changes, "--bypass", "h.example.com")},
		"network roots":                {one(f("network"), changes, "--roots", w.text)},

		"practice listen":             {one(practice, changes, "--listen", "0.0.0.0:1")},
		"practice data":               {one(practice, changes, "--data", w.text)},
		"practice forward data":       {one([]string{"practice", "forward", "1h"}, changes, "--data", w.text)},
		"practice windows":            {one(practice, changes, "--windows", "odd")},
		"practice limit":              {one(practice, changes, "--limit", "none=1"), one(add(practice, "--no-limits"), refused, "--limit", "requests=1")},
		"practice no-limits":          {one(add(practice, "--limit", "requests=1"), changes, "--no-limits")},
		"practice count-delay":        {one(practice, changes, "--count-delay", "soon")},
		"send constant":               {one(send, changes, "--constant", "Source=March"), one(into, changes, "--constant", "Source=March")},
		"send mapping":                {one(send, changes, "--mapping", filepath.Join(w.x.home, "not there.yaml"))},
		"send fill-down":              {one(send, changes, "--fill-down", "Nowhere")},
		"send leave-totals":           {one(add([]string{"send", w.totals}, w.to...), answersIt, "--leave-totals"), one(add([]string{"send", w.totals, "--keep-totals"}, w.to...), refused, "--leave-totals")},
		"send skip-hidden":            {one(book, answersIt, "--skip-hidden"), one(send, refused, "--skip-hidden")},
		"inspect fill-down":           {one(f("inspect", w.text), changes, "--fill-down", "Nowhere")},
		"inspect leave-totals":        {one(f("inspect", w.totals), answersIt, "--leave-totals"), one(f("inspect", w.totals, "--keep-totals"), refused, "--leave-totals")},
		"inspect skip-hidden":         {one(f("inspect", w.book), answersIt, "--skip-hidden"), one(f("inspect", w.text), refused, "--skip-hidden")},
		"mapping init all":            {one(f("mapping", "init", w.text), answersIt, "--all")},
		"send key":                    {one(old, changes, "--key", "Depot"), one(into, changes, "--key", "Nowhere"), one(replace, refused, "--key", "Depot"), one(add(old, "--only-new"), refused, "--key", "Depot")},
		"send since-last":             {one(old, changes, "--since-last", "Units"), one(replace, refused, "--since-last", "Units"), one(add(old, "--key", "Depot"), refused, "--since-last", "Units")},
		"send name":                   {one(send, refused, "--name", "x.csv"), one(add([]string{"send", "-"}, w.to...), answersIt, "--name", "x.csv")},
		"send newest":                 {one(send, refused, "--newest"), one(add([]string{"send", filepath.Join(filepath.Dir(w.text), "*.csv")}, w.to...), answersIt, "--newest")},
		"send each":                   {one(send, refused, "--each"), one(add([]string{"send", filepath.Join(filepath.Dir(w.text), "*.csv"), "--newest"}, w.to...), refused, "--each"), one(add([]string{"send", filepath.Join(filepath.Dir(w.text), "*.csv")}, w.to...), answersIt, "--each")},
		"connection test practice":    {one(f("connection", "test"), changes, "--practice"), one(f("connection", "test", "--all"), refused, "--practice")},
		"connection browse workspace": {one(f("connection", "browse", "Local"), changes, "--workspace", "Practice workspace")},
		"connection browse dataset":   {one(f("connection", "browse", "Local", "--workspace", "Practice workspace"), changes, "--dataset", "Old")},
		"connection browse table":     {one(f("connection", "browse", "Local"), refused, "--table", "T"), one(f("connection", "browse", "Local", "--dataset", "Old"), changes, "--table", "T")},
		"connection browse rows":      {one(f("connection", "browse", "Local", "--dataset", "Old"), refused, "--rows", "1"), one(f("connection", "browse", "Local", "--dataset", "Old", "--table", "T"), changes, "--rows", "1")},
		"send zone":                   {one(add([]string{"send", w.zoned}, w.to...), changes, "--zone", "utc"), one(send, refused, "--zone", "utc"), one(into, refused, "--zone", "written")},
		"practice date-off":           {one(practice, changes, "--date-off", "soon")},
		"practice lose-replies":       {one(practice, changes, "--lose-replies", "odd")},
		"practice lost-batches":       {one(practice, changes, "--lost-batches", "odd")},
		"practice no-queries":         {one(practice, answersIt, "--no-queries", "--windows", "odd")},
		"runs resolve batch":          {one(f("runs", "resolve", w.run), changes, "--batch", "7")},
		"inspect detect":              {one(f("inspect", w.text), answersIt, "--detect")},
		"send detect":                 {one(send, answersIt, "--detect")}, // TestReadingsAreRemembered
		"inspect comment":             {one(f("inspect", w.noted), changes, "--comment", "#"), one(f("inspect", w.book), refused, "--comment", "#")},
		"send comment":                {one(add([]string{"send", w.noted}, w.to...), changes, "--comment", "#"), one(book, refused, "--comment", "#")},
		"practice partly-stored":      {one(practice, answersIt, "--partly-stored", "--windows", "odd")},
		"practice columns-in-tables":  {one(practice, answersIt, "--columns-in-tables", "--windows", "odd")},
	}
	maps.Copy(t, w.tableFlags())
	for key, cases := range maps.Clone(t) { // mapping init reads a file as inspect does
		flag, ok := strings.CutPrefix(key, "inspect ")
		if !ok || flag == "cells" || flag == "rows" {
			continue
		}
		for _, c := range cases {
			if slices.Contains(c.line, "--cells") {
				continue
			}
			c.line = slices.Concat([]string{"mapping", "init"}, c.line[1:])
			if c.want == changes { // the mapping of such a small file may be the same
				c.want = answersIt
			}
			t["mapping init "+flag] = append(t["mapping init "+flag], c)
		}
	}
	return t
}

func swapName(line []string, name string) []string {
	line = slices.Clone(line)
	line[slices.Index(line, "--name")+1] = name
	return line
}

// elsewhere are flags that tests of their own carry out, with what they need.
var elsewhere = map[string]string{
	"connection export ": "export_test.go",
	"team ":              "team_test.go",
	"connection import ": "manage_test.go, export_test.go",
}

// TestEveryFlagHasAnEffectOrIsRefused goes through the table.
func TestEveryFlagHasAnEffectOrIsRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	w := newFlagWorld(t)
	table := w.table()
	root := newRoot(&cli.Env{World: cli.World{Out: io.Discard, Err: io.Discard, In: strings.NewReader(""), Getenv: func(string) string { return "" }}})
	var keys []string
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Name != "help" && f.Name != "json" && f.Name != "version" {
				keys = append(keys, strings.TrimPrefix(cmd.CommandPath(), "pushdesk ")+" "+f.Name)
			}
		})
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(root)
	for _, key := range keys {
		cases, ok := table[key]
		for prefix, where := range elsewhere {
			if strings.HasPrefix(key, prefix) && !ok {
				if _, err := os.Stat(strings.Split(where, ",")[0]); err != nil {
					t.Errorf("%s: %v", key, err)
				}
				ok = true
			}
		}
		if !ok {
			t.Errorf("the flag %q has no case: say what it changes, and where it is refused", key)
		}
		for _, c := range cases {
			w.carryOut(t, key, c)
		}
	}
	for key := range table {
		if !slices.Contains(keys, key) {
			t.Errorf("there is no flag %q", key)
		}
	}
}

func (w *flagWorld) carryOut(t *testing.T, key string, c flagCase) {
	t.Helper()
	x := w.x
	before := ""
	if c.want == changes && !c.stay {
		code := w.run1(c.line)
		before = fmt.Sprint(code, plainly(x.stdout+x.stderr))
	}
	x.stdin = "abc8Q~0123456789abcdefghijklmnopqrstuvwx"
	code := w.run1(slices.Concat(c.line, c.flag))
	said := x.stdout + x.stderr
	flag, _, _ := strings.Cut(c.flag[0], "=")
	if len(c.flag) > 1 && strings.HasPrefix(c.flag[1], "--") && c.want == refused {
		flag = c.flag[1]
	}
	switch c.want {
	case refused:
		if code != cli.ExitUsage || !strings.Contains(said, flag) {
			t.Errorf("%s: %v: exit code %d, and nothing says that %s has no effect:\n%s", key, slices.Concat(c.line, c.flag), code, flag, said)
		}
	case changes:
		if !c.stay && fmt.Sprint(code, plainly(said)) == before {
			t.Errorf("%s: %v changes nothing:\n%s", key, slices.Concat(c.line, c.flag), said)
		}
	}
	if strings.Contains(said, "unknown flag") {
		t.Errorf("%s: %s", key, said)
	}
}

// run1 runs a line; the practice service is stopped at once.
func (w *flagWorld) run1(line []string) int {
	_ = os.Remove(filepath.Join(w.x.home, app.FilesName)) // the flags of another line are remembered there
	if line[0] == "practice" {
		return w.x.runUntil(ended(), line...)
	}
	return w.x.run(line...)
}

var unlike = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[0-9:.]+Z?|\d+ ms|\d\d:\d\d(:\d\d)?|127\.0\.0\.1:\d+`)

// plainly is what was said without what is another thing each time.
func plainly(said string) string { return unlike.ReplaceAllString(said, "*") }

// ended is a context that has ended.
func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func newFlagWorld(t *testing.T) *flagWorld {
	t.Helper()
	x := newTerminal(t)
	x.service(practice.AppPractice)
	w := &flagWorld{x: x}
	w.text = tempFile(t, "stock.csv", []byte("Depot,Units\nGent,1\nMons,2\nLuik,3\n"))
	w.other = tempFile(t, "more.csv", []byte("Depot,Units\nGent,1\nMons,2\nLuik,3\nDoel,4\n"))
	w.dates = tempFile(t, "dates.csv", []byte("Depot;Day;Price\nGent;03/04/2026;12,5\nMons;05/06/2026;7,25\n"))
	w.bad = tempFile(t, "bad.csv", []byte("Depot,Units\nGent,1\nMons,many\n"))
	w.noted = tempFile(t, "noted.csv", []byte("Depot,Units\nGent,1\n#Mons,2\nLuik,3\n"))
	w.zoned = tempFile(t, "zoned.csv", []byte("Depot,At\nGent,2026-03-01T10:00:00+02:00\nMons,2026-03-02T11:00:00+02:00\n"))
	w.pem = tempFile(t, "ca.pem", []byte("not one\n"))
	f := excelize.NewFile()
	defer f.Close()
	for _, sheet := range []string{"Orders", "Depots"} {
		rows := map[string][][]any{"Orders": {{"Order", "Units"}, {1, 2}, {2, 3}}, "Depots": {{"Depot", "City"}, {"G", "Gent"}}}[sheet]
		if _, err := f.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
		for i := range rows {
			if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &rows[i]); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	sums := excelize.NewFile()
	defer sums.Close()
	for i, row := range [][]any{{"Depot", "Units"}, {"Gent", 1}, {"Mons", 2}, {"Total", 3}} {
		if err := sums.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	w.totals = filepath.Join(t.TempDir(), "totals.xlsx")
	if err := sums.SaveAs(w.totals); err != nil {
		t.Fatal(err)
	}
	w.book = filepath.Join(t.TempDir(), "both.xlsx")
	if err := f.SaveAs(w.book); err != nil {
		t.Fatal(err)
	}
	w.to = []string{"--connection", "Local", "--dataset", "New", "--table", "T", "--create", "--dry-run", "--workspace", practice.Workspace}
	w.existing = []string{"--connection", "Local", "--dataset", "Old", "--dry-run", "--workspace", practice.Workspace}
	w.several = []string{"--connection", "Local", "--dataset", "Both", "--create", "--dry-run", "--workspace", practice.Workspace, "--into", "Orders=Lines", "--into", "Depots=Places"}
	at := []string{"--connection", "Local", "--dataset", "Old", "--table", "T", "--create", "--workspace", practice.Workspace, "--json"}
	x.want(cli.ExitDone, append([]string{"send", w.text, "--limit", "2"}, at...)...)
	x.want(cli.ExitDone, append([]string{"send", w.text, "--mode", "replace"}, at...)...)
	w.replaced = x.account().RunID
	x.want(cli.ExitDone, append([]string{"send", w.bad, "--bad-rows", "skip"}, at...)...)
	w.run = x.account().RunID
	x.want(cli.ExitDone, "send", w.other, "--practice", "--json")
	w.extra = x.account().RunID
	rejects := filepath.Join(t.TempDir(), "rejects.csv")
	x.want(cli.ExitDone, "runs", "rejects", w.run, "--out", rejects)
	w.resend = []string{"runs", "resend", w.run, rejects, "--dry-run"}
	x.want(cli.ExitDone, "connection", "edit", "Local", "--workspace", practice.Workspace)
	x.want(cli.ExitDone, "connection", "add", "--name", "Tagged", "--cloud", "practice", "--tag", "eu")
	x.want(cli.ExitDone, "connection", "add", "--name", "Careful", "--cloud", "practice", "--environment", "production")
	return w
}
