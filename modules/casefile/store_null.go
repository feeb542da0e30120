package casefile

import (
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
)

// nullID stores uuid.Nil as null and reads null as uuid.Nil.
type nullID uuid.UUID

// ScanUUID reads a column that may be null.
func (n *nullID) ScanUUID(v pgtype.UUID) error {
	*n = nullID(v.Bytes)
	return nil
}

// UUIDValue writes uuid.Nil as null.
func (n *nullID) UUIDValue() (pgtype.UUID, error) {
	return pgtype.UUID{Bytes: *n, Valid: *n != nullID(uuid.Nil)}, nil
}

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
