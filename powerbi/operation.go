package powerbi

// Operation names what was asked of the service, in words that fit behind
// "could not".
type Operation string

const (
	OpWorkspaces     Operation = "list the workspaces"
	OpWorkspace      Operation = "open the workspace"
	OpWorkspaceUsers Operation = "list who has access to the workspace"
	OpDatasets       Operation = "list the datasets"
	OpDataset        Operation = "open the dataset"
	OpCreateDataset  Operation = "create the dataset"
	OpDeleteDataset  Operation = "delete the dataset"
	OpTables         Operation = "list the tables"
	OpUpdateTable    Operation = "change the table"
	OpAddRows        Operation = "add rows"
	OpDeleteRows     Operation = "delete the rows"

	OpReports Operation = "list the reports"
	OpQuery   Operation = "query the dataset"
)

// reads reports whether repeating an operation changes nothing.
func (o Operation) reads() bool {
	switch o {
	case OpCreateDataset, OpDeleteDataset, OpUpdateTable, OpAddRows, OpDeleteRows:
		return false
	}
	return true
}

// afterAPending is what to do after rows were sent and no answer came.
const afterAPending = "Count the rows before you send them again: what was sent may have been stored."

// unknownAdvice is what to do when it is not known whether a change was made.
func unknownAdvice(op Operation) string {
	switch op {
	case OpAddRows:
		return afterAPending
	case OpCreateDataset:
		return "Check whether the dataset exists before you create it again."
	}
	return "Check whether it was done before you try again."
}
