package carry

import (
	"math"
	"strconv"
)

// Number reads an answer that is a number, in whatever type it comes; false for any other.
func Number(answer any) (float64, bool) {
	switch v := answer.(type) {
	case int64:
		return float64(v), true
	case int:
		return float64(v), true
	case float64:
		return v, !math.IsNaN(v) && !math.IsInf(v, 0)
	default:
		return 0, false
	}
}

// Texts reads an answer that is a list of texts, also as JSON gives it back; false for any other.
func Texts(answer any) ([]string, bool) {
	switch v := answer.(type) {
	case []string:
		return v, true
	case []any:
		texts := make([]string, 0, len(v))
		for _, one := range v {
			text, ok := one.(string)
			if !ok {
				return nil, false
			}
			texts = append(texts, text)
		}
		return texts, true
	default:
		return nil, false
	}
}

// write is a value as it stands in a declared change; false for one that cannot stand there.
func write(answer any) (string, bool) {
	switch v := answer.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	}
	number, ok := Number(answer)
	return strconv.FormatFloat(number, 'f', -1, 64), ok
}
