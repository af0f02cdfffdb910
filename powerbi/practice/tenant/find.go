package tenant

// find returns the first element that is wanted, or nil.
func find[T any](list []*T, wanted func(*T) bool) *T {
	for _, e := range list {
		if wanted(e) {
			return e
		}
	}
	return nil
}
