// Package modules is the contract that every module meets: a manifest, which is a
// plain value without effect, and the parts that New makes of it. The hosts
// (api/web, api/rest, internal/jobs, onboarding) walk the list of modules and
// mount what they find. It must not import any concrete module.
package modules

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"staffetta/internal/language"
	"staffetta/internal/mail"
	"staffetta/internal/problem"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// ID is a module's name: its folder, its SQL schema, its route and job prefix.
type ID string

// Module is the manifest of a module (it: modulo).
type Module struct {
	ID          ID
	Title       language.Text
	About       language.Text // what it does and for whom, in a sentence or two
	Requires    []ID          // modules whose root package this one may import
	Essential   bool          // always on for an active body
	Migrations  fs.FS
	Templates   fs.FS
	Messages    fs.FS
	Help        []Topic
	Permissions []policies.Permission
	Grants      []policies.RoleGrant
	Kinds       []Kind
	Records     []Record
	Obligations []Obligation
	Treatments  []Treatment              // of data about people, for the privacy documents of a body
	Terms       []Term                   // how long what the module keeps is proposed to be kept
	Events      map[string]language.Text // what its audit events are called, by action
	New         func(Deps) (Parts, error)
}

// Deps is what a module is given to work with.
type Deps struct {
	DB       *tenants.DB
	Bodies   *tenants.Directory
	Policies *policies.Engine
	Audit    *audit.Recorder
	Jobs     Queue
	Platform Platform
}

// Permits tells whether the actor holds a permission. One whose rules cannot be evaluated nobody holds (policies.ReportFaults).
func (d Deps) Permits(s tenants.Scope, permission string) bool {
	allowed, _ := d.Policies.Permits(s, permission)
	return allowed
}

// RequireLive refuses what gives something to other bodies while the actor's body is on trial: problem.Conflict. The database
// refuses it too (platform.live_only); this says so before a form is judged.
func (d Deps) RequireLive(s tenants.Scope) error {
	body, err := d.Bodies.ByID(s.Tenant)
	if err == nil && body.Trial() {
		return problem.New(problem.Conflict, "web.error.trial")
	}
	return err
}

// Platform is what the deployment itself lends to modules.
type Platform struct {
	Log   *slog.Logger
	Files Files
	// Folders keep large files with names, and let those of a body go.
	Folders Folders
	Kinds   *Kinds // every kind that a module declares
	Seal    Sealer
	// Duties of all modules, for the page where a day begins.
	Duties *Duties
	// Sights of all modules, for who changes what people see.
	Sights *Sights
	// Hints of all modules, for the page of a person.
	Hints *Hints
	// Console of all modules: what it reports, and the pages where that is mended.
	Console *Console
	// Uses of items, as all modules measure them.
	Uses *Uses
	// Modules lists the manifests, for the wizard and the console.
	Modules []Module
	// Reviewed deployments let no body go live by its own word alone.
	Reviewed bool
	Version  string // of the program
	// Mail is how the deployment tells people who are not looking.
	Mail Correspondence
	// Work steers the jobs of all bodies, for who runs the platform.
	Work Work
	// DNS is where names are looked up.
	DNS *net.Resolver
}

// Work steers jobs and their queues; River's client meets it. Its not-found is rivertype.ErrNotFound.
type Work interface {
	JobCancel(ctx context.Context, id int64) (*rivertype.JobRow, error)
	JobRetry(ctx context.Context, id int64) (*rivertype.JobRow, error)
	QueuePause(ctx context.Context, name string, opts *river.QueuePauseOpts) error
	QueueResume(ctx context.Context, name string, opts *river.QueuePauseOpts) error
}

// Correspondence is what the deployment lends to whoever writes mail.
type Correspondence struct {
	Post   Post                // takes what is to be told
	Mailer Mailer              // hands letters over; nil where mail does not leave
	Base   string              // the deployment's own address, as https://servizi.example.it
	Words  *language.Catalogue // the messages of all modules, for texts that answer no request
	Open   bool                // a demo, where everybody reads what did not leave: nothing in it is true
}

// Mailer hands a letter to a mail server.
type Mailer interface {
	Send(ctx context.Context, l mail.Letter) error
}

// Post takes mail in the transaction of what it tells; it leaves later, or stays where the platform shows it.
type Post interface {
	Queue(ctx context.Context, tx tenants.Tx, m Mail) error
}

// Mail is something to tell an account of the transaction's body. Neither its texts nor its values name a person whom the
// service is about, a case or another body: on a shared telephone everybody reads them.
type Mail struct {
	Account  uuid.UUID
	Template string            // messages Template.subject and Template.text, as "post.mail.awaits"
	Values   map[string]string // what the text is filled in with; kept sealed
	Address  string            // "" for the address that the account has confirmed
	Language string            // Italian when empty
	Wait     time.Duration     // how long it may wait for more of the same
}

// Sealer encrypts what the database keeps but must not be able to read, and makes
// keyed tokens by which an equal value is found again.
type Sealer interface {
	Seal(plain, context []byte) ([]byte, error)
	Open(sealed, context []byte) ([]byte, error)
	Token(value string) []byte
}

// PermissionLabel is what modules call a permission, or what is done with a case; its name where none does.
func PermissionLabel(list []Module, name string) language.Text {
	if label, known := caseActions[name]; known {
		return label
	}
	if label, known := purposeUse(name); known {
		return label
	}
	for _, m := range list {
		for _, p := range m.Permissions {
			if p.Name() == name {
				return p.Label
			}
		}
	}
	return language.Text{It: name, En: name}
}

// caseActions are the words for policies.CaseActions.
var caseActions = map[string]language.Text{
	"case:open":   {It: "Aprire le cartelle", En: "Open the case files"},
	"case:work":   {It: "Portarle avanti nel percorso", En: "Take them along their path"},
	"case:team":   {It: "Scegliere l'équipe", En: "Choose the team"},
	"case:assign": {It: "Assegnarle ad altri", En: "Assign them to others"},
}

// Queue enqueues jobs in the transaction of the change that causes them.
type Queue interface {
	Enqueue(ctx context.Context, tx tenants.Tx, args river.JobArgs) error
}

// EnqueueEach gives each of the bodies a job of its own, in a transaction of its own. One that cannot be asked does not stop the others.
func (d Deps) EnqueueEach(ctx context.Context, bodies []int32, args func(body int32) river.JobArgs) error {
	var faults []error
	for _, id := range bodies {
		job := args(id)
		if err := d.DB.InTx(ctx, tenants.Scope{Tenant: id}, func(tx tenants.Tx) error { return d.Jobs.Enqueue(ctx, tx, job) }); err != nil {
			faults = append(faults, fmt.Errorf("ask body %d for %s: %w", id, job.Kind(), err))
		}
	}
	return errors.Join(faults...)
}

// Files keeps the bytes of documents by their SHA-256, apart for each body.
type Files interface {
	// Put stores content and returns its SHA-256 in hexadecimal and its size in bytes.
	Put(ctx context.Context, tenant int32, content []byte) (sum string, err error)
	// Get returns the content, or an error that is fs.ErrNotExist.
	Get(ctx context.Context, tenant int32, sum string) ([]byte, error)
}

// Folders keeps large files by name, apart for each body, and removes what a body has.
type Folders interface {
	// Write stores a file as write gives its bytes, whole or not at all, and returns its size.
	Write(ctx context.Context, tenant int32, name string, write func(io.Writer) error) (size int64, err error)
	// Open returns the file, or an error that is fs.ErrNotExist.
	Open(tenant int32, name string) (io.ReadSeekCloser, error)
	Remove(tenant int32, name string) error
	// Drop removes a document of Files, and Forget all files and documents of a body.
	Drop(tenant int32, sum string) error
	Forget(tenant int32) error
}

// Parts is what a module puts into the program.
type Parts struct {
	Pages      []Page
	Operations []Operation
	Workers    func(*river.Workers)
	Periodic   []*river.PeriodicJob
	Duties     []DutySource  // what awaits an actor, by permission
	Drafts     []DraftSource // what an actor has begun, by permission
	Shares     ShareSource   // what the shares of the body stand for
	Hints      []HintSource  // what there is to say about a person, by permission
	Reach      ReachSource   // to how many cases people stand in which relation
	Uses       []UseSource   // how much items are used, by the records of the module
	Checks     []Check       // what the console reports of the configuration
	Farewells  []Farewell    // what ends when a body leaves the platform
	// Greet is where an operator who has just signed in is led first; "" for where they wanted to go. Nil for nowhere.
	Greet func(context.Context, tenants.Scope) (string, error)
	// Notices are what everybody who works at a body should know now; asked for with every page.
	Notices func(ctx context.Context, body int32) []Notice
}

// Notice is a sentence above all pages of a body. Path is where more of it stands, "" for nowhere.
type Notice struct{ Text, Path string }

// Operation is a face of the API. Register adds it to an API whose paths stand
// below /api/v1/{slug}, or /api/v1/platform, and whose requests carry a
// tenants.Scope that holds the permission. Its texts are in English.
type Operation struct {
	Permission string
	Purpose    tenants.Purpose // operator when empty
	Platform   bool            // below /api/v1/platform; the scope is the platform's body
	Register   func(huma.API)
}

// Handover says what becomes of a record when its case passes to another body.
type Handover string

// What becomes of a record at a handover.
const (
	Copy Handover = "copy" // goes along, closed here
	Stay Handover = "stay" // the giving body's own
	Stub Handover = "stub" // only the legal trace stays
)

// Record declares a table of a module to everything that works over all of them:
// policies, projection, handover, person merge, export, purge, and their tests.
type Record struct {
	Table        string // schema.table
	CaseColumn   string // "" if the table does not belong to a case
	PersonColumn string // "" if the table names no person
	People       bool   // it is about people though no column names one: it goes with them
	Section      string // a fixed section, or "column:NAME"
	Handover     Handover
	UsedItem     string // the column that pins an item version, or ""
	File         string // the column with the SHA-256 of a file, or ""
	Bytes        Bytes  // its columns of bytes
	Withheld     bool   // it protects somebody from the person it is about, who gets no copy of it unless that is decided
	Draft        string // the state in which a row is its author's draft, of which nobody gets a copy; "" where the database hides drafts, or there are none
	Retention    string // the kind of the Term by which it goes, or AsTheBody; of every record about people
	// Codes are its columns of codes, as people read them.
	Codes map[string]Wording
}

// Wording says a code in words: by the message of a prefix with the code after it, or by what Of knows.
type Wording struct {
	Prefix string
	Of     func(code string) language.Text
}

// Say is the code in Italian words, by the messages of all modules; "" for one that has none.
func (w Wording) Say(words *language.Catalogue, code string) string {
	if w.Of != nil {
		return w.Of(code).It
	}
	if key := w.Prefix + code; words.Has(key) {
		return words.Say(language.Italian, language.M(key))
	}
	return ""
}

// Bytes says what the columns of bytes of a table are to whoever carries the table to another installation.
type Bytes struct {
	Sealed map[string]string // sealed with the deployment's key: the context, in which {column} stands for a value of the row
	Open   []string          // readable anywhere: public keys, digests, signatures
	Left   []string          // of this installation alone, null elsewhere
}

// Obligation is something of a case that must not be left without anybody who answers for it when the case passes to another
// body (it: impegno aperto). Which rows are open, the module's migration says (app.handover_obligation).
type Obligation struct {
	Key   string        // unique among all modules
	Table string        // schema.table
	Label language.Text // one of them
	Moves bool          // it goes along and gets a new owner there; else it stays with whom it is with
	// Benefit tells that it is a benefit which is being paid or delivered.
	Benefit bool
}
