package population

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"staffetta/modules/casefile/diary"
)

// settled is after how many days nothing is a draft any more.
const settled = 6

func newNotes() *table {
	return newTable("casefile.notes", "id", "uuid", "case_id", "uuid", "section", "text", "kind", "text", "visibility", "text",
		"happened_on", "date", "body", "text", "author_tenant", "int", "author_account", "uuid", "author_name", "text",
		"created_at", "timestamptz", "updated_at", "timestamptz", "signed_at", "timestamptz")
}

func newAssessments() *table {
	return newTable("assessment.assessments", "id", "uuid", "case_id", "uuid", "item_version_id", "uuid", "instrument", "text",
		"title_it", "text", "title_en", "text", "answers", "jsonb", "score", "float8", "score_min", "float8", "score_max", "float8",
		"band", "text", "band_it", "text", "band_en", "text", "state", "text", "done_on", "date", "author_tenant", "int",
		"author_account", "uuid", "author_name", "text", "created_at", "timestamptz", "updated_at", "timestamptz", "finalised_at", "timestamptz")
}

func newPapers() *table {
	return newTable("casefile.documents", "id", "uuid", "case_id", "uuid", "section", "text", "title", "text", "file_name", "text",
		"media_type", "text", "size", "int8", "sha256", "text", "author_tenant", "int", "author_account", "uuid", "author_name", "text",
		"created_at", "timestamptz")
}

// isFresh tells whether something of an instant may still be a draft today.
func (b *body) isFresh(at time.Time) bool { return b.today.Sub(at) < settled*24*time.Hour }

// meetings are the instants at which somebody works on the case: some days after the opening, then every few weeks.
func (c *contents) meetings(f file, most int) (all []time.Time) {
	end := f.closed()
	at, come := c.later(f.at, 3, 6)
	for come && len(all) < most && (end == nil || at.Before(*end)) {
		all = append(all, at)
		at, come = c.later(at, 10, 35)
	}
	return all
}

// addNotes writes the diary. What was written last may still be a draft.
func (c *contents) addNotes(f file) {
	said := slices.Clone(remarks[f.target.area])
	c.seed.Shuffle(len(said), func(i, j int) { said[i], said[j] = said[j], said[i] })
	said = append([]remark{pick(c.seed, firsts)}, said...)
	for i, at := range c.meetings(f, c.notes) {
		note := said[i%len(said)]
		kind, _ := diary.NoteKindOf(note.kind) // those of the remarks exist
		signed := &at
		if c.isFresh(at) && f.index%4 != 0 {
			signed = nil
		}
		c.diary.add(c.seed.id("note", f.index*20+i, at), f.id, kind.Section, kind.ID, "public", day(at), note.text, c.id,
			f.manager.account, f.manager.fullName(), at, at, signed)
	}
}

// addAssessments fills in a scale, and again after two months, when little has changed.
func (c *contents) addAssessments(f file) {
	if f.target.area == minors || f.index%5 > 2 {
		return
	}
	in := pick(c.seed, c.instruments)
	end := f.closed()
	which := c.seed.IntN(len(in.patterns))
	at, come := c.later(f.at, 7, 14)
	for i := 0; come && i < c.assessments && (end == nil || at.Before(*end)); i++ {
		c.addAssessment(f, in, in.patterns[which], at)
		which = min(max(which+c.seed.between(-1, 1), 0), len(in.patterns)-1)
		at, come = c.later(at, 55, 70)
	}
}

// addAssessment adds a final one, or a draft, which has no score, if it is fresh.
func (c *contents) addAssessment(f file, in instrument, p pattern, at time.Time) {
	title := in.source.Title
	state, score, band, label, done := "final", &p.score, &p.band.Key, p.band.Label, &at
	if c.isFresh(at) {
		state, score, band, label.IT, label.EN, done = "draft", nil, nil, "", "", nil
	}
	c.assessed.add(c.seed.id("assessment", c.assessed.rows(), at), f.id, in.edition, in.source.Key, title.IT, title.EN, p.answers,
		score, in.min, in.max, band, label.IT, label.EN, state, day(at), c.id, f.manager.account, f.manager.fullName(), at, at, done)
}

// addPaper files a text of which it is said that it is invented.
func (c *contents) addPaper(f file) {
	at, come := c.later(f.at, 3, 20)
	if !come {
		return
	}
	p := pick(c.seed, papers)
	content := fmt.Appendf(nil, "%s\n\nDocumento dimostrativo: il contenuto è inventato.\n", p.title)
	sum := sha256.Sum256(content)
	c.content = append(c.content, content)
	c.papers.add(c.seed.id("paper", f.index, at), f.id, p.section, p.title, p.file, "text/plain", len(content), hex.EncodeToString(sum[:]), c.id,
		f.manager.account, f.manager.fullName(), at)
}
