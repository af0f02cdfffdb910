package plan

import (
	"encoding/json"
)

// In JSON durations are whole milliseconds, under names that end with Ms.

// MarshalJSON implements json.Marshaler.
func (p Plan) MarshalJSON() ([]byte, error) {
	type plain Plan
	return json.Marshal(struct {
		plain
		LeastTimeMs int64 `json:"leastTimeMs"`
	}{plain(p), p.LeastTime.Milliseconds()})
}

// MarshalJSON implements json.Marshaler.
func (s Set) MarshalJSON() ([]byte, error) {
	type plain Set
	return json.Marshal(struct {
		plain
		LeastTimeMs int64 `json:"leastTimeMs"`
	}{plain(s), s.LeastTime.Milliseconds()})
}

// MarshalJSON implements json.Marshaler.
func (c Choice) MarshalJSON() ([]byte, error) {
	type plain Choice
	return json.Marshal(struct {
		plain
		LeastTimeMs int64 `json:"leastTimeMs"`
	}{plain(c), c.LeastTime.Milliseconds()})
}

// MarshalJSON implements json.Marshaler.
func (w Wait) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Reason  string `json:"reason"`
		Times   int    `json:"times"`
		TotalMs int64  `json:"totalMs"`
		FirstMs int64  `json:"firstMs"`
	}{w.Reason, w.Times, w.Total.Milliseconds(), w.First.Milliseconds()})
}
