// Package canonical gives every JSON value one text and one hash (RFC 8785). It must not know what the values mean.
package canonical

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth is how deep a content may nest; a form needs less than ten levels.
const maxDepth = 64

// largestExact is the largest whole number that every JSON reader keeps exactly (RFC 8785 §3.2.2.3, RFC 7493 §2.2).
const largestExact = 1<<53 - 1

// ErrUnreadable says that a text has no canonical form: it is no JSON, or such as two readers could understand differently.
var ErrUnreadable = errors.New("canonical json")

// Text returns the one text of a JSON value: keys sorted by UTF-16 unit, no space, numbers as ECMAScript writes
// them (RFC 8785). It refuses what two readers could understand differently: repeated keys, broken UTF-8, numbers that
// lose digits, values nested deeper than 64 levels, anything after the value.
func Text(raw []byte) ([]byte, error) {
	if !utf8.Valid(raw) {
		return nil, fmt.Errorf("%w: text is not valid UTF-8", ErrUnreadable)
	}
	if isCanonical(raw) {
		return bytes.Clone(raw), nil
	}
	return rewrite(raw)
}

// rewrite takes a text apart and writes it in canonical form.
func rewrite(raw []byte) ([]byte, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var out bytes.Buffer
	if err := writeValue(&out, dec, 0); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: text after the value", ErrUnreadable)
	}
	return out.Bytes(), nil
}

// Hash returns the sha-256 of the canonical text of raw, in lower-case hexadecimal.
func Hash(raw []byte) (string, error) {
	text, err := Text(raw)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

func writeValue(out *bytes.Buffer, dec *json.Decoder, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("nested deeper than %d levels", maxDepth)
	}
	token, err := dec.Token()
	if err != nil {
		return fmt.Errorf("read value: %w", err)
	}
	switch v := token.(type) {
	case json.Delim:
		if v == '{' {
			return writeObject(out, dec, depth)
		}
		return writeArray(out, dec, depth)
	case json.Number:
		return writeNumber(out, v)
	case string:
		WriteString(out, v)
	case bool:
		out.WriteString(strconv.FormatBool(v))
	case nil:
		out.WriteString("null")
	}
	return nil
}

func writeObject(out *bytes.Buffer, dec *json.Decoder, depth int) error {
	members := map[string][]byte{}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return fmt.Errorf("read key: %w", err)
		}
		key := token.(string)
		if _, twice := members[key]; twice {
			return fmt.Errorf("key %q is repeated", key)
		}
		var member bytes.Buffer
		if err := writeValue(&member, dec, depth+1); err != nil {
			return err
		}
		members[key] = member.Bytes()
	}
	if _, err := dec.Token(); err != nil {
		return fmt.Errorf("close object: %w", err)
	}
	out.WriteByte('{')
	for i, key := range sortedKeys(members) {
		if i > 0 {
			out.WriteByte(',')
		}
		WriteString(out, key)
		out.WriteByte(':')
		out.Write(members[key])
	}
	out.WriteByte('}')
	return nil
}

func sortedKeys(members map[string][]byte) []string {
	keys := make([]string, 0, len(members))
	for key := range members {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, compareKeys)
	return keys
}

// compareKeys orders keys by their UTF-16 units. Bytes are in the same order but for what begins at U+E000.
func compareKeys(a, b string) int {
	if isLow(a) && isLow(b) {
		return strings.Compare(a, b)
	}
	return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
}

// isLow tells whether every rune of a text is below U+E000.
func isLow(s string) bool {
	for i := range len(s) {
		if s[i] >= 0xee {
			return false
		}
	}
	return true
}

func writeArray(out *bytes.Buffer, dec *json.Decoder, depth int) error {
	out.WriteByte('[')
	for i := 0; dec.More(); i++ {
		if i > 0 {
			out.WriteByte(',')
		}
		if err := writeValue(out, dec, depth+1); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return fmt.Errorf("close array: %w", err)
	}
	out.WriteByte(']')
	return nil
}

func writeNumber(out *bytes.Buffer, n json.Number) error {
	value, err := strconv.ParseFloat(n.String(), 64)
	if err != nil || math.IsInf(value, 0) {
		return fmt.Errorf("number %s is out of range", n)
	}
	text := Number(value)
	if math.Abs(value) > largestExact && !strings.ContainsAny(n.String(), ".eE") && text != n.String() {
		return fmt.Errorf("number %s would lose digits; write it as text", n)
	}
	out.WriteString(text)
	return nil
}

// Number writes a number as ECMAScript does (RFC 8785 §3.2.2.3).
func Number(value float64) string {
	if value == 0 {
		return "0" // also minus zero
	}
	if size := math.Abs(value); size >= 1e-6 && size < 1e21 {
		return strconv.FormatFloat(value, 'f', -1, 64)
	}
	text := strconv.FormatFloat(value, 'e', -1, 64)
	mantissa, exponent, _ := strings.Cut(text, "e")
	return mantissa + "e" + exponent[:1] + strings.TrimLeft(exponent[1:], "0")
}

// shortEscapes are the bytes that JSON escapes by a letter of their own.
var shortEscapes = [256]byte{'"': '"', '\\': '\\', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't'}

// WriteString escapes only what JSON demands; encoding/json would also escape <, > and &.
func WriteString(out *bytes.Buffer, s string) {
	const hexDigits = "0123456789abcdef"
	out.WriteByte('"')
	begun := 0
	for i := range len(s) {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		out.WriteString(s[begun:i])
		begun = i + 1
		if short := shortEscapes[c]; short != 0 {
			out.WriteByte('\\')
			out.WriteByte(short)
			continue
		}
		out.WriteString(`\u00`)
		out.WriteByte(hexDigits[c>>4])
		out.WriteByte(hexDigits[c&0xf])
	}
	out.WriteString(s[begun:])
	out.WriteByte('"')
}
