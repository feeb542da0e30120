package terminal

import (
	"errors"
	"fmt"
	"os"

	"staffetta/policies/audit"
)

// ReadKeys reads the public keys that somebody kept elsewhere; without a file there are none.
func ReadKeys(path string) ([]audit.Key, error) {
	if path == "" {
		fmt.Println("the keys are those in the export; --keys takes a copy that was kept elsewhere")
		return nil, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the keys: %w", err)
	}
	defer file.Close()
	keys, err := audit.ReadKeys(file)
	if err == nil && len(keys) == 0 {
		err = errors.New("it holds none")
	}
	if err != nil {
		return nil, fmt.Errorf("read the keys: %w", err)
	}
	return keys, nil
}
