package powerbi

import (
	"slices"
	"strings"
)

// CreationEnded tells whether the service refused because it creates no more push
// datasets for this tenant.
func (e *APIError) CreationEnded() bool {
	codes := []string{e.ErrorInfo, e.Code}
	for _, d := range e.Causes {
		codes = append(codes, d.Code)
	}
	return slices.Contains(codes, "FeatureDeprecatedError") ||
		(e.Operation == OpCreateDataset || e.Operation == OpUpdateTable) && strings.Contains(strings.ToLower(e.says()), "is deprecated")
}
