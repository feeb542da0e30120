package entry_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"staffetta/internal/problem"
	"staffetta/onboarding/entry"
	"staffetta/onboarding/review"
	"staffetta/tenants"
)

// act is a PDF as far as a program looks; unionCode a valid tax code of a body.
var act = []byte("%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n")

const unionCode = "02345670810"

func union() entry.Declared {
	return entry.Declared{
		Body: entry.OtherBody{Kind: tenants.Union, Name: "Unione dei Comuni delle Isole", TaxCode: unionCode}, IPA: "UCIsole",
		Upload: &entry.Upload{FileName: "Atto costitutivo.pdf", Content: act},
	}
}

func TestABodyThatIsNoMunicipality(t *testing.T) {
	st := newStage(t)
	ctx, s, judge := t.Context(), st.newcomer(t, "Ada Valenza", adaCode), st.reviewer(t, "Maria Errera", marCode)
	e, err := st.service.Create(ctx, s, newID(t))
	failOn(t, err)
	failOn(t, st.service.DescribeBody(ctx, s, e.ID, 0, union()))
	failOn(t, st.service.DescribeBody(ctx, s, e.ID, 0, union())) // the same form again
	again := union()
	again.Upload, again.Body.Name = nil, "Unione delle Isole"
	failOn(t, st.service.DescribeBody(ctx, s, e.ID, 1, again)) // the act stays
	wantKind(t, st.service.DescribeBody(ctx, s, e.ID, 1, union()), problem.Conflict)
	c := contact()
	c.PEC = "protocollo@pec.unioneisole.example"
	failOn(t, st.service.SaveContact(ctx, s, e.ID, 0, c))
	e = st.get(t, s, e.ID)
	if !e.Ready() || e.Name() != "Unione delle Isole" || e.IPA() != "ucisole" || e.Other.Deed.FileName != "Atto costitutivo.pdf" {
		t.Fatalf("the entry is %+v", e)
	}
	wantKind(t, st.service.SendCode(ctx, s, e.ID, e.Mark()), problem.Forbidden) // always looked at
	failOn(t, st.service.AskReview(ctx, s, e.ID, e.Mark()))
	reviews := review.NewService(st.deps)
	f, err := reviews.ReadDeed(ctx, judge, e.ID)
	if err != nil || !bytes.Equal(f.Content, act) || f.MediaType != "application/pdf" {
		t.Errorf("the reviewer reads %v, %v", f, err)
	}
	failOn(t, reviews.Judge(ctx, judge, e.ID, review.Yes, "L'atto c'è"))
	live, err := st.goLive(t, s, e.ID)
	failOn(t, err)
	body, err := st.deps.Bodies.ByID(live.Body)
	if err != nil || body.Kind != tenants.Union || body.Slug != "ucisole" || body.TaxCode != unionCode || body.Name != "Unione delle Isole" || body.State != tenants.Entering || body.Belfiore != "" {
		t.Errorf("the body is %+v, %v", body, err)
	}
	if live, err := entry.NewService(st.deps).Activate(ctx, s, e.ID, e.Mark(), ""); err != nil || live.Body != body.ID {
		t.Errorf("asked again: %d, %v", live.Body, err)
	}
	// whoever comes second under its code is told whom to ask
	other, err := st.service.Create(ctx, s, newID(t))
	failOn(t, err)
	same := union()
	same.IPA = "ucaltra"
	wantField(t, st.service.DescribeBody(ctx, s, other.ID, 0, same), "ipa", "onboarding.other.taken")
	same = union()
	same.Body.TaxCode = "00139550818"
	wantField(t, st.service.DescribeBody(ctx, s, other.ID, 0, same), "ipa", "onboarding.other.taken")
	if got := st.refusals(t); len(got) != 2 || got[0] != "taken" {
		t.Errorf("the audit says %v", got)
	}
}

func TestWhatABodyDeclaresIsChecked(t *testing.T) {
	st := newStage(t)
	ctx, s := t.Context(), st.newcomer(t, "Ada Valenza", adaCode)
	e, err := st.service.Create(ctx, s, newID(t))
	failOn(t, err)
	for name, c := range map[string]struct {
		change     func(*entry.Declared)
		field, key string
	}{
		"a municipality":        {func(d *entry.Declared) { d.Body.Kind = tenants.Municipality }, "kind", "web.field.choice"},
		"the platform":          {func(d *entry.Declared) { d.Body.Kind = tenants.Platform }, "kind", "web.field.choice"},
		"no name":               {func(d *entry.Declared) { d.Body.Name = " " }, "name", "web.field.required"},
		"turned name":           {func(d *entry.Declared) { d.Body.Name = "Unione \u202egnp" }, "name", "web.field.characters"},
		"a person's code":       {func(d *entry.Declared) { d.Body.TaxCode = adaCode }, "tax_code", "onboarding.other.tax_code_wrong"},
		"wrong check":           {func(d *entry.Declared) { d.Body.TaxCode = "02345670815" }, "tax_code", "onboarding.other.tax_code_wrong"},
		"reserved":              {func(d *entry.Declared) { d.IPA = "api" }, "ipa", "onboarding.body.ipa_wrong"},
		"a municipality's code": {func(d *entry.Declared) { d.IPA = "c_g273" }, "ipa", "onboarding.body.ipa_wrong"},
		"no act":                {func(d *entry.Declared) { d.Upload = nil }, "deed", "onboarding.other.deed_missing"},
		"an empty file":         {func(d *entry.Declared) { d.Upload.Content = nil }, "deed", "onboarding.other.deed_type"},
		"a page":                {func(d *entry.Declared) { d.Upload.Content = []byte("<html><script>alert(1)</script>") }, "deed", "onboarding.other.deed_type"},
		"another ending":        {func(d *entry.Declared) { d.Upload.FileName = "atto.exe" }, "deed", "onboarding.other.deed_type"},
		"too large": {func(d *entry.Declared) {
			d.Upload.Content = append(bytes.Clone(act), make([]byte, entry.MaxDeed)...)
		}, "deed", "onboarding.other.deed_large"},
	} {
		t.Run(name, func(t *testing.T) {
			d := union()
			c.change(&d)
			wantField(t, st.service.DescribeBody(ctx, s, e.ID, 0, d), c.field, c.key)
		})
	}
	wantKind(t, st.service.DescribeBody(ctx, st.newcomer(t, "Carla Bonomo", otherOne), e.ID, 0, union()), problem.NotFound)
	wantKind(t, second(st.service.ReadDeed(ctx, s, e.ID)), problem.NotFound)
	odd := union()
	odd.Upload.FileName = `..\..\<b>"atto".pdf`
	failOn(t, st.service.DescribeBody(ctx, s, e.ID, 0, odd))
	if got := st.get(t, s, e.ID).Other.Deed.FileName; got != "_b__atto_.pdf" {
		t.Errorf("the file is called %q", got)
	}
	// a municipality chosen instead forgets what was declared
	failOn(t, st.service.ChooseMunicipality(ctx, s, e.ID, 1, pantelleria))
	if e := st.get(t, s, e.ID); e.Other != (entry.OtherBody{}) || e.Name() != "Comune di Pantelleria" {
		t.Errorf("it is %+v", e.Other)
	}
}

// send posts a form with a file.
func (si *site) send(t *testing.T, path string, form url.Values, name string, content []byte) answer {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for key, values := range form {
		failOn(t, w.WriteField(key, values[0]))
	}
	if name != "" {
		part, err := w.CreateFormFile("deed", name)
		failOn(t, err)
		_, err = part.Write(content)
		failOn(t, err)
	}
	failOn(t, w.Close())
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.AddCookie(si.cookie)
	recorder := httptest.NewRecorder()
	si.pages.ServeHTTP(recorder, r)
	return answer{recorder.Code, recorder.Header().Get("Location"), recorder.Body.String()}
}

func TestAnotherBodyOnThePages(t *testing.T) {
	st := newStage(t)
	s := st.newcomer(t, "Ada Valenza", adaCode)
	e, err := st.service.Create(t.Context(), s, newID(t))
	failOn(t, err)
	si, at := newSite(t, st, s), "/attivazione/"+e.ID.String()
	si.visit(t, at+"/ente", nil).want(t, 200, "Non sei un Comune?", at+"/ente/altro")
	page := si.visit(t, at+"/ente/altro", nil).want(t, 200, "Unione di Comuni", "Atto costitutivo", "multipart/form-data")
	form := page.fill("kind", "union", "name", "Unione delle Isole", "ipa", "ucisole", "tax_code", unionCode)
	si.send(t, at+"/ente/altro", form, "", nil).want(t, 422, "Allega l’atto", `value="Unione delle Isole"`)
	si.send(t, at+"/ente/altro", form, "atto.pdf", []byte("no")).want(t, 422, "non è un PDF")
	si.send(t, at+"/ente/altro", form, "atto.pdf", act).want(t, 303)
	si.visit(t, at+"/ente/altro", nil).want(t, 200, "Atto già mandato", at+"/ente/atto", `value="ucisole"`)
	si.visit(t, at+"/ente", nil).want(t, 200, "Unione delle Isole", unionCode)
	si.visit(t, at, nil).want(t, 200, "Unione delle Isole")
	if got := si.visit(t, at+"/ente/atto", nil).want(t, 200); got.body != string(act) {
		t.Errorf("the act is %q", got.body)
	}
	stranger := newSite(t, st, st.newcomer(t, "Carla Bonomo", otherOne))
	stranger.visit(t, at+"/ente/atto", nil).want(t, 404)
	stranger.visit(t, at+"/ente/altro", nil).want(t, 404)
	stranger.send(t, at+"/ente/altro", form, "atto.pdf", act).want(t, 404)

	// the reviewer's sheet
	c := contact()
	c.PEC = "protocollo@pec.unioneisole.example"
	failOn(t, st.service.SaveContact(t.Context(), s, e.ID, 0, c))
	failOn(t, st.service.AskReview(t.Context(), s, e.ID, st.get(t, s, e.ID).Mark()))
	judge, sheet := newSite(t, st, st.reviewer(t, "Maria Errera", marCode)), "/piattaforma/ingressi/"+e.ID.String()
	judge.visit(t, sheet, nil).want(t, 200, "Unione di Comuni", "Unione delle Isole", unionCode, "Apri l’atto costitutivo (atto.pdf)")
	if got := judge.visit(t, sheet+"/atto", nil).want(t, 200); got.body != string(act) {
		t.Errorf("the reviewer reads %q", got.body)
	}
	if told := st.texts(t, `select actor_name from audit.events where action = 'entry.read_deed'`); len(told) != 1 {
		t.Errorf("the audit says %v", told)
	}
}

func TestAnotherBodyThroughTheAPI(t *testing.T) {
	st := newStage(t)
	si := newSite(t, st, st.newcomer(t, "Ada Valenza", adaCode))
	_, e := si.call(t, "POST", "/entries", "")
	at, _ := e["id"].(string)
	body := func(content string) string {
		return `{"kind":"district","name":"Distretto socio-sanitario D50","ipa":"dss_d50","tax_code":"` + unionCode + `","file_name":"atto.pdf","content":"` + content + `"}`
	}
	for content, want := range map[string]int{"%%": 422, base64.StdEncoding.EncodeToString([]byte("no")): 422} {
		if status, answer := si.call(t, "PUT", "/entries/"+at+"/body", body(content), "If-Match", "0"); status != want {
			t.Errorf("%q answers %d: %v", content, status, answer)
		}
	}
	status, answer := si.call(t, "PUT", "/entries/"+at+"/body", body(base64.StdEncoding.EncodeToString(act)), "If-Match", "0")
	if other, _ := answer["other_body"].(map[string]any); status != 200 || other["kind"] != "district" || other["deed"] != "atto.pdf" {
		t.Errorf("it answers %d: %v", status, answer)
	}
	if strings.Contains(answer["mark"].(string), "D50") {
		t.Error("the mark tells what was written")
	}
}

// wantFile tells whether the disk has a file.
func (st *stage) wantFile(t *testing.T, content []byte, want bool) {
	t.Helper()
	_, err := st.deps.Platform.Files.Get(t.Context(), st.platform.ID, fmt.Sprintf("%x", sha256.Sum256(content)))
	if err != nil && !errors.Is(err, fs.ErrNotExist) || (err == nil) != want {
		t.Errorf("the disk answers %v, which should have %q: %t", err, content[:min(len(content), 20)], want)
	}
}

// An act is on the disk while something names it, and nobody sends more than some in a day.
func TestActsThatNothingNamesAreDropped(t *testing.T) {
	st := newStage(t)
	ctx, s, other := t.Context(), st.newcomer(t, "Ada Valenza", adaCode), st.newcomer(t, "Carla Bonomo", otherOne)
	e, err := st.service.Create(ctx, s, newID(t))
	failOn(t, err)
	same, err := st.service.Create(ctx, other, newID(t))
	failOn(t, err)
	numbered := func(n int) (entry.Declared, []byte) {
		d, content := union(), append(bytes.Clone(act), byte('a'+n))
		d.Upload.Content = content
		return d, content
	}
	late, lateContent := numbered(25)
	wantKind(t, st.service.DescribeBody(ctx, s, e.ID, 7, late), problem.Conflict)
	st.wantFile(t, lateContent, false) // what is refused leaves no file
	failOn(t, st.service.DescribeBody(ctx, s, e.ID, 0, union()))
	failOn(t, st.service.DescribeBody(ctx, other, same.ID, 0, union()))
	var former []byte
	for n := range 19 {
		d, content := numbered(n)
		failOn(t, st.service.DescribeBody(ctx, s, e.ID, n+1, d))
		st.wantFile(t, content, true)
		if former != nil {
			st.wantFile(t, former, false)
		}
		former = content
	}
	st.wantFile(t, act, true) // somebody else's entry names it
	wantKind(t, st.service.DescribeBody(ctx, s, e.ID, 20, late), problem.TooMany)
	st.wantFile(t, lateContent, false)
	st.wantFile(t, former, true)
	failOn(t, st.service.ChooseMunicipality(ctx, other, same.ID, 1, pantelleria))
	st.wantFile(t, act, false)
}
