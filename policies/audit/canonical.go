package audit

import (
	"bytes"
	"encoding/json"
)

// canonical writes JSON as encoding/json writes a map: sorted keys, no spaces.
func canonical(text string) ([]byte, error) {
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	return json.Marshal(value)
}
