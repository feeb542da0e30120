package registry

// Name is what a person is called. One rule for all pages: a list that people look through for somebody says the
// surname first (Listed), as it is sorted; a title, a sentence or a single fact says the given name first (Full).
type Name struct {
	Surname, Given string
	Alias          string // of somebody who gives no name
}

// Full is the name as one says it: "Rosa Bianco".
func (n Name) Full() string { return n.join(n.Given, n.Surname) }

// Listed is the name as lists have it: "Bianco Rosa".
func (n Name) Listed() string { return n.join(n.Surname, n.Given) }

func (n Name) join(first, second string) string {
	switch {
	case first == "" && second == "":
		return n.Alias
	case first == "":
		return second
	case second == "":
		return first
	}
	return first + " " + second
}
