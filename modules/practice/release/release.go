package release

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice/archive"
	"staffetta/modules/practice/credit"
	"staffetta/modules/practice/fault"
	"staffetta/modules/practice/finding"
	"staffetta/modules/practice/format"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

var (
	keyPattern     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
	releasePattern = regexp.MustCompile(`^(0|[1-9][0-9]{0,3})(\.(0|[1-9][0-9]{0,3})){2}$`)
)

// Kit is one numbered release of a practice (it: kit). A published one never changes.
type Kit struct {
	ID            uuid.UUID
	Practice      uuid.UUID
	Release       string // semantic version
	State         State
	Versions      []uuid.UUID // of the items chosen
	Sheet         []byte      // canonical, without persons
	Completeness  int         // per cent of the kinds that a whole kit has
	Findings      []finding.Finding
	NamesCompared bool   // with the registry, since the kit was composed
	CheckedHash   string // of what the checks saw
	Hash          string // of what was published
	PublishedAt   *time.Time
	Publisher     string
	Revision      int
}

// Composition is what a publisher chooses for a kit.
type Composition struct {
	Kit      uuid.UUID
	Practice uuid.UUID
	Release  string
	Versions []uuid.UUID
}

// Report is what the checks of a kit say.
type Report struct {
	Kit      Kit
	Practice Practice
	Items    []kit.Version       // chosen, as people read a kit
	Terms    map[uuid.UUID]Terms // of the items, by version
	Missing  []string            // kinds that a whole kit has and this one has not
	Dangling []kit.Loose         // references that lead out of the kit
	Gaps     []format.Gap        // between its questions and those of earlier releases
	Faults   []fault.Flaw
}

// Terms are who answers for an item and under which licence it goes out.
type Terms struct{ Owner, Licence string }

// Open counts the findings that are neither gone nor let stand by two people.
func (k Kit) Open() int { return finding.Open(k.Findings) }

// Clear tells whether the kit may be published.
func (r Report) Clear() bool {
	return r.Kit.State == Draft && len(r.Practice.Sheet.Lacks()) == 0 && len(r.Items) > 0 && len(r.Dangling) == 0 && len(r.Faults) == 0 && r.Kit.Open() == 0 && len(format.Refused(r.Gaps)) == 0
}

// Compose keeps the choice of a draft kit and checks it. Versions must be published items of the body.
func (v *Service) Compose(ctx context.Context, s tenants.Scope, c Composition) (Report, error) {
	p, err := v.Get(ctx, s, c.Practice)
	if err != nil {
		return Report{}, err
	}
	if err := v.checkComposition(ctx, s, c); err != nil {
		return Report{}, err
	}
	slices.SortFunc(c.Versions, func(a, b uuid.UUID) int { return strings.Compare(a.String(), b.String()) })
	c.Versions = slices.Compact(c.Versions)
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := saveComposition(ctx, tx, c); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "kit.compose", Object: c.Kit, Payload: map[string]any{
			"practice": p.ID, "release": c.Release, "items": len(c.Versions),
		}})
	})
	if err != nil {
		return Report{}, err
	}
	return v.Check(ctx, s, c.Kit)
}

func (v *Service) checkComposition(ctx context.Context, s tenants.Scope, c Composition) error {
	var wrong problem.Fields
	if !releasePattern.MatchString(c.Release) {
		wrong.Add("release", "practice.error.release")
	}
	if len(c.Versions) == 0 {
		wrong.Add("items", "practice.error.no_items")
	}
	kits, err := v.FindKits(ctx, s, c.Practice)
	if err != nil {
		return err
	}
	for _, k := range kits {
		if k.Release == c.Release && k.ID != c.Kit {
			wrong.Add("release", "practice.error.release_taken")
		}
		if k.ID == c.Kit && k.State != Draft {
			return problem.New(problem.Conflict, "practice.error.published")
		}
	}
	return wrong.Err()
}

// Check looks again at everything that could forbid the publication of a draft kit and keeps what it found. The report
// of a published kit is that of its publication.
func (v *Service) Check(ctx context.Context, s tenants.Scope, id uuid.UUID) (Report, error) {
	report, err := v.readReport(ctx, s, id)
	if err != nil || report.Kit.State != Draft {
		return v.shown(s, report), err
	}
	if report.Kit.Sheet, err = v.publicSheet(ctx, s, report); err != nil {
		return Report{}, err
	}
	if report.Kit.Findings, err = v.findPersonal(ctx, s, report); err != nil {
		return Report{}, err
	}
	report.Kit.NamesCompared = true
	report.Kit.Completeness, _ = completeness(v.deps.Platform.Kinds, sources(report.Items))
	report.Kit.CheckedHash = HashKit(report.Kit.Release, report.Kit.Sheet, report.Items)
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := saveCheck(ctx, tx, report.Kit); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "kit.check", Object: id, Payload: map[string]any{"findings": len(report.Kit.Findings)}})
	})
	report.Kit.Revision++
	return v.shown(s, report), err
}

// FindKits lists the kits of a practice of the body, newest first.
func (v *Service) FindKits(ctx context.Context, s tenants.Scope, practice uuid.UUID) ([]Kit, error) {
	kits, err := v.findKits(ctx, s, practice)
	for i := range kits {
		kits[i].Findings = v.shownFindings(s, kits[i].Findings)
	}
	return kits, err
}

// GetReport returns what the last check of a kit found, as far as the actor may know it.
func (v *Service) GetReport(ctx context.Context, s tenants.Scope, id uuid.UUID) (Report, error) {
	report, err := v.readReport(ctx, s, id)
	return v.shown(s, report), err
}

func (v *Service) readReport(ctx context.Context, s tenants.Scope, id uuid.UUID) (Report, error) {
	report, err := v.getReport(ctx, s, id)
	if err != nil {
		return Report{}, err
	}
	slices.SortFunc(report.Items, func(a, b kit.Version) int {
		if d := v.deps.Platform.Kinds.Compare(a.Kind, b.Kind); d != 0 {
			return d
		}
		return strings.Compare(a.Key, b.Key)
	})
	_, report.Missing = completeness(v.deps.Platform.Kinds, sources(report.Items))
	report.Dangling = kit.Unanswered(v.deps.Platform.Kinds, sources(report.Items))
	report.Faults = fault.Find(v.deps.Platform.Kinds, sources(report.Items))
	return report, nil
}

// Publish copies a draft kit, without persons, to where every body can read it, and returns its hash. The checks run
// again first; what they find is problem.Invalid with the places. What somebody changes after them is problem.Conflict.
func (v *Service) Publish(ctx context.Context, s tenants.Scope, id uuid.UUID) (string, error) {
	report, err := v.Check(ctx, s, id)
	if err != nil {
		return "", err
	}
	if report.Kit.State == Published {
		return report.Kit.Hash, nil
	}
	if !report.Clear() {
		return "", report.refusal()
	}
	var hash string
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) (err error) {
		if err := holdChecked(ctx, tx, report); err != nil {
			return err
		}
		if hash, err = publishKit(ctx, tx, id, s.Name); err != nil {
			return err
		}
		if err := errors.Join(credit.Record(ctx, tx, id), v.sign(ctx, tx, s, id)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "kit.publish", Object: id, Payload: map[string]any{
			"practice": report.Practice.ID, "release": report.Kit.Release, "hash": hash, "items": len(report.Items),
		}})
	})
	return hash, err
}

// wholeKit is the place of what stands somewhere in a kit.
const wholeKit = "kit"

// refusal says why the kit cannot be published, place by place.
func (r Report) refusal() error {
	wrong := r.Practice.Sheet.Lacks()
	if len(r.Items) == 0 {
		wrong.Add("items", "practice.error.no_items")
	}
	for _, f := range r.Kit.Findings {
		switch {
		case f.Cleared():
		case f.Justified != nil:
			wrong.Add(cmp.Or(f.Place(), wholeKit), "practice.finding.awaits")
		default:
			wrong.Add(cmp.Or(f.Place(), wholeKit), "practice.finding."+f.Rule)
		}
	}
	for _, d := range r.Dangling {
		wrong.Add(kit.Place(d.Kind, d.Key)+" "+d.Ref.Path, "practice.error.dangling", "key", d.Ref.Key)
	}
	for _, f := range r.Faults {
		wrong = append(wrong, f.Field())
	}
	for _, gap := range format.Refused(r.Gaps) {
		wrong.Add(gap.Place(), "practice.format.foreign", "name", gap.Name)
	}
	return &problem.Error{Kind: problem.Invalid, Message: language.M("practice.error.not_clear"), Fields: wrong}
}

// sources are the items of a kit as its file holds them.
func sources(items []kit.Version) []kit.Source {
	list := make([]kit.Source, len(items))
	for i, item := range items {
		list[i] = kit.Source{Kind: item.Kind, Key: item.Key, Title: kit.Text{IT: item.Title.It, EN: item.Title.En}, Content: item.Content}
	}
	return list
}

// HashKit is the hash of a whole kit, as a file of it and the function practice.publish_kit make it.
func HashKit(release string, sheet []byte, items []kit.Version) string {
	entries := make([]archive.Entry, len(items))
	for i, item := range items {
		entries[i] = archive.Entry{Kind: item.Kind, Key: item.Key, SHA256: item.SHA256}
	}
	return archive.Hash(release, sheet, entries)
}

// Digest is the sha-256 of a text, in hexadecimal.
func Digest(text []byte) string { return archive.Digest(text) }

// NextRelease proposes the number after the newest kit of a practice: 1.0.0, then the next minor one.
func NextRelease(kits []Kit) string {
	best := []int{0, -1}
	for _, k := range kits {
		part := strings.Split(k.Release, ".")
		major, _ := strconv.Atoi(part[0])
		minor, _ := strconv.Atoi(part[1])
		if slices.Compare([]int{major, minor}, best) > 0 {
			best = []int{major, minor}
		}
	}
	if best[1] < 0 {
		return "1.0.0"
	}
	return fmt.Sprintf("%d.%d.0", best[0], best[1]+1)
}
