package practice_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"staffetta/modules/practice/form"
)

// many is more than two pages of a long list.
const many = 2*form.PageSize + 3

// fill gives the giver many practices and adoptions, some of which began at the same instant.
func (st *stage) fill(t *testing.T) {
	t.Helper()
	p := st.install(t, question("QU-01", "A chi?"))
	st.publish(t, p, "1.0.0")
	for sql, args := range map[string][]any{
		`insert into practice.practices (tenant_id, id, key, title_it, owner, licence, sheet)
			select $1, gen_random_uuid(), 'P-' || lpad(n::text, 4, '0'), 'Pratica ' || n, 'Comune', 'CC-BY-4.0', (select sheet from practice.practices where id = $2)
			from generate_series(1, $3 - 1) n`: {st.giver.ID, p.ID, many},
		`with made as (
			insert into practice.adoptions (id, practice_id, kit_id, release, created_at)
				select gen_random_uuid(), $2, (select id from commons.kits where practice_id = $2), '1.0.0', now() - make_interval(hours => n / 7) from generate_series(1, $3) n
				returning id)
			insert into practice.adoptions_parties (adoption_id, tenant_id, side) select id, $1, 'ceding' from made`: {st.giver.ID, p.ID, many},
	} {
		_, err := st.Owner.Exec(t.Context(), sql, args...)
		fatal(t, err)
	}
}

var nextPage = regexp.MustCompile(`href="[^"]*\?(dopo=[^"]+)"`)

// pages follows the link to the next page until there is none, and returns what each page names.
func (v visitor) pages(t *testing.T, path string, row *regexp.Regexp) (rows []string) {
	t.Helper()
	for at := path; ; {
		page := v.visit(t, at, nil).want(t, 200)
		for _, found := range row.FindAllStringSubmatch(page.main(), -1) {
			rows = append(rows, found[1])
		}
		next := nextPage.FindStringSubmatch(page.main())
		if next == nil || len(rows) > many {
			return rows
		}
		at = path + "?" + strings.ReplaceAll(next[1], "&amp;", "&")
	}
}

// list follows the cursor of the API in the same way.
func (c apiCaller) list(t *testing.T, path string) (ids []string) {
	t.Helper()
	for cursor := ""; ; {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, c.prefix+path+"?"+url.Values{"cursor": {cursor}}.Encode(), nil)
		r.AddCookie(c.cookie)
		w := httptest.NewRecorder()
		c.host.ServeHTTP(w, r)
		var page struct {
			Items []struct{ ID string }
			Next  string
		}
		fatal(t, json.Unmarshal(w.Body.Bytes(), &page))
		if len(page.Items) > form.PageSize || w.Code != http.StatusOK {
			t.Fatalf("%s: %d, %d at once", path, w.Code, len(page.Items))
		}
		for _, one := range page.Items {
			ids = append(ids, one.ID)
		}
		if cursor = page.Next; cursor == "" || len(ids) > many {
			return ids
		}
	}
}

// Every row of a long list is on one page, and on one alone; what is no cursor begins with the first page.
func TestLongListsAreReadToTheirEnd(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.fill(t)
	si := newSite(t, st)
	giver, api := si.as(t, st.giving), si.api(t, st.giving)
	whole := func(what string, rows []string) {
		t.Helper()
		slices.Sort(rows)
		if once := len(slices.Compact(slices.Clone(rows))); once != many || len(rows) != many {
			t.Errorf("%s: %d rows, %d of them different, want %d", what, len(rows), once, many)
		}
	}
	for path, of := range map[string]string{"/adozioni": "/adoptions", "/pratiche": "/practices"} {
		whole(path, giver.pages(t, path, regexp.MustCompile(`href="[^"]*`+path+`/([0-9a-f-]{36})"`)))
		whole(of, api.list(t, of))
		for _, none := range []string{"x", "%00", "%FF", "YQ"} {
			giver.visit(t, fmt.Sprintf("%s?dopo=%s", path, none), nil)
		}
	}
}
