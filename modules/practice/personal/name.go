package personal

import (
	"regexp"
	"strings"
)

// nameWord is a word as a name is written: with a capital, or one of the small words inside Italian surnames.
var nameWord = regexp.MustCompile(`[\p{Lu}][\p{L}'’-]*|\b(?:de|di|da|del|della|lo|la|li)\b`)

// nameWords is how many words a surname and a name have together.
const nameWords = 4

// Names calls look for every run of words in a text that could be a surname and a name, cut wherever one may end and the
// other begin. Which of the two is which the text does not say.
func Names(text string, look func(one, two string)) {
	plain := Plain(text)
	words := nameWord.FindAllStringIndex(plain, -1)
	for first := range words {
		for last := first + 1; last < len(words) && last < first+nameWords; last++ {
			if strings.TrimSpace(plain[words[last-1][1]:words[last][0]]) != "" {
				break // something other than a space stands between
			}
			for cut := first; cut < last; cut++ {
				look(plain[words[first][0]:words[cut][1]], plain[words[cut+1][0]:words[last][1]])
			}
		}
	}
}
