package powerbi

import "time"

// The documented limits of push datasets.
// Source: learn.microsoft.com/power-bi/developer/embedded/push-datasets-limitations.
const (
	MaxColumns        = 75        // a table
	MaxTables         = 75        // a dataset
	MaxRelationships  = 75        // a dataset
	MaxRowsPerRequest = 10_000    // one POST of rows
	MaxRowsPerHour    = 1_000_000 // added to a dataset
	MaxPending        = 5         // POSTs of rows to a dataset that have no answer yet
	MaxRequests       = 120       // POSTs of rows to a dataset in a minute
	SlowFromRows      = 250_000   // from this many rows in a table MaxRequests counts an hour
	MaxRowsFIFO       = 200_000   // kept in a table under RetentionFIFO
	MaxRowsNone       = 5_000_000 // kept in a table under RetentionNone
	MaxStringLength   = 4_000     // characters of a value; counted here in UTF-16 units
)

// MaxBodyBytes is the largest body of a POST of rows.
// Source: learn.microsoft.com/power-bi/connect-data/service-real-time-streaming (16 MB).
const MaxBodyBytes = 16 << 20

// CreationEnds is the day after which the service creates no new push dataset.
// Source: learn.microsoft.com/power-bi/connect-data/service-real-time-streaming.
var CreationEnds = time.Date(2027, time.October, 31, 0, 0, 0, 0, time.UTC)
