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
