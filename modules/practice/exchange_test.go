package practice_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2/humatest"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice"
	"staffetta/modules/practice/archive"
	"staffetta/modules/practice/exchange"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/upgrade"
	"staffetta/tenants"
)

// installer is the scope of an operator of the platform.
func (st *stage) installer(t *testing.T) tenants.Scope {
	t.Helper()
	platform, _, err := st.deps.Bodies.BySlug(tenants.PlatformSlug)
	fatal(t, err)
	return st.Operator(t, platform, "platform_operator")
}

func (st *stage) export(t *testing.T, p release.Practice, number string) exchange.File {
	t.Helper()
	file, err := exchange.NewService(st.deps).Export(t.Context(), st.third, p.ID, number)
	fatal(t, err)
	return file
}

// take installs a file, with the fingerprint of its own key.
func (st *stage) take(t *testing.T, file exchange.File) (exchange.Installed, error) {
	t.Helper()
	return st.takeAs(t, st.installer(t), file.Content, archive.Fingerprint(file.Kit.Manifest.Provenance.Key))
}

func (st *stage) takeAs(t *testing.T, s tenants.Scope, content []byte, fingerprint string) (exchange.Installed, error) {
	t.Helper()
	return exchange.NewService(st.deps).Install(context.WithoutCancel(t.Context()), s, bytes.NewReader(content), int64(len(content)), exchange.Trust{Fingerprint: fingerprint})
}

// elsewhere is another installation, in which the body that gives is not.
func elsewhere(t *testing.T) *stage {
	t.Helper()
	st := newStage(t)
	_, err := st.Owner.Exec(t.Context(), `update platform.tenants set name = 'Comune di ' || slug || ' (altrove)'`)
	fatal(t, err)
	return st
}

func wantMessage(t testing.TB, err error, kind problem.Kind, key string) {
	t.Helper()
	if e := problem.Of(err); err == nil || e.Kind != kind || e.Message.Key != key {
		t.Fatalf("got %v, want %v %s", err, kind, key)
	}
}

// A kit is published in one installation, goes to another as a file, and is adopted there.
func TestAKitGoesToAnotherInstallation(t *testing.T) {
	t.Parallel()
	here, there := newStage(t), elsewhere(t)
	cid, err := release.CID()
	fatal(t, err)
	p, err := release.InstallSource(t.Context(), here.deps, here.giving, cid)
	fatal(t, err)
	here.publish(t, p, "1.0.0")
	file := here.export(t, p, "1.0.0")
	if again := here.export(t, p, "1.0.0"); !bytes.Equal(file.Content, again.Content) {
		t.Error("two exports of a release differ")
	}
	if file.Kit.Manifest.Provenance.Body.Name != here.giver.Name || len(file.Kit.Items) != len(cid.Items) || strings.Contains(string(file.Content), "Rosalia Genna") {
		t.Errorf("the file is of %+v with %d items", file.Kit.Manifest.Provenance.Body, len(file.Kit.Items))
	}
	offer, err := here.catalogue.GetPublished(t.Context(), here.third, p.ID)
	fatal(t, err)

	done, err := there.take(t, file)
	fatal(t, err)
	if done.Known || done.Kit.Manifest.Hash != offer.Newest.Hash {
		t.Errorf("installed %+v", done.Kit.Manifest)
	}
	if n := there.count(t, `select count(*) from audit.events where action = 'kit.install'`); n != 1 {
		t.Errorf("%d audit events", n)
	}
	got, err := there.catalogue.Contents(t.Context(), there.taking, p.ID, uuid.Nil)
	fatal(t, err)
	if got.Hash != offer.Newest.Hash || got.Body != here.giver.Name || got.Ceding != 0 || !bytes.Equal(got.Signer, offer.Newest.Signer) {
		t.Errorf("the catalogue there shows %+v", got.Offer)
	}
	if back := there.export(t, p, "1.0.0"); !bytes.Equal(back.Content, file.Content) {
		t.Error("the file that the other installation hands out differs")
	}
	again, err := there.take(t, file)
	fatal(t, err)
	if !again.Known {
		t.Error("the same file was installed twice")
	}

	a := there.start(t, p)
	run, err := there.upgrades.Apply(t.Context(), there.taking, a.ID, upgrade.Choice{Seen: there.plan(t, a).Digest(), Acknowledged: true})
	fatal(t, err)
	if run.Counts[upgrade.New] != len(cid.Items) || a.CedingBody != here.giver.Name || a.Ceding != 0 {
		t.Errorf("adopted %+v of %+v", run, a)
	}
	for _, source := range file.Kit.Items {
		item, err := there.items.Get(t.Context(), there.taking, source.Kind, source.Key)
		fatal(t, err)
		if item.SHA256 != archive.Digest(source.Content) {
			t.Errorf("%s came as %s", source.Key, item.SHA256)
		}
	}
	taker := newSite(t, there).as(t, there.taking)
	taker.visit(t, "/adozioni/"+a.ID.String(), nil).want(t, 200, here.giver.Name)
	taker.visit(t, "/adozioni", nil).want(t, 200, here.giver.Name)
}

func TestAFurtherReleaseComesWithTheSameKeyAlone(t *testing.T) {
	t.Parallel()
	here, there := newStage(t), elsewhere(t)
	p := here.install(t, question("QU-01", "Uno"))
	here.publish(t, p, "1.0.0")
	first := here.export(t, p, "1.0.0")
	here.edit(t, here.giving, question("QU-01", "Due"))
	here.publish(t, p, "1.1.0")
	second := here.export(t, p, "1.1.0")
	_, err := there.take(t, first)
	fatal(t, err)
	_, err = there.takeAs(t, there.installer(t), second.Content, "")
	fatal(t, err)

	thief := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize))
	forge := func(change func(*archive.Manifest)) exchange.File {
		m := second.Kit.Manifest
		m.Release.ID, m.Release.Number = uuid.Must(uuid.NewV7()), "9.0.0"
		m.Provenance.Key = thief.Public().(ed25519.PublicKey)
		change(&m)
		k, err := archive.New(m, second.Kit.Items)
		fatal(t, err)
		k.Sign(thief)
		var out bytes.Buffer
		fatal(t, k.Write(&out))
		return exchange.File{Content: out.Bytes(), Kit: k}
	}
	before := there.commons(t)
	_, err = there.take(t, forge(func(*archive.Manifest) {}))
	wantMessage(t, err, problem.Conflict, "practice.file.other_key")
	_, err = there.take(t, forge(func(m *archive.Manifest) { m.Provenance.Body.Name = there.name(t, there.other.ID) }))
	wantMessage(t, err, problem.Conflict, "practice.file.other_key")
	_, err = there.take(t, forge(func(m *archive.Manifest) { m.Provenance.Body.Name = "Comune di altri" }))
	wantMessage(t, err, problem.Conflict, "practice.file.other_owner")
	_, err = there.takeAs(t, there.installer(t), forge(func(m *archive.Manifest) { m.Provenance.Body.Name = "Comune di altri" }).Content, "")
	wantMessage(t, err, problem.Invalid, "practice.file.unknown_key")
	_, err = there.takeAs(t, there.installer(t), forge(func(m *archive.Manifest) { m.Provenance.Body.Name = "Comune di altri" }).Content, "abcd")
	wantMessage(t, err, problem.Invalid, "practice.file.other_fingerprint")
	if there.commons(t) != before {
		t.Error("a refused file changed something")
	}
}

// A body that is here and signs with another key in the file; and one that never published here.
func TestABodyThatIsHereKeepsItsKey(t *testing.T) {
	t.Parallel()
	here, there := newStage(t), newStage(t) // in both there is a Comune di marsala, each with its own key
	p := here.install(t, question("QU-01", "Uno"))
	here.publish(t, p, "1.0.0")
	file := here.export(t, p, "1.0.0")
	_, err := there.take(t, file)
	wantMessage(t, err, problem.Conflict, "practice.file.other_key")
	there.publish(t, there.install(t, question("QU-01", "Uno")), "1.0.0")
	_, err = there.take(t, file)
	wantMessage(t, err, problem.Conflict, "practice.file.other_key")
	known, err := here.take(t, file)
	fatal(t, err)
	if !known.Known {
		t.Error("the body's own file was installed beside what it published")
	}
}

func TestOnlyThePlatformInstalls(t *testing.T) {
	t.Parallel()
	here, there := newStage(t), elsewhere(t)
	p := here.install(t, question("QU-01", "Uno"))
	here.publish(t, p, "1.0.0")
	file := here.export(t, p, "1.0.0")
	before := there.commons(t)
	if _, err := there.takeAs(t, there.taking, file.Content, archive.Fingerprint(file.Kit.Manifest.Provenance.Key)); err == nil {
		t.Error("a body installed a kit for all")
	}
	for _, sql := range []string{
		`insert into commons.signers (public, body) values (decode(repeat('00', 32), 'hex'), 'x')`, `update commons.kits set signature = ''`,
		`update practice.signing_keys set sealed = ''`,
	} {
		if err := here.DB.InTx(t.Context(), here.giving, func(tx tenants.Tx) error { _, err := tx.Exec(t.Context(), sql); return err }); err == nil {
			t.Errorf("%s went through", sql)
		}
	}
	// The key of another body signs nothing.
	err := here.DB.InTx(t.Context(), here.taking, func(tx tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `select practice.sign_kit($1, $2, $3, $4)`, file.Kit.Manifest.Release.ID, string(file.Kit.Statement), []byte("x"), file.Kit.Manifest.Provenance.Key)
		return err
	})
	if err == nil {
		t.Error("a body signed with the key of another")
	}
	if there.commons(t) != before {
		t.Error("a refused file changed something")
	}
}

// What was published before kits were signed is signed by its own body, and by no other.
func TestEarlierKitsAreSignedByTheirBody(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Uno"))
	st.publish(t, p, "1.0.0")
	_, err := st.Owner.Exec(t.Context(), `update commons.kits set manifest = null, signature = null, signer = null`)
	fatal(t, err)
	files := exchange.NewService(st.deps)
	_, err = files.Export(t.Context(), st.third, p.ID, "1.0.0")
	wantMessage(t, err, problem.Conflict, "practice.file.not_signed_yet")
	file, err := files.Export(t.Context(), st.giving, p.ID, "1.0.0")
	fatal(t, err)
	if _, err := exchange.Verify(t.Context(), st.deps.Platform.Kinds, bytes.NewReader(file.Content), int64(len(file.Content))); err != nil {
		t.Error(err)
	}
	if again := st.export(t, p, "1.0.0"); !bytes.Equal(again.Content, file.Content) {
		t.Error("the file differs afterwards")
	}
	_, err = files.Export(t.Context(), st.giving, p.ID, "7.0.0")
	wantKind(t, err, problem.NotFound)
}

func TestItemsThatContainEachOtherAreNotPublished(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	report := st.compose(t, st.install(t, act("AA-01", "AA-02"), act("AA-02", "AA-01")), "1.0.0")
	_, err := st.releases.Publish(t.Context(), st.giving, report.Kit.ID)
	wantMessage(t, err, problem.Invalid, "practice.error.not_clear")
	if fields := problem.Of(err).Fields; len(fields) != 1 || fields[0].Message.Key != "practice.file.cycle" {
		t.Errorf("places: %+v", fields)
	}
}

// act is the template of an act that has another one attached.
func act(key, attached string) kit.Source {
	return source(kit.KindAct, key, map[string]any{
		"type": "agreement", "adopter": kit.Text{IT: "Giunta"}, "purpose": kit.Text{IT: "Scopo"}, "laws": []string{"L. 328/2000"},
		"fields": []any{map[string]any{"key": "data", "label": kit.Text{IT: "Data"}, "type": "date"}},
		"parts": []any{
			map[string]any{"key": "testo", "heading": kit.Text{IT: "Testo"}, "text": kit.Text{IT: "Il giorno {{data}}"}},
			map[string]any{"key": "fine", "heading": kit.Text{IT: "Fine"}, "text": kit.Text{IT: "Testo"}},
		},
		"attached": []string{attached}, "publish": map[string]any{"register": true},
	})
}

// upload posts a file to a page.
func (v visitor) upload(t *testing.T, path string, content []byte, fields ...string) answer {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		fatal(t, w.WriteField(fields[i], fields[i+1]))
	}
	if content != nil {
		part, err := w.CreateFormFile("file", "prova.kit")
		fatal(t, err)
		_, err = part.Write(content)
		fatal(t, err)
	}
	fatal(t, w.Close())
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	if v.cookie != nil {
		r.AddCookie(v.cookie)
	}
	out := httptest.NewRecorder()
	v.Host.ServeHTTP(out, r)
	return answer{out.Code, out.Header().Get("Location"), out.Body.String()}
}

// A kit is taken from the public page of one installation and installed on the page of another; what stands in its texts
// is shown and does nothing.
func TestKitFilesOnPages(t *testing.T) {
	t.Parallel()
	here, there := newStage(t), elsewhere(t)
	nasty := question("QU-01", `<script>alert(1)</script> =HYPERLINK("http://x.example","y")`)
	nasty.Title.IT = `<img src=x onerror=alert(1)> =1+1`
	p := here.install(t, nasty)
	here.publish(t, p, "1.0.0")
	anybody := visitor{site: newSite(t, here)}
	path := "/buone-pratiche/" + p.ID.String()
	file := here.export(t, p, "1.0.0")
	fingerprint := archive.Fingerprint(file.Kit.Manifest.Provenance.Key)
	anybody.visit(t, path, nil).want(t, 200, "Scarica il kit", path+"/kit/1.0.0", fingerprint)
	if got := anybody.visit(t, path+"/kit/1.0.0", nil).want(t, 200); got.body != string(file.Content) {
		t.Error("the page hands out another file")
	}
	anybody.visit(t, path+"/kit/2.0.0", nil).want(t, 404)

	si := newSite(t, there)
	operator := visitor{site: si, cookie: si.SignIn(t, there.installer(t))}
	const at = "/piattaforma/kit"
	operator.visit(t, at, nil).want(t, 200, "Installa un kit da file")
	operator.upload(t, at, nil).want(t, 422, `aria-invalid="true"`)
	operator.upload(t, at, []byte("no kit at all, but long enough")).want(t, 422, "danneggiato")
	operator.upload(t, at, file.Content).want(t, 422, "non è ancora conosciuta")
	operator.upload(t, at, file.Content, "impronta", "0000").want(t, 422, "L&#39;impronta che hai scritto non è quella")
	if done := operator.upload(t, at, file.Content, "impronta", fingerprint).want(t, 303); done.to != path {
		t.Errorf("led to %q", done.to)
	}
	shown := visitor{site: si}.visit(t, path, nil).want(t, 200, here.giver.Name, "&lt;img src=x", "=1&#43;1")
	if strings.Contains(shown.body, "<img src=x") || strings.Contains(shown.body, "<script>alert") {
		t.Error("the page runs what a kit says")
	}
	visitor{site: si, cookie: si.SignIn(t, there.taking)}.upload(t, at, file.Content, "impronta", fingerprint).want(t, 303) // to the login of the platform
	nobody := visitor{site: si, cookie: si.SignIn(t, there.Operator(t, tenants.Tenant{ID: there.installer(t).Tenant, Slug: tenants.PlatformSlug}, "platform_reviewer"))}
	if got := nobody.upload(t, at, file.Content, "impronta", fingerprint); got.status == http.StatusOK || got.status == http.StatusSeeOther && got.to == path {
		t.Errorf("who may not install got %d %s", got.status, got.to)
	}
}

func TestTheAPIHandsOutTheFile(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Uno"))
	st.publish(t, p, "1.0.0")
	parts, err := practice.Module().New(st.deps)
	fatal(t, err)
	_, api := humatest.New(t)
	for _, o := range parts.Operations {
		o.Register(api)
	}
	response := api.DoCtx(tenants.WithScope(t.Context(), st.third), http.MethodGet, "/offers/"+p.ID.String()+"/kits/1.0.0/file")
	if response.Code != 200 || response.Header().Get("Content-Type") != exchange.MediaType || !bytes.Equal(response.Body.Bytes(), st.export(t, p, "1.0.0").Content) {
		t.Errorf("got %d %v with %d bytes", response.Code, response.Header(), response.Body.Len())
	}
}

// commons writes everything that installations share, to compare before and after.
func (st *stage) commons(t *testing.T) string {
	t.Helper()
	var all string
	fatal(t, st.Owner.QueryRow(t.Context(), `select json_build_object(
		'practices', (select json_agg(p order by p.id) from commons.practices p), 'kits', (select json_agg(k order by k.id) from commons.kits k),
		'items', (select json_agg(i order by i.kit_id, i.kind, i.key) from commons.kit_items i),
		'signers', (select json_agg(s order by s.public) from commons.signers s))::text`).Scan(&all))
	if !json.Valid([]byte(all)) {
		t.Fatal("commons is no JSON")
	}
	return all
}

// name is what a body is called in an installation.
func (st *stage) name(t *testing.T, body int32) (name string) {
	t.Helper()
	fatal(t, st.Owner.QueryRow(t.Context(), `select t.name from platform.tenants t where t.id = $1`, body).Scan(&name))
	return name
}
