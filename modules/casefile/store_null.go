package casefile

import (
	"time"

	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgtype/zeronull"
)

// nullID stores uuid.Nil as null and reads null as uuid.Nil.
type nullID = zeronull.UUID

// nullTime stores the zero time as null and reads null as the zero time.
type nullTime time.Time

// ScanTimestamptz reads a column that may be null.
func (n *nullTime) ScanTimestamptz(v pgtype.Timestamptz) error {
	*n = nullTime(v.Time)
	return nil
}

// TimestamptzValue writes the zero time as null.
func (n *nullTime) TimestamptzValue() (pgtype.Timestamptz, error) {
	return pgtype.Timestamptz{Time: time.Time(*n), Valid: !time.Time(*n).IsZero()}, nil
}

// ScanDate reads a day that may be null.
func (n *nullTime) ScanDate(v pgtype.Date) error {
	*n = nullTime(v.Time)
	return nil
}

// DateValue writes the zero day as null.
func (n *nullTime) DateValue() (pgtype.Date, error) {
	return pgtype.Date{Time: time.Time(*n), Valid: !time.Time(*n).IsZero()}, nil
}
