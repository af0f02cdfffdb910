package powerbi

// Retention is what the service does with old rows; it is fixed when the dataset is created.
type Retention string

const (
	RetentionNone Retention = "None"      // keeps rows up to MaxRowsNone a table, then refuses
	RetentionFIFO Retention = "basicFIFO" // keeps about the newest MaxRowsFIFO rows of a table
)

// Column is a column of a push table. Only Name and DataType are required.
type Column struct {
	Name         string   `json:"name"`
	DataType     DataType `json:"dataType"`
	FormatString string   `json:"formatString,omitempty"`
	SortByColumn string   `json:"sortByColumn,omitempty"`
	DataCategory string   `json:"dataCategory,omitempty"`
	SummarizeBy  string   `json:"summarizeBy,omitempty"`
	IsHidden     bool     `json:"isHidden,omitempty"`
}

// Measure is a DAX calculation that belongs to a table.
type Measure struct {
	Name         string `json:"name"`
	Expression   string `json:"expression"`
	FormatString string `json:"formatString,omitempty"`
	Description  string `json:"description,omitempty"`
	IsHidden     bool   `json:"isHidden,omitempty"`
}

// Table is a table of a push dataset. The service answers a list of tables with
// names only, so Columns may be empty on what it returns.
type Table struct {
	Name        string    `json:"name"`
	Columns     []Column  `json:"columns,omitempty"`
	Measures    []Measure `json:"measures,omitempty"`
	Description string    `json:"description,omitempty"`
	IsHidden    bool      `json:"isHidden,omitempty"`
}

// DatasetSchema is what a push dataset is created from.
type DatasetSchema struct {
	Name        string  `json:"name"`
	DefaultMode string  `json:"defaultMode"` // "Push"
	Tables      []Table `json:"tables"`
	// Relationships cannot be added, changed or removed later, nor does the service tell them.
	Relationships []Relationship `json:"relationships,omitempty"`
}

// Relationship joins a column on the many side (From) to one on the one side (To).
type Relationship struct {
	Name                   string `json:"name"`
	FromTable              string `json:"fromTable"`
	FromColumn             string `json:"fromColumn"`
	ToTable                string `json:"toTable"`
	ToColumn               string `json:"toColumn"`
	CrossFilteringBehavior string `json:"crossFilteringBehavior,omitempty"`
}
