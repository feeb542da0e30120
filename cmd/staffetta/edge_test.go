package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"

	"staffetta/onboarding/entry"
	"staffetta/tenants"
)

// Every operation that changes something is called with what fits its schema at the edges and past them, with ids that are its
// own, nobody's and another body's: whatever is wrong, it is the caller's fault and never ours. New operations are walked by themselves.
func TestNoWrongEdgeIsOurFault(t *testing.T) {
	tr := travel(t)
	body, err := entry.Enter(t.Context(), tr.st.deps, entry.Arrival{
		ISTAT: "081018", Modules: tr.st.moduleIDs(),
		Users: []entry.Person{{Name: "Nina Scavone", TaxCode: newFake("Scavone", "Nina", "1971-05-05", "F", "").Code, Roles: []string{"tenant_admin"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	document, err := openapi3.NewLoader().LoadFromData([]byte(tr.st.guest().get(t, "/api/openapi.json").Body))
	if err != nil {
		t.Fatal(err)
	}
	walk := edges{tr: tr, slug: body.Slug, ids: tr.idsOf(t), document: document, random: rand.New(rand.NewPCG(7, 7))}
	walk.ids["/items/{kind}"], walk.ids["/items/{kind}/{key}"] = "form", "FO-01"
	routes := slices.DeleteFunc(everyRoute(tr.st), func(c called) bool { return !c.api || c.method == http.MethodGet })
	slices.SortStableFunc(routes, func(a, b called) int { return strings.Count(a.pattern, "{") - strings.Count(b.pattern, "{") })
	for _, c := range routes {
		walk.call(t, c)
	}
	if walk.asked < 5*len(routes) || walk.taken < 5 {
		t.Errorf("%d requests to %d operations, of which %d were taken: the walk shows little", walk.asked, len(routes), walk.taken)
	}
}

// edges is the walk: who asks, what exists, and what it made itself.
type edges struct {
	tr           *trip
	slug         string
	ids          map[string]string // another body's, and nobody's, until the walk has made its own
	document     *openapi3.T
	random       *rand.Rand
	who          *actors
	people       int
	asked, taken int
}

// perOperation bounds the requests to one operation.
const perOperation = 120

// call sends an operation what fits, and then what does not.
func (w *edges) call(t *testing.T, c called) {
	t.Helper()
	operation := w.document.Paths.Find(c.pattern).GetOperation(c.method)
	whole := any(nil)
	if operation.RequestBody != nil {
		whole = w.fits(operation.RequestBody.Value.Content.Get("application/json").Schema.Value, 0)
	}
	sent := append([]any{whole}, w.wrong(whole, operation)...)
	w.random.Shuffle(len(sent)-1, func(i, j int) { sent[i+1], sent[j+1] = sent[j+1], sent[i+1] })
	for n, one := range sent[:min(len(sent), perOperation)] {
		ids := maps.Clone(w.ids)
		if n%4 == 3 { // nobody's
			for key, id := range ids {
				if uuid.Validate(id) == nil {
					ids[key] = uuid.NewString()
				}
			}
		}
		key := newKey()
		if n%9 > 6 {
			key = []string{w.tr.practice, "no id"}[n%9-7]
		}
		answer := w.send(t, c, c.path(t, w.slug, ids), key, one)
		if n == 0 && answer.Status == http.StatusCreated {
			w.keep(c, answer)
		}
	}
}

func (w *edges) send(t *testing.T, c called, path, key string, body any) reply {
	t.Helper()
	w.asked++
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	headers := []string{"Content-Type", "application/json", "If-Match", `"1"`}
	if key != "" {
		headers = append(headers, "Idempotency-Key", key)
	}
	if w.who == nil {
		w.renew(t)
	}
	answer := w.who.of(c).send(t, c.method, path, strings.NewReader(string(raw)), headers...)
	if answer.Status == http.StatusTooManyRequests {
		w.renew(t)
		answer = w.who.of(c).send(t, c.method, path, strings.NewReader(string(raw)), headers...)
	}
	switch {
	case answer.Status >= http.StatusInternalServerError:
		t.Errorf("%s with key %q answers %d to %.600s: %s", c, key, answer.Status, raw, answer.Body)
	case answer.Status == http.StatusTooManyRequests:
		t.Fatalf("%s: the walk is too fast", c)
	case answer.Status < http.StatusBadRequest:
		w.taken++
	}
	return answer
}

// renew has somebody else ask: requests are counted by account.
func (w *edges) renew(t *testing.T) {
	t.Helper()
	w.people++
	const consonants = "bcdfglmnprstvz" // another fiscal code for each
	surname := "V" + string(consonants[w.people/len(consonants)]) + string(consonants[w.people%len(consonants)]) + "ini"
	person := func(slug string, purpose tenants.Purpose) *visitor {
		s := w.tr.st.scope(t, slug, "Prova "+surname, newFake(surname, "Prova", "1984-04-04", "F", "").Code)
		s.Purpose = purpose
		return w.tr.st.signIn(t, s)
	}
	all := w.tr.st.extra(t, w.slug, surname, allRoles()...)
	w.who = &actors{tokens: w.tr.st.token(t, all), newcomer: person(tenants.PlatformSlug, tenants.Newcomer), citizen: person(w.slug, tenants.Citizen)}
}

// keep remembers what an operation made, for those that name it.
func (w *edges) keep(c called, answer reply) {
	var made struct{ ID string }
	if json.Unmarshal([]byte(answer.Body), &made) != nil || made.ID == "" {
		return
	}
	for key := range w.ids {
		if rest, below := strings.CutPrefix(key, c.below()+"/{"); below && !strings.Contains(rest, "/") {
			w.ids[key] = made.ID
		}
	}
}

// fits is a value of a schema, as a caller would write it.
func (w *edges) fits(s *openapi3.Schema, depth int) any {
	switch {
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Type.Is("object"):
		made := map[string]any{}
		for name, property := range s.Properties {
			if depth < 6 && !property.Value.ReadOnly {
				made[name] = w.fits(property.Value, depth+1)
			}
		}
		return made
	case s.Type.Includes("array"):
		if s.Items == nil || depth >= 6 {
			return []any{}
		}
		return []any{w.fits(s.Items.Value, depth+1)}
	case s.Type.Includes("integer"), s.Type.Includes("number"):
		if s.Min != nil {
			return *s.Min
		}
		return 1
	case s.Type.Includes("boolean"):
		return true
	case !s.Type.Includes("string"):
		return nil
	}
	return w.text(s)
}

func (w *edges) text(s *openapi3.Schema) any {
	switch s.Format {
	case "uuid":
		return w.tr.person
	case "date":
		return "2026-03-01"
	case "date-time":
		return "2026-03-01T10:00:00Z"
	case "email":
		return "prova@esempio.it"
	}
	if s.MaxLength != nil && *s.MaxLength == 10 {
		return "2026-03-01"
	}
	return "Prova"
}

// wrong are values past the edges, each with one place changed: none, of another kind, too short, too long, and what text must not hold.
func (w *edges) wrong(whole any, operation *openapi3.Operation) []any {
	all := []any{nil, "Prova", []any{}, map[string]any{}}
	if operation.RequestBody == nil {
		return all[:1]
	}
	for _, change := range []func(any) any{
		func(any) any { return "" }, func(any) any { return "x" }, func(any) any { return " " }, func(any) any { return strings.Repeat("è", 70_000) },
		func(any) any { return "a\x00b" }, func(any) any { return "\u202eavorP" }, func(any) any { return nil }, func(any) any { return -1 }, func(any) any { return 1e300 },
		func(any) any { return []any{} }, func(any) any { return w.tr.practice }, func(any) any { return tenants.PlatformSlug }, func(v any) any { return []any{v, v} },
		func(any) any { return "9999-12-31" }, func(any) any { return map[string]any{"\x00": map[string]any{}} },
	} {
		places := len(leaves(whole))
		for at := range places {
			all = append(all, altered(whole, new(at), change))
		}
	}
	return all
}

// leaves are the places of a value, the whole ones too.
func leaves(value any) []string {
	found := []string{""}
	switch v := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			found = append(found, leaves(v[name])...)
		}
	case []any:
		for n, one := range v {
			for range leaves(one) {
				found = append(found, fmt.Sprint(n))
			}
		}
	}
	return found
}

// altered is a value with another one at a place, counted as leaves does.
func altered(value any, at *int, change func(any) any) any {
	if *at--; *at < 0 {
		if *at == -1 {
			return change(value)
		}
		return value
	}
	switch v := value.(type) {
	case map[string]any:
		other := make(map[string]any, len(v))
		for _, name := range slices.Sorted(maps.Keys(v)) {
			other[name] = altered(v[name], at, change)
		}
		return other
	case []any:
		other := make([]any, len(v))
		for n, one := range v {
			other[n] = altered(one, at, change)
		}
		return other
	}
	return value
}
