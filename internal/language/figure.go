package language

import (
	"context"
	"strings"
)

// Figure writes a number, given in digits with a point before the decimals, as people of the context's language write it:
// 468997.68 is 468.997,68 in Italian. Years and codes are no figures. What is no number stays as it is.
func Figure(ctx context.Context, digits string) string {
	whole, decimals, has := strings.Cut(digits, ".")
	sign, whole := cutSign(whole)
	if whole == "" || strings.Trim(whole+decimals, "0123456789") != "" {
		return digits
	}
	thousands, comma := ".", ","
	if Of(ctx) != Italian {
		thousands, comma = ",", "."
	}
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + thousands + whole[at:]
	}
	if has {
		whole += comma + decimals
	}
	return sign + whole
}

func cutSign(whole string) (sign, rest string) {
	if rest, ok := strings.CutPrefix(whole, "-"); ok {
		return "-", rest
	}
	return "", whole
}
