package casefile_test

import (
	"errors"
	"io/fs"
	"net/http"
	"testing"

	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/modules/casefile/document"
)

func upload(t *testing.T, content string) document.Upload {
	t.Helper()
	return document.Upload{ID: newID(t), Title: "Verbale", FileName: "verbale.txt", Content: []byte(content), Sniffed: http.DetectContentType([]byte(content))}
}

func filed(_ document.Document, err error) error { return err }

func TestDocuments(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	u := upload(t, "Verbale della riunione")
	var d document.Document
	caused := st.events(t, func() {
		var err error
		d, err = st.cases.AddDocument(ctx, st.worker, st.ref, u)
		must(t, err)
	})
	want(t, "events", map[string]int{"case.read": 1, "document.create": 1}, caused)
	caused = st.events(t, func() {
		again, err := st.cases.AddDocument(ctx, st.worker, st.ref, u)
		must(t, err)
		want(t, "the second submit", d, again)
	})
	want(t, "events of the second submit", map[string]int{"case.read": 1}, caused)

	caused = st.events(t, func() {
		_, content, err := st.cases.ReadDocument(ctx, st.worker, st.ref, d.ID)
		must(t, err)
		want(t, "content", "Verbale della riunione", string(content))
	})
	want(t, "events of a download", map[string]int{"case.read": 1, "document.read": 1}, caused)

	for name, wrong := range map[string]document.Upload{
		"a picture": {FileName: "verbale.txt", Content: []byte("\x89PNG\r\n\x1a\n")}, "nothing": {FileName: "verbale.txt"},
	} {
		wrong.ID, wrong.Sniffed = newID(t), http.DetectContentType(wrong.Content)
		if err := filed(st.cases.AddDocument(ctx, st.worker, st.ref, wrong)); !problem.Is(err, problem.Invalid) {
			t.Errorf("%s as a text: %v", name, err)
		}
	}
	nowhere := upload(t, "x")
	nowhere.Section = "altrove"
	wantField(t, filed(st.cases.AddDocument(ctx, st.worker, st.ref, nowhere)), "sezione")
	want(t, "documents", 1, ask[int](t, st, `select count(*) from casefile.documents`))
}

func TestDocumentsOfOthers(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	u := upload(t, "Riservato")
	d, err := st.cases.AddDocument(ctx, st.worker, st.ref, u)
	must(t, err)
	read := func(err error) error { return err }
	_, _, err = st.cases.ReadDocument(ctx, st.as(t, "social_worker"), st.ref, d.ID)
	if !errors.Is(err, casefile.ErrReason) {
		t.Errorf("a colleague gets %v", err)
	}
	elsewhere := st.open(t, st.worker, st.rosa).ID.String()
	_, _, err = st.cases.ReadDocument(ctx, st.worker, elsewhere, d.ID)
	wantKind(t, read(err), problem.NotFound)
	wantKind(t, filed(st.cases.AddDocument(ctx, st.worker, elsewhere, u)), problem.NotFound) // the id is another case's
	body, guest := st.other(t, "mazara", "coordinator")
	for _, ref := range []string{st.ref, "pantelleria~" + st.ref} {
		_, _, err = st.cases.ReadDocument(ctx, guest, ref, d.ID)
		wantKind(t, err, problem.NotFound)
	}
	if _, err := st.deps.Platform.Files.Get(ctx, body.ID, d.Sum); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the content is on the other body's side: %v", err)
	}
	st.share(t, body, "identity")
	_, _, err = st.cases.ReadDocument(ctx, guest, "pantelleria~"+st.ref, d.ID)
	wantKind(t, err, problem.NotFound)
	st.share(t, body, "documents")
	_, content, err := st.cases.ReadDocument(ctx, guest, "pantelleria~"+st.ref, d.ID)
	must(t, err)
	want(t, "the guest reads", "Riservato", string(content))
	wantKind(t, filed(st.cases.AddDocument(ctx, guest, "pantelleria~"+st.ref, upload(t, "x"))), problem.Forbidden)
	want(t, "reads in the guest's own chain", 1, ask[int](t, st, `select count(*) from audit.events where tenant_id = $1 and action = 'document.read'`, body.ID))
}

func TestDocumentsBySection(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	educator := st.as(t, "educator")
	st.onTeam(t, educator)
	health := upload(t, "Referto")
	health.Section = "health"
	d, err := st.cases.AddDocument(ctx, st.worker, st.ref, health)
	must(t, err)
	must(t, filed(st.cases.AddDocument(ctx, st.worker, st.ref, upload(t, "Verbale"))))
	a, err := st.cases.OpenDocuments(ctx, educator, st.ref)
	must(t, err)
	found, err := st.cases.FindDocuments(ctx, a)
	must(t, err)
	if len(found) != 1 || found[0].Section != "documents" {
		t.Errorf("the educator sees %v", found)
	}
	_, _, err = st.cases.ReadDocument(ctx, educator, st.ref, d.ID)
	wantKind(t, err, problem.NotFound)
	health.ID = newID(t)
	wantKind(t, filed(st.cases.AddDocument(ctx, educator, st.ref, health)), problem.NotFound)
	want(t, "sections in the audit", []string{"documents", "school"},
		ask[[]string](t, st, `select sections from audit.events where action = 'case.read' and account_id = $1 order by at limit 1`, educator.Account))
}

func TestLostFile(t *testing.T) {
	st := newStage(t)
	d, err := st.cases.AddDocument(t.Context(), st.worker, st.ref, upload(t, "Verbale"))
	must(t, err)
	st.exec(t, `update casefile.documents set sha256 = repeat('0', 64)`)
	_, _, err = st.cases.ReadDocument(t.Context(), st.worker, st.ref, d.ID)
	wantKind(t, err, problem.Unavailable)
}
