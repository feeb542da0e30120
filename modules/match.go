package modules

import (
	"strconv"
	"strings"

	"staffetta/internal/problem"
)

// IfMatch reads the version that a caller has seen from an If-Match header, with or without quotes; 0 where there is none, which
// an operation that does not require the header takes for whatever it is now. Error: problem.Conflict for what no version
// ever was.
func IfMatch(header string) (int, error) {
	version, err := IfMatchNew(header)
	if err == nil && version == 0 && header != "" {
		err = problem.New(problem.Conflict, "web.error.conflict")
	}
	return version, err
}

// IfMatchNew is IfMatch where 0, said or not, is the version of what is not there yet.
func IfMatchNew(header string) (int, error) {
	if header == "" {
		return 0, nil
	}
	version, err := strconv.ParseInt(strings.Trim(header, `"`), 10, 32)
	if err != nil || version < 0 {
		return 0, problem.New(problem.Conflict, "web.error.conflict")
	}
	return int(version), nil
}
