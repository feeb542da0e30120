package archive_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"strings"
	"testing"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice/archive"
)

// put is an entry of a file that somebody made by hand.
type put struct {
	name    string
	content []byte
	mode    fs.FileMode
	deflate bool
	size    uint64 // declared; 0 for the true one
	sum     bool   // a wrong checksum
	flags   uint16
	extra   []byte
	comment string
}

// zipped makes a file of entries, whatever they are.
func zipped(t testing.TB, entries ...put) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, e := range entries {
		//nolint:staticcheck // as the program writes it
		h := &zip.FileHeader{Name: e.name, Method: zip.Store, ReaderVersion: 20, ModifiedDate: 33, Flags: e.flags, Extra: e.extra, Comment: e.comment}
		if e.mode != 0 {
			h.SetMode(e.mode)
		}
		stored := e.content
		if e.deflate {
			var packed bytes.Buffer
			f, err := flate.NewWriter(&packed, 9)
			must(t, err)
			_, err = f.Write(e.content)
			must(t, err)
			must(t, f.Close())
			h.Method, stored = zip.Deflate, packed.Bytes()
		}
		h.CRC32, h.CompressedSize64, h.UncompressedSize64 = crc32.ChecksumIEEE(e.content), uint64(len(stored)), uint64(len(e.content))
		if e.size > 0 {
			h.UncompressedSize64 = e.size
		}
		if e.sum {
			h.CRC32++
		}
		part, err := w.CreateRaw(h)
		must(t, err)
		_, err = part.Write(stored)
		must(t, err)
	}
	must(t, w.Close())
	return out.Bytes()
}

// entries are those of a good file, to be spoiled.
func entries(t testing.TB, k archive.Kit) []put {
	t.Helper()
	file := written(t, k)
	r, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	must(t, err)
	var list []put
	for _, f := range r.File {
		open, err := f.Open()
		must(t, err)
		content, err := io.ReadAll(open)
		must(t, err)
		list = append(list, put{name: f.Name, content: content})
	}
	return list
}

// stated is a file whose manifest somebody wrote by hand and signed.
func stated(t testing.TB, manifest string, others ...put) []byte {
	t.Helper()
	statement, err := kit.Canonical([]byte(manifest))
	must(t, err)
	k := archive.Kit{Statement: statement}
	k.Sign(private)
	raw, err := json.Marshal(map[string]any{"manifest": json.RawMessage(statement), "signature": k.Signature})
	must(t, err)
	raw, err = kit.Canonical(raw)
	must(t, err)
	return zipped(t, append(others, put{name: "kit.json", content: raw})...)
}

// edited is a signed file in whose manifest a text is replaced.
func edited(t testing.TB, old, new string) []byte {
	t.Helper()
	k := signed(t, question("QU-01", "Uno"))
	text := strings.Replace(string(k.Statement), old, new, 1)
	if text == string(k.Statement) {
		t.Fatalf("the manifest has no %s: %s", old, text)
	}
	return stated(t, text, entries(t, k)[0])
}

// smuggled is a signed file with one item, whose content is whatever somebody wrote.
func smuggled(t testing.TB, content string) []byte {
	t.Helper()
	m := signed(t, question("QU-01", "Uno")).Manifest
	m.Items[0].SHA256 = archive.Digest([]byte(content))
	m.Hash = archive.Hash(m.Release.Number, m.Sheet, m.Items)
	statement, err := json.Marshal(m)
	must(t, err)
	return stated(t, string(statement), put{name: m.Items[0].Path, content: []byte(content)})
}

// overlaid is a file of two items in which the directory leads to the bytes of the first one twice, as bombs do.
func overlaid(t testing.TB) []byte {
	t.Helper()
	file := written(t, signed(t, question("QU-01", "Uno"), question("QU-02", "Uno")))
	first := bytes.Index(file, []byte("PK\x01\x02"))
	second := first + 4 + bytes.Index(file[first+4:], []byte("PK\x01\x02"))
	copy(file[second+42:second+46], []byte{0, 0, 0, 0}) // where the entry begins
	return file
}

// TestKeysOfSmallOrderAreRefused tries the eight points whose signatures anybody can make (RFC 8032, 5.1.7), each with a
// kit for which a signature of nothing holds.
func TestKeysOfSmallOrderAreRefused(t *testing.T) {
	t.Parallel()
	for _, point := range []string{
		"0100000000000000000000000000000000000000000000000000000000000000", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"0000000000000000000000000000000000000000000000000000000000000000", "0000000000000000000000000000000000000000000000000000000000000080",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
	} {
		key, err := hex.DecodeString(point)
		must(t, err)
		m := manifest()
		m.Provenance.Key = key
		for n := 0; ; n++ {
			k, err := archive.New(m, []kit.Source{question("QU-01", fmt.Sprint("Risposta ", n))})
			must(t, err)
			k.Signature = append([]byte{1}, make([]byte, 63)...)
			if ed25519.Verify(key, append([]byte("staffetta kit signature 1\n"), k.Statement...), k.Signature) {
				wantRefusal(t, written(t, k), "practice.file.signature")
				break
			}
			if n == 200 {
				t.Fatalf("no kit is signed by %s: the test shows nothing", point)
			}
		}
	}
}

// item makes an item of a kind with a content as it is.
func item(kind, key, content string) kit.Source {
	return kit.Source{Kind: kind, Key: key, Title: kit.Text{IT: "Voce " + key}, Owner: "Comune", Licence: "CC-BY-4.0", Content: json.RawMessage(content)}
}

// role makes a role that is called so.
func role(key, title string) kit.Source {
	one := item(kit.KindRole, key, `{"description":{"it":"Chi accoglie"}}`)
	one.Title.IT = title
	return one
}

// act makes an act with annexes.
func act(t testing.TB, key string, attached ...string) kit.Source {
	t.Helper()
	content, err := json.Marshal(map[string]any{
		"type": "agreement", "adopter": map[string]string{"it": "Giunta"}, "purpose": map[string]string{"it": "Scopo"}, "laws": []string{"L. 328/2000"},
		"fields": []any{map[string]any{"key": "data", "label": map[string]string{"it": "Data"}, "type": "date"}},
		"parts": []any{
			map[string]any{"key": "testo", "heading": map[string]string{"it": "Testo"}, "text": map[string]string{"it": "Il giorno {{data}}"}},
			map[string]any{"key": "fine", "heading": map[string]string{"it": "Fine"}, "text": map[string]string{"it": "Testo"}},
		},
		"publish": map[string]any{"register": true}, "attached": attached,
	})
	must(t, err)
	return item(kit.KindAct, key, string(content))
}

// expressions makes a form of which every item but the first hides behind a condition.
func expressions(t testing.TB, n int, condition string) kit.Source {
	t.Helper()
	items := []any{map[string]any{"key": "first", "label": map[string]string{"it": "Domanda"}, "type": "text"}}
	for i := range n {
		items = append(items, map[string]any{
			"key": fmt.Sprintf("q%d", i), "label": map[string]string{"it": "Domanda"}, "type": "text", "visible": strings.ReplaceAll(condition, "N", fmt.Sprint(i)),
		})
	}
	content, err := json.Marshal(map[string]any{
		"sections": []any{map[string]any{"key": "s", "label": map[string]string{"it": "Sezione"}, "items": items}},
	})
	must(t, err)
	return item(kit.KindForm, "FO-01", string(content))
}

// hostile is a file and why it is refused.
type hostile struct {
	file []byte
	key  string
}

func wantRefusals(t *testing.T, files map[string]hostile) {
	t.Helper()
	for name, test := range files {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantRefusal(t, test.file, test.key)
		})
	}
}

func TestHostileContainersAreRefused(t *testing.T) {
	t.Parallel()
	wantRefusals(t, containers(t))
}

// containers are files that are hostile as zips.
func containers(t testing.TB) map[string]hostile {
	t.Helper()
	good := signed(t, question("QU-01", "Uno"), question("QU-02", "Due"))
	parts := entries(t, good)
	first, second, last := parts[0], parts[1], parts[2]
	with := func(more ...put) []byte { return zipped(t, append([]put{first, second}, append(more, last)...)...) }
	big := bytes.Repeat([]byte("a"), int(archive.Usual.Item)+1)
	return map[string]hostile{
		"no zip":               {[]byte(strings.Repeat("no zip at all ", 100)), "practice.file.damaged"},
		"traversal":            {with(put{name: "items/../../etc/passwd"}), "practice.file.traversal"},
		"traversal of an item": {with(put{name: "items/question/../QU-03.json"}), "practice.file.traversal"},
		"absolute":             {with(put{name: "/etc/passwd"}), "practice.file.absolute"},
		"drive":                {with(put{name: "C:/windows"}), "practice.file.absolute"},
		"backslash":            {with(put{name: `..\..\windows`}), "practice.file.absolute"},
		"symlink":              {with(put{name: "items/question/QU-03.json", content: []byte("/etc/passwd"), mode: fs.ModeSymlink | 0o777}), "practice.file.special"},
		"folder":               {with(put{name: "items/"}), "practice.file.special"},
		"device":               {with(put{name: "items/question/x.json", mode: fs.ModeDevice}), "practice.file.special"},
		"twice":                {with(second), "practice.file.twice"},
		"twice by case":        {with(put{name: "items/question/qu-01.json"}), "practice.file.twice"},
		"bomb":                 {with(put{name: "items/question/QU-03.json", content: make([]byte, 512<<10), deflate: true}), "practice.file.compressed"},
		"declared too small":   {with(put{name: "items/question/QU-03.json", content: make([]byte, 4096), deflate: true, size: 10}), "practice.file.compressed"},
		"declared too large":   {with(put{name: "items/question/QU-03.json", content: []byte("{}"), size: 1 << 19}), "practice.file.sizes"},
		"declared 4 GB":        {with(put{name: "items/question/QU-03.json", content: []byte("{}"), size: 1<<32 - 2}), "practice.file.entry_too_large"},
		"declared 1 TB":        {with(put{name: "items/question/QU-03.json", content: []byte("{}"), size: 1 << 40}), "practice.file.entry_too_large"},
		"large entry":          {with(put{name: "items/question/QU-03.json", content: big}), "practice.file.entry_too_large"},
		"checksum":             {with(put{name: "items/question/QU-03.json", content: []byte("{}"), sum: true}), "practice.file.extra"},
		"checksum of an item":  {zipped(t, put{name: first.name, content: first.content, sum: true}, second, last), "practice.file.damaged"},
		"unknown entry":        {with(put{name: "items/question/QU-03.json", content: []byte("{}")}), "practice.file.extra"},
		"missing entry":        {zipped(t, first, last), "practice.file.missing"},
		"missing manifest":     {zipped(t, first, second), "practice.file.no_manifest"},
		"another order":        {zipped(t, last, first, second), "practice.file.other_bytes"},
		"something between":    {append([]byte("#!/bin/sh\n"), written(t, good)...), "practice.file.damaged"},
		"wrong hash":           {zipped(t, put{name: first.name, content: bytes.Replace(first.content, []byte("Uno"), []byte("Una"), 1)}, second, last), "practice.file.hash"},
		"entries over another": {overlaid(t), "practice.file.other_bytes"},
		"encrypted":            {zipped(t, put{name: first.name, content: first.content, flags: 1}, second, last), "practice.file.compressed"},
		"hidden in a header":   {zipped(t, put{name: first.name, content: first.content, extra: []byte{1, 0, 4, 0, 1, 2, 3, 4}}, second, last), "practice.file.other_bytes"},
		"comment of an entry":  {zipped(t, put{name: first.name, content: first.content, comment: "x"}, second, last), "practice.file.other_bytes"},
		"zero in a name":       {with(put{name: "items/question/QU-03.json\x00.txt", content: []byte("{}")}), "practice.file.extra"},
		"name without UTF-8":   {with(put{name: "items/question/\xff.json", content: []byte("{}")}), "practice.file.extra"},
		"large manifest":       {zipped(t, put{name: "kit.json", content: make([]byte, archive.Usual.Manifest+1)}), "practice.file.entry_too_large"},
	}
}

func TestHostileManifestsAreRefused(t *testing.T) {
	t.Parallel()
	wantRefusals(t, manifests(t))
}

// manifests are files whose manifest is hostile.
func manifests(t testing.TB) map[string]hostile {
	t.Helper()
	good := signed(t, question("QU-01", "Uno"))
	unsigned, foreign, moved := good, good, good
	unsigned.Signature = nil
	foreign.Sign(ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, 32)))
	moved.Statement = bytes.Replace(good.Statement, []byte("Pratica di prova"), []byte("Pratica di altri"), 1)
	return map[string]hostile{
		"unsigned":              {written(t, unsigned), "practice.file.unsigned"},
		"foreign signature":     {written(t, foreign), "practice.file.signature"},
		"changed after signing": {written(t, moved), "practice.file.signature"},
		"newer format":          {edited(t, `"format":1`, `"format":2`), "practice.file.format"},
		"no format":             {edited(t, `"format":1`, `"format":null`), "practice.file.format"},
		"format in words":       {edited(t, `"format":1`, `"format":"one"`), "practice.file.manifest"},
		"unknown member":        {edited(t, `"format":1`, `"format":1,"script":"rm"`), "practice.file.manifest"},
		"key of the practice":   {edited(t, `"key":"PROVA"`, `"key":"../PROVA"`), "practice.file.manifest"},
		"release":               {edited(t, `"release":"1.0.0"`, `"release":"latest"`), "practice.file.manifest"},
		"path of an item":       {edited(t, `"path":"items/question/QU-01.json"`, `"path":"kit.json"`), "practice.file.manifest"},
		"long title":            {edited(t, "Pratica di prova", strings.Repeat("x", 301)), "practice.file.manifest"},
		"unseen in a title":     {edited(t, "Pratica di prova", "Pratica\u202e di prova"), "practice.file.manifest"},
		"unseen in an item":     {edited(t, "Voce QU-01", "Voce\u200b QU-01"), "practice.file.manifest"},
		"unseen in the sheet":   {edited(t, `"b":1`, `"b":"\u2066"`), "practice.file.manifest"},
		"zero in a title":       {edited(t, "Pratica di prova", `Pratica\u0000`), "practice.file.zero"},
		"zero in the sheet":     {edited(t, `"b":1`, `"b":"\u0000"`), "practice.file.zero"},
		"hash of the kit":       {edited(t, `"hash":"`, `"hash":"0`), "practice.file.hash"},
		"lineage":               {edited(t, `"lineage":[]`, `"lineage":{"a":1}`), "practice.file.manifest"},
		"deep nesting":          {zipped(t, put{name: "kit.json", content: []byte(strings.Repeat("[", 500_000))}), "practice.file.manifest"},
	}
}

func TestHostileItemsAreRefused(t *testing.T) {
	t.Parallel()
	wantRefusals(t, items(t))
}

// items are files with a hostile item.
func items(t testing.TB) map[string]hostile {
	t.Helper()
	files := map[string]hostile{
		"unknown kind":       {written(t, signed(t, item("macro", "MA-01", `{}`))), "practice.file.kind"},
		"content of no kind": {written(t, signed(t, item(kit.KindQuestion, "QU-01", `{"run":"me"}`))), "practice.file.content"},
		"reference outside":  {written(t, signed(t, question("QU-01", "Uno", "SV-77"))), "practice.file.reference"},
		"ring":               {written(t, signed(t, act(t, "AA-01", "AA-02"), act(t, "AA-02", "AA-03"), act(t, "AA-03", "AA-01"))), "practice.file.cycle"},
		"ring of one":        {written(t, signed(t, act(t, "AA-01", "AA-01"))), "practice.file.cycle"},
		"zero in a content":  {written(t, signed(t, question("QU-01", "a\x00b"))), "practice.file.zero"},
		"unseen text":        {written(t, signed(t, question("QU-01", "a\u200bb"))), "practice.file.content"},
		"turned text":        {written(t, signed(t, question("QU-01", "a\u202eb"))), "practice.file.content"},
		"two roles as one":   {written(t, signed(t, role("RU-01", "Operatore sociale"), role("RU-02", "0peratore SociaIe"))), "practice.file.twins"},
		"letters of others":  {written(t, signed(t, role("RU-01", "Оperatore"))), "practice.file.title"},
		"huge number":        {smuggled(t, `{"a":1e400}`), "practice.file.content"},
		"endless number":     {smuggled(t, `{"a":`+strings.Repeat("9", 900_000)+`}`), "practice.file.content"},
		"deep item":          {smuggled(t, strings.Repeat("[", 500_000)+strings.Repeat("]", 500_000)), "practice.file.content"},
		"wide item":          {smuggled(t, "["+strings.Repeat("[],", 340_000)+"[]]"), "practice.file.content"},
		"member twice":       {smuggled(t, `{"a":1,"a":2}`), "practice.file.content"},
		"other spaces":       {smuggled(t, `{ "a": 1 }`), "practice.file.content"},
		"no UTF-8":           {smuggled(t, "{\"a\":\"\xff\xfe\"}"), "practice.file.content"},
		"half a character":   {smuggled(t, `{"a":"\ud800"}`), "practice.file.content"},
		"byte order mark":    {smuggled(t, "\ufeff{}"), "practice.file.content"},
		"no JSON":            {smuggled(t, `<html>`), "practice.file.content"},
		"nothing in an item": {smuggled(t, ``), "practice.file.content"},
	}
	for name, condition := range endlessConditions {
		files[name] = hostile{written(t, signed(t, expressions(t, 1, condition))), "practice.file.content"}
	}
	return files
}

// endlessConditions are conditions that are too long, too deep or without an end.
var endlessConditions = map[string]string{
	"long expression":     "answers.first == '" + strings.Repeat("x", 1990) + "'",
	"wrong expression":    "while (true) {}",
	"deep expression":     strings.Repeat("[1,2,3].all(x, ", 60) + "true" + strings.Repeat(")", 60),
	"expression for ever": strings.Repeat("[1,2,3,4,5,6,7,8,9].all(x, ", 40) + "true" + strings.Repeat(")", 40),
	"expression of texts": "[1,2,3,4,5,6,7,8,9].map(a, [1,2,3,4,5,6,7,8,9].map(b, [1,2,3,4,5,6,7,8,9].map(c, [1,2,3,4,5,6,7,8,9].map(d, a + b + c + d)))).size() > 0",
}

// An expression is refused for itself, where it stands; the form around it is right.
func TestHostileExpressionsAreToldByPlace(t *testing.T) {
	t.Parallel()
	if _, err := verify(t, written(t, signed(t, expressions(t, 3, "answers.first != 'N'")))); err != nil {
		t.Fatalf("a form with harmless conditions is refused: %v", err)
	}
	for name, condition := range endlessConditions {
		_, err := verify(t, written(t, signed(t, expressions(t, 1, condition))))
		if fields := problem.Of(err).Fields; len(fields) != 1 || fields[0].Name != "sections[s].items[q0].visible" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Checking stops in time, however much there is to check.
func TestCheckingStopsInTime(t *testing.T) {
	t.Parallel()
	file := written(t, signed(t, question("QU-01", "Uno")))
	r := reader(t)
	r.Limits.Time = 0
	_, err := r.Verify(t.Context(), bytes.NewReader(file), int64(len(file)))
	if problem.Of(err).Message.Key != "practice.file.too_slow" {
		t.Errorf("got %v", err)
	}
}

// HTML and formulas are texts like any other: they come out as they went in.
func TestTextsStayTexts(t *testing.T) {
	t.Parallel()
	text := `<script>alert(1)</script> =HYPERLINK("http://x","y") {{.Key}}`
	read, err := verify(t, written(t, signed(t, question("QU-01", text))))
	must(t, err)
	var content struct{ Answer kit.Text }
	must(t, json.Unmarshal(read.Items[0].Content, &content))
	if content.Answer.IT != text {
		t.Errorf("read %q", content.Answer.IT)
	}
}

// FuzzVerify gives the reader whatever there is: it answers, and takes nothing that is not the one file of a kit.
func FuzzVerify(f *testing.F) {
	good := written(f, signed(f, question("QU-01", "Uno")))
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add(zipped(f, put{name: "kit.json", content: []byte(`{"manifest":{"format":1}}`)}))
	f.Add(zipped(f, put{name: "../x", content: []byte("x"), deflate: true}))
	f.Add(edited(f, `"format":1`, `"format":2`))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	r := reader(f)
	f.Fuzz(func(t *testing.T, file []byte) {
		k, err := r.Verify(context.Background(), bytes.NewReader(file), int64(len(file)))
		switch {
		case err != nil && problem.Of(err).Kind != problem.Invalid:
			t.Errorf("not a refusal: %v", err)
		case err == nil && !bytes.Equal(written(t, k), file):
			t.Error("taken, and not the file of its kit")
		}
	})
}
