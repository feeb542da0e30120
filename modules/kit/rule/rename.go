package rule

import (
	"regexp"
	"slices"
	"strings"
)

// tokens takes an expression apart: texts, comments, names, spaces, and every other sign by itself.
var tokens = regexp.MustCompile(`(?s)'''.*?'''|""".*?"""|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|//[^\n]*|[A-Za-z_][A-Za-z0-9_]*|\s+|.`)

// mapNames are the variables whose members have the names of entries of a content.
var mapNames = []string{"answers", "points", "measures"}

// Rename gives an expression in which what it reads has other names, from the old to the new: answers.x, points['x'] and
// sum(points, ['x']). Texts that an answer is compared with stay as they are, and so does what is no expression.
func Rename(source string, names map[string]string) string {
	all := tokens.FindAllString(source, -1)
	var said []int // the places of what is neither space nor comment
	for i, token := range all {
		if strings.TrimSpace(token) != "" && !strings.HasPrefix(token, "//") {
			said = append(said, i)
		}
	}
	at := func(n int) string {
		if n < 0 || n >= len(said) {
			return ""
		}
		return all[said[n]]
	}
	for n := range said {
		switch {
		case slices.Contains(mapNames, at(n)) && at(n-1) != "." && at(n+1) == ".":
			if now, renamed := names[at(n+2)]; renamed {
				all[said[n+2]] = now
			}
		case slices.Contains(mapNames, at(n)) && at(n-1) != "." && at(n+1) == "[" && at(n+3) == "]":
			all[said[n+2]] = renameText(at(n+2), names)
		case at(n) == "sum" && at(n+1) == "(" && slices.Contains(mapNames, at(n+2)) && at(n+3) == "," && at(n+4) == "[":
			for m := n + 5; m < len(said) && at(m) != "]"; m++ {
				all[said[m]] = renameText(at(m), names)
			}
		}
	}
	return strings.Join(all, "")
}

// renameText gives a quoted name its new one.
func renameText(token string, names map[string]string) string {
	if len(token) < 3 || !strings.ContainsAny(token[:1], `'"`) {
		return token
	}
	if now, renamed := names[token[1:len(token)-1]]; renamed {
		return token[:1] + now + token[:1]
	}
	return token
}
