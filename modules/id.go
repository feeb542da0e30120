package modules

import (
	"fmt"

	"github.com/google/uuid"

	"staffetta/internal/problem"
)

// IdempotencyKey is the header by which a client names what it creates, so that
// asking twice creates once.
const IdempotencyKey = "Idempotency-Key"

// NewID is the id of a new object: the one that the header names, or a new one
// when it is empty. Error: problem.Invalid when it is not a UUID.
func NewID(header string) (uuid.UUID, error) {
	if header == "" {
		id, err := uuid.NewV7()
		if err != nil {
			return uuid.Nil, fmt.Errorf("make an id: %w", err)
		}
		return id, nil
	}
	id, err := uuid.Parse(header)
	if err != nil || id == uuid.Nil || len(header) != 36 {
		var fields problem.Fields
		fields.Add(IdempotencyKey, "rest.field.uuid")
		return uuid.Nil, fields.Err()
	}
	return id, nil
}

// ParseID reads an id that a path, a link or a form names. Only the canonical form counts, as the program
// writes it itself: upper case, braces, a urn and the id of nothing are no id.
func ParseID(text string) (id uuid.UUID, ok bool) {
	id, err := uuid.Parse(text)
	if err != nil || id == uuid.Nil || id.String() != text {
		return uuid.Nil, false
	}
	return id, true
}

// KnownID is the id that a text names; anything else is an object that does not exist. Error: problem.NotFound.
func KnownID(text string) (uuid.UUID, error) {
	id, ok := ParseID(text)
	if !ok {
		return uuid.Nil, problem.Missing()
	}
	return id, nil
}

// LinkID is the id that a link or a list carries; anything else is uuid.Nil.
func LinkID(text string) uuid.UUID {
	id, _ := ParseID(text)
	return id
}

// IDText writes an id where uuid.Nil stands for none, which is "".
func IDText(id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	return id.String()
}

// FormID is the id in the hidden field of a form, or a new one when the field does
// not hold any.
func FormID(value string) uuid.UUID {
	id, ok := ParseID(value)
	if !ok {
		return uuid.Must(uuid.NewV7())
	}
	return id
}
