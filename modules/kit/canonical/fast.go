package canonical

import (
	"math"
	"strconv"
)

// isCanonical tells that a text is canonical as it stands, in one pass without taking it apart: most contents were brought
// into that form when they were written. It may say no of a text that is; it never says yes of one that is not.
func isCanonical(raw []byte) bool {
	s := scan{text: raw}
	return s.value(0) && s.at == len(raw)
}

// scan reads a canonical text from its beginning.
type scan struct {
	text []byte
	at   int
}

// take steps over a byte, if it is the next one.
func (s *scan) take(c byte) bool {
	if s.at >= len(s.text) || s.text[s.at] != c {
		return false
	}
	s.at++
	return true
}

func (s *scan) value(depth int) bool {
	if depth > maxDepth || s.at >= len(s.text) {
		return false
	}
	switch s.text[s.at] {
	case '{':
		return s.object(depth)
	case '[':
		return s.array(depth)
	case '"':
		_, _, ok := s.quoted()
		return ok
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	case 'n':
		return s.word("null")
	}
	return s.number()
}

func (s *scan) word(word string) bool {
	if end := s.at + len(word); end <= len(s.text) && string(s.text[s.at:end]) == word {
		s.at = end
		return true
	}
	return false
}

// object wants the keys in their order, which also tells that none is there twice.
func (s *scan) object(depth int) bool {
	s.at++
	if s.take('}') {
		return true
	}
	last := ""
	for first := true; ; first = false {
		key, plain, ok := s.quoted()
		if !ok || !plain || !first && compareKeys(last, key) >= 0 {
			return false
		}
		last = key
		if !s.take(':') || !s.value(depth+1) {
			return false
		}
		if s.take('}') {
			return true
		}
		if !s.take(',') {
			return false
		}
	}
}

func (s *scan) array(depth int) bool {
	s.at++
	if s.take(']') {
		return true
	}
	for {
		if !s.value(depth + 1) {
			return false
		}
		if s.take(']') {
			return true
		}
		if !s.take(',') {
			return false
		}
	}
}

// quoted reads a string, which has no escapes by number; plain tells that it has none at all.
func (s *scan) quoted() (text string, plain, ok bool) {
	if !s.take('"') {
		return "", false, false
	}
	begun := s.at
	plain = true
	for ; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; {
		case c == '"':
			s.at++
			return string(s.text[begun : s.at-1]), plain, true
		case c < 0x20:
			return "", false, false
		case c == '\\':
			plain = false
			s.at++
			if s.at == len(s.text) || !isShort(s.text[s.at]) {
				return "", false, false
			}
		}
	}
	return "", false, false
}

// isShort tells whether a byte after a backslash is an escape by letter, as canonical texts have them.
func isShort(c byte) bool {
	switch c {
	case '"', '\\', 'b', 'f', 'n', 'r', 't':
		return true
	}
	return false
}

// number reads a number that is written as a canonical text has it, and is kept exactly.
func (s *scan) number() bool {
	begun := s.at
	for s.at < len(s.text) && (s.text[s.at] >= '0' && s.text[s.at] <= '9' || s.text[s.at] == '-' || s.text[s.at] == '.') {
		s.at++
	}
	text := string(s.text[begun:s.at])
	value, err := strconv.ParseFloat(text, 64)
	return err == nil && math.Abs(value) <= largestExact && text == Number(value)
}
