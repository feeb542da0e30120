package policies

import (
	"bufio"
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"staffetta/tenants"
)

//go:embed vectors.csv
var vectorText []byte

// Vector is a question to the rules with the answer that they must give (it: prova delle regole).
type Vector struct {
	Role     string
	Relation Relation
	Object   string
	Action   string
	Allowed  bool
	Always   bool // whatever a body changes in its rules
}

// Vectors lists those that come with the program's rules.
var Vectors = sync.OnceValues(readVectors)

// Failing lists those of the vectors to which the rules of the body give another answer.
func (r *Rules) Failing(tenant int32, vectors []Vector) []Vector {
	return slices.DeleteFunc(slices.Clone(vectors), func(v Vector) bool {
		return r.Allows(tenants.Scope{Tenant: tenant, Roles: []string{v.Role}}, v.Relation, v.Object, v.Action) == v.Allowed
	})
}

func readVectors() ([]Vector, error) {
	var vectors []Vector
	lines := bufio.NewScanner(bytes.NewReader(vectorText))
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		part := strings.Split(line, ",")
		if len(part) != 6 {
			return nil, fmt.Errorf("vector %q has not six columns", line)
		}
		var words [6][]string
		for i := range part {
			words[i] = strings.Fields(part[i])
		}
		if slices.Equal(words[2], []string{"*"}) {
			words[2] = SectionIDs()
		}
		spread(words, func(v Vector) { vectors = append(vectors, v) })
	}
	return vectors, lines.Err()
}

// spread gives each vector of a line.
func spread(words [6][]string, give func(Vector)) {
	allowed, always := slices.Equal(words[4], []string{Allow}), slices.Equal(words[5], []string{"always"})
	for _, role := range words[0] {
		for _, relation := range words[1] {
			for _, object := range words[2] {
				for _, action := range words[3] {
					give(Vector{Role: role, Relation: Relation(relation), Object: object, Action: action, Allowed: allowed, Always: always})
				}
			}
		}
	}
}
