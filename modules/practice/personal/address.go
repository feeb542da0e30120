package personal

import (
	"regexp"
	"strings"
)

// street begins the address of a house. Short forms are those of the registers of addresses.
const street = `(?:via|viale|v\.le|vicolo|v\.lo|piazza|p\.zza|p\.za|piazzale|p\.le|piazzetta|corso|c\.so|contrada|c\.da|cda|largo|l\.go|` +
	`strada|salita|discesa|cortile|lungomare|borgo|località|loc\.|traversa|trav\.|rione|frazione|fraz\.)`

var (
	streetStart = regexp.MustCompile(`(?i)\b` + street + `[ ]`)
	streetWord  = regexp.MustCompile(`^[ ,]{0,3}(?:(?i:n\.|nr\.?|n°|num\.?|numero|civico) ?){0,2}([\p{L}\p{N}'’.°/-]+)`)
	house       = regexp.MustCompile(`^[0-9]{1,4}(?:[/-]?[A-Za-z])?\.?$`)
)

// streetWords are how many words the name of a street has at most.
const streetWords = 6

// Addresses are the texts that could be the address of a person: each street with the number of its house, and every
// beginning of its name, since nobody knows how many words it has and whether a number that follows belongs to it.
func Addresses(text string) []string {
	var found []string
	plain := Plain(text)
	for _, start := range streetStart.FindAllStringIndex(plain, -1) {
		found = append(found, readAddress(plain[start[0]:], start[1]-start[0])...)
	}
	return found
}

// readAddress reads an address whose first word, that of a street, ends at some place.
func readAddress(text string, end int) []string {
	var found []string
	for range streetWords {
		m := streetWord.FindStringSubmatchIndex(text[end:])
		if m == nil {
			break
		}
		next := text[end+m[2] : end+m[3]]
		end += m[1]
		candidate := strings.TrimRight(text[:end], " .,/-")
		if len(found) > 0 && house.MatchString(next) {
			return append(found, candidate)
		}
		found = append(found, candidate)
	}
	return found
}
