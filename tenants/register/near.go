package register

// Suggest returns what Search does and, where that is nothing, at most limit municipalities whose name is one slip away from the
// query, two for longer ones: near tells so. They are offered to be chosen, never taken for what was meant.
func Suggest(query string, limit int) (found []Municipality, near bool) {
	if found = Search(query, limit); len(found) > 0 || limit <= 0 {
		return found, false
	}
	typed := []rune(newFolded(foldWords(query)).joined)
	slips := 1
	if len(typed) >= 8 {
		slips = 2
	}
	if len(typed) < 4 {
		return nil, false
	}
	r := loaded()
	for allowed := 1; allowed <= slips && len(found) == 0; allowed++ {
		for _, n := range r.names {
			if len(found) < limit && (within(typed, []rune(n.name.joined), allowed) || within(typed, []rune(n.other.joined), allowed)) {
				found = append(found, r.municipalities[n.municipality])
			}
		}
	}
	return found, len(found) > 0
}

// within tells whether at most allowed letters have to be put in, left out or changed to make one word of the other.
func within(a, b []rune, allowed int) bool {
	if len(a)-len(b) > allowed || len(b)-len(a) > allowed {
		return false
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, one := range a {
		diagonal := row[0]
		row[0] = i + 1
		least := row[0]
		for j, other := range b {
			change := diagonal
			if one != other {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, diagonal+1, row[j]+1)
			least = min(least, row[j+1])
		}
		if least > allowed {
			return false
		}
	}
	return row[len(b)] <= allowed
}
