package command

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pushdesk/ui/command/cli"
)

// answerSchema is the JSON Schema of all answers.
var answerSchema = func() map[string]any {
	var s map[string]any
	if err := json.Unmarshal([]byte(cli.Schema), &s); err != nil {
		panic(err)
	}
	return s
}()

// commandName is the name of the command on a command line, as the schema has it.
func commandName(args []string) string {
	defs := answerSchema["$defs"].(map[string]any)
	var words []string
	for _, a := range args {
		if strings.HasPrefix(a, "-") {
			break
		}
		words = append(words, a)
	}
	if len(words) > 0 && words[0] == "send" && slices.Contains(args, "--into") {
		return "send --into"
	}
	if len(words) > 0 && words[0] == "send" && slices.Contains(args, "--each") {
		return "send --each"
	}
	for n := min(len(words), 2); n > 0; n-- {
		if name := strings.Join(words[:n], " "); defs[name] != nil {
			return name
		}
	}
	return "head"
}

// fitsSchema holds what a command printed with --json against the schema. Every test of a
// command does so.
func (x *terminal) fitsSchema(args []string, code int) {
	x.t.Helper()
	if !slices.Contains(args, "--json") || slices.Contains(args, "--cells") || x.stdout == "" {
		return
	}
	var document map[string]any
	if err := json.Unmarshal([]byte(x.stdout), &document); err != nil {
		x.t.Errorf("%v: standard output is not one JSON object: %v\n%s", args, err, x.stdout)
		return
	}
	name := commandName(args)
	for _, wrong := range violations(document, map[string]any{"$ref": "#/$defs/" + name}, "") {
		x.t.Errorf("%v: the schema of %q: %s", args, name, wrong)
	}
	known := keysOf(name)
	for key := range document {
		if !known[key] && name != "head" {
			x.t.Errorf("%v: the schema of %q in ui/command/cli/schema.json lacks the key %q", args, name, key)
		}
	}
	if document["exitCode"] != float64(code) {
		x.t.Errorf("%v: the exit code is %d, and the document says %v", args, code, document["exitCode"])
	}
	for _, e := range cli.ExitCodes {
		if e.Code == code && !slices.Contains(e.Reasons, fmt.Sprint(document["reason"])) && args[0]+args[min(1, len(args)-1)] != "runsshow" {
			x.t.Errorf("%v: the reason %v does not belong to the exit code %d", args, document["reason"], code)
		}
	}
	for _, wrong := range unlikeTimes(document, "") {
		x.t.Errorf("%v: %s", args, wrong)
	}
}

// keysOf returns the keys that a definition lists, with those that it builds on.
func keysOf(name string) map[string]bool {
	keys := map[string]bool{}
	def, _ := answerSchema["$defs"].(map[string]any)[name].(map[string]any)
	if props, ok := def["properties"].(map[string]any); ok {
		for k := range props {
			keys[k] = true
		}
	}
	refs, _ := def["allOf"].([]any)
	for _, r := range append(refs, any(def)) {
		if ref, ok := r.(map[string]any)["$ref"].(string); ok {
			for k := range keysOf(strings.TrimPrefix(ref, "#/$defs/")) {
				keys[k] = true
			}
		}
	}
	return keys
}

// violations holds a value against a schema: the part of the language that ours uses.
func violations(v any, schema map[string]any, at string) (list []string) {
	if ref, ok := schema["$ref"].(string); ok {
		def, ok := answerSchema["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
		if !ok {
			return []string{"there is no " + ref}
		}
		list = append(list, violations(v, def, at)...)
	}
	all, _ := schema["allOf"].([]any)
	for _, s := range all {
		list = append(list, violations(v, s.(map[string]any), at)...)
	}
	if want, ok := schema["const"]; ok && v != want {
		list = append(list, fmt.Sprintf("%s is %v, not %v", at, v, want))
	}
	if choices, ok := schema["enum"].([]any); ok && !slices.Contains(choices, v) {
		list = append(list, fmt.Sprintf("%s is %v, none of %v", at, v, choices))
	}
	if types := schema["type"]; types != nil {
		allowed, ok := types.([]any)
		if !ok {
			allowed = []any{types}
		}
		if !slices.ContainsFunc(allowed, func(t any) bool { return isOf(v, t.(string)) }) {
			return append(list, fmt.Sprintf("%s is %T, not %v", at, v, types))
		}
	}
	if text, ok := v.(string); ok && schema["format"] == "date-time" {
		if _, err := time.Parse(time.RFC3339Nano, text); err != nil {
			list = append(list, fmt.Sprintf("%s is %q, no time of RFC 3339", at, text))
		}
	}
	if object, ok := v.(map[string]any); ok {
		required, _ := schema["required"].([]any)
		for _, key := range required {
			if _, there := object[key.(string)]; !there {
				list = append(list, fmt.Sprintf("%s lacks %v", at, key))
			}
		}
		props, _ := schema["properties"].(map[string]any)
		for key, value := range object {
			if s, ok := props[key].(map[string]any); ok {
				list = append(list, violations(value, s, at+"."+key)...)
			}
		}
	}
	if items, ok := schema["items"].(map[string]any); ok {
		values, _ := v.([]any)
		for i, value := range values {
			list = append(list, violations(value, items, fmt.Sprintf("%s[%d]", at, i))...)
		}
	}
	return list
}

func isOf(v any, kind string) bool {
	switch x := v.(type) {
	case nil:
		return kind == "null"
	case bool:
		return kind == "boolean"
	case string:
		return kind == "string"
	case float64:
		return kind == "number" || kind == "integer" && x == math.Trunc(x)
	case []any:
		return kind == "array"
	}
	return kind == "object"
}

// timeKeys are keys that hold moments.
var timeKeys = regexp.MustCompile(`(?i)^(started|ended|ends|until|at|sent|created|updated|undone|heldUntil|countedAt)$`)

// unlikeTimes finds moments that are not written as RFC 3339, and durations that are no
// whole milliseconds, at any depth.
func unlikeTimes(v any, at string) (list []string) {
	switch x := v.(type) {
	case []any:
		for i := range x {
			list = append(list, unlikeTimes(x[i], at)...)
		}
	case map[string]any:
		for key, value := range x {
			where := at + "." + key
			if key == "counts" || where == ".content.columns" { // keyed by kinds of cells, and by names of columns
				continue
			}
			if text, ok := value.(string); ok && timeKeys.MatchString(key) && text != "" {
				if _, err := time.Parse(time.RFC3339Nano, text); err != nil {
					list = append(list, fmt.Sprintf("%s is %q, no time of RFC 3339", where, text))
				}
			}
			n, number := value.(float64)
			lower := strings.ToLower(key)
			if number && (strings.Contains(lower, "duration") || strings.HasSuffix(lower, "time") || strings.HasSuffix(lower, "took")) && !strings.HasSuffix(key, "Ms") {
				list = append(list, where+" is a duration, and its name does not end with Ms")
			}
			if number && strings.HasSuffix(key, "Ms") && n != math.Trunc(n) {
				list = append(list, fmt.Sprintf("%s is %v, no whole milliseconds", where, n))
			}
			list = append(list, unlikeTimes(value, where)...)
		}
	}
	return list
}

// TestTheSchemaFitsTheCommands: it knows the reasons and statuses, and each command that
// it has a definition of is there.
func TestTheSchemaFitsTheCommands(t *testing.T) {
	var reasons []any
	for _, e := range cli.ExitCodes {
		for _, r := range e.Reasons {
			reasons = append(reasons, r)
		}
	}
	defs := answerSchema["$defs"].(map[string]any)
	listed := defs["head"].(map[string]any)["properties"].(map[string]any)["reason"].(map[string]any)["enum"].([]any)
	for _, r := range reasons {
		if !slices.Contains(listed, r) {
			t.Errorf("the schema lacks the reason %v", r)
		}
	}
	if len(listed) != len(reasons) {
		t.Errorf("the schema has %d reasons, and there are %d", len(listed), len(reasons))
	}
	for _, c := range strings.Fields("accept addresses create invite join keep key leave list reject remove role share show tenants trust unshare use-sealed verify") {
		if defs["team "+c] == nil {
			t.Errorf("the schema lacks team %s", c)
		}
	}
	x := apart(t)
	x.want(cli.ExitDone, "help", "json-schema")
	if !json.Valid([]byte(x.stdout)) {
		t.Errorf("the help is no JSON:\n%.200s", x.stdout)
	}
	x.want(cli.ExitDone, "help", "json")
	x.says("schemaVersion", "rows-left-out")
	for _, line := range [][]string{{"send", "--nonsense", "--json"}, {"send", "--json", "x", "--limit", "many"}, {"nonsense", "--json"}, {"runs", "show", "--json"}, {"--json", "send"}} {
		x.want(cli.ExitUsage, line...)
		if !strings.Contains(x.stdout, `"reason": "wrong-usage"`) {
			t.Errorf("%v: %s", line, x.stdout)
		}
	}
	x.want(cli.ExitUsage, "runs", "export", "--json")
}
