package command

// hints say what to type, by the code of a failure. The packages below name no flag,
// command or environment variable.
var hints = map[string]string{
	"password": "A command takes the password from the environment variable " + passwordVariable + ", or asks for it in a terminal.",
	"bad-rows": "The flags are --type, and --bad-rows skip or --bad-rows blank.",
}
