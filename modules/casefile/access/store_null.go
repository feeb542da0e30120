package access

import (
	"time"

	"github.com/jackc/pgx/v5/pgtype"
)

// nullTime reads a null instant or day as the zero time.
type nullTime time.Time

// ScanTimestamptz reads a column that may be null.
func (n *nullTime) ScanTimestamptz(v pgtype.Timestamptz) error {
	*n = nullTime(v.Time)
	return nil
}

// ScanDate reads a day that may be null.
func (n *nullTime) ScanDate(v pgtype.Date) error {
	*n = nullTime(v.Time)
	return nil
}
