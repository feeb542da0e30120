// Package document files the documents of a case, each in the section that its class belongs to. It must not decide who
// opens a case: the package access does.
package document

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Document is a file of a case (it: documento). Its class decides the section it belongs to.
type Document struct {
	Tenant       int32
	ID           uuid.UUID
	Section      string
	Title        string
	FileName     string
	MediaType    string
	Size         int64 // bytes
	Sum          string
	AuthorTenant int32
	AuthorName   string
	CreatedAt    time.Time
}

// MaxDocument is the largest document, in bytes.
const MaxDocument = 18 << 20

// mediaTypes are what a document may be, by the type found in its content, with
// the endings that such a file may have.
var mediaTypes = map[string][]string{
	"application/pdf": {".pdf"},
	"image/png":       {".png"},
	"image/jpeg":      {".jpg", ".jpeg"},
	"image/webp":      {".webp"},
	"text/plain":      {".txt", ".csv"},
	"application/zip": {".docx", ".odt", ".xlsx", ".ods"},
}

// Upload is a file as it was sent.
type Upload struct {
	ID       uuid.UUID
	Title    string
	FileName string
	Sniffed  string // the media type found in the content
	Content  []byte
	Section  string // documents, or the section its class belongs to
}

// documentSections are the sections a document may be filed in.
var documentSections = []string{"documents", "health", "judicial", "school", "interventions"}

func (u Upload) check() error {
	var fields problem.Fields
	fields.OneOf("sezione", u.Section, documentSections...)
	fields.MaxLength("titolo", u.Title, 200)
	sniffed, _, _ := strings.Cut(u.Sniffed, ";")
	endings, known := mediaTypes[sniffed]
	switch {
	case len(u.Content) == 0:
		fields.Add("file", "casefile.error.file_empty")
	case len(u.Content) > MaxDocument:
		fields.Add("file", "casefile.error.file_large", "max", MaxDocument>>20)
	case !known || !slices.Contains(endings, strings.ToLower(path.Ext(u.FileName))):
		fields.Add("file", "casefile.error.file_type")
	}
	return fields.Err()
}

// baseName drops folders and control characters from a sent file name.
func baseName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`"<>|:*?`, r) {
			return '_'
		}
		return r
	}, name)
	if runes := []rune(name); len(runes) > 120 {
		name = string(runes[len(runes)-120:])
	}
	return name
}

// Documents holds the rules of documents.
type Documents struct {
	deps  modules.Deps
	cases *access.Cases
}

// New makes the documents of the cases.
func New(deps modules.Deps, cases *access.Cases) *Documents {
	return &Documents{deps: deps, cases: cases}
}

// AddDocument files a document. The type is what the content says, not what the
// browser claims; the same upload again files nothing. Errors: problem.Invalid by field,
// problem.NotFound when the id is another document's, and those of OpenToWrite.
func (f *Documents) AddDocument(ctx context.Context, scope tenants.Scope, ref string, u Upload) (Document, error) {
	if u.Section == "" {
		u.Section = "documents"
	}
	section := u.Section
	if !slices.Contains(documentSections, section) {
		section = "documents" // for the case must open before anything is said about it
	}
	a, err := f.cases.OpenToWrite(ctx, scope, ref, section)
	if err != nil {
		return Document{}, err
	}
	if err := u.check(); err != nil {
		return Document{}, err
	}
	sum, err := f.deps.Platform.Files.Put(ctx, a.Tenant, u.Content)
	if err != nil {
		return Document{}, err
	}
	mediaType, _, _ := strings.Cut(u.Sniffed, ";")
	d := Document{
		Tenant: a.Tenant, ID: u.ID, Section: u.Section, Title: strings.TrimSpace(u.Title), FileName: baseName(u.FileName),
		MediaType: mediaType, Size: int64(len(u.Content)), Sum: sum, AuthorName: scope.Name,
	}
	if d.Title == "" {
		d.Title = d.FileName
	}
	err = a.Change(ctx, func(tx tenants.Tx) error {
		filed, err := insertDocument(ctx, tx, a, &d)
		if err != nil || !filed {
			return err
		}
		return a.Note(ctx, tx, audit.Event{Action: "document.create", Object: d.ID, Sections: []string{d.Section}})
	})
	return d, err
}

// OpenDocuments is Open for the documents, which are filed in several sections: the
// audit names each of them that the actor reads. Errors: those of Open.
func (f *Documents) OpenDocuments(ctx context.Context, scope tenants.Scope, ref string) (*access.Access, error) {
	return f.cases.OpenAny(ctx, scope, ref, documentSections...)
}

// FindDocuments lists the documents of an opened case that its sections show.
func (f *Documents) FindDocuments(ctx context.Context, a *access.Access) ([]Document, error) {
	return f.findDocuments(ctx, a, uuid.Nil)
}

// ReadDocument returns a document with its content; problem.NotFound when there is
// none that the sections show. The download is audited.
func (f *Documents) ReadDocument(ctx context.Context, scope tenants.Scope, ref string, id uuid.UUID) (Document, []byte, error) {
	a, err := f.cases.Open(ctx, scope, ref, "")
	if err != nil {
		return Document{}, nil, err
	}
	found, err := f.findDocuments(ctx, a, id)
	if err != nil {
		return Document{}, nil, err
	}
	if len(found) == 0 {
		return Document{}, nil, problem.Missing()
	}
	events := a.Events("document.read", found[0].Section)
	for i := range events {
		events[i].Object = id
	}
	if err := f.deps.Audit.Record(ctx, scope, events...); err != nil {
		return Document{}, nil, err
	}
	content, err := f.deps.Platform.Files.Get(ctx, a.Tenant, found[0].Sum)
	if errors.Is(err, fs.ErrNotExist) {
		return Document{}, nil, problem.New(problem.Unavailable, "casefile.error.file_lost").Wrap(err)
	}
	return found[0], content, err
}
