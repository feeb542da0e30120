package login

import (
	"errors"
	"fmt"
	"slices"
)

// Assurance is how sure a provider is of who the person is
// (it: livello di sicurezza). The zero value is below every request.
type Assurance int

// The three levels of the Italian digital identity rules (eIDAS low,
// substantial, high).
const (
	L1 Assurance = 1
	L2 Assurance = 2
	L3 Assurance = 3
)

// String gives "L1", "L2", "L3", or "none".
func (a Assurance) String() string {
	if !a.Valid() {
		return "none"
	}
	return fmt.Sprintf("L%d", int(a))
}

// Valid tells whether a is one of the three levels.
func (a Assurance) Valid() bool { return a >= L1 && a <= L3 }

// ACRMap is a provider's allow-list: its acr values and what each is worth.
type ACRMap map[string]Assurance

// SPIDLevels are the acr values of SPID and CIE.
func SPIDLevels() ACRMap {
	return ACRMap{
		"https://www.spid.gov.it/SpidL1": L1,
		"https://www.spid.gov.it/SpidL2": L2,
		"https://www.spid.gov.it/SpidL3": L3,
	}
}

// Level reads an acr value; an unknown or empty one is worth 0, which is
// below every request.
func (m ACRMap) Level(acr string) Assurance { return m[acr] }

// Value gives the acr value to ask for a level, or "" if there is none.
func (m ACRMap) Value(level Assurance) string {
	var values []string
	for value, worth := range m {
		if worth == level {
			values = append(values, value)
		}
	}
	if len(values) == 0 {
		return ""
	}
	return slices.Min(values)
}

func (m ACRMap) check() error {
	if len(m) == 0 {
		return errors.New("empty acr map")
	}
	for value, level := range m {
		if value == "" || !level.Valid() {
			return fmt.Errorf("acr map: %q cannot be worth %d", value, int(level))
		}
	}
	return nil
}
