package upgrade

import (
	"bytes"
	"context"

	"github.com/google/uuid"

	"staffetta/internal/carry"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// Carrying is what an upgrade means for the answers of an item that are stored: the open records may go on in the new version,
// the closed ones keep the questions that they were answered to.
type Carrying struct {
	Open, Closed int
	Lost         []LostAnswers // of the open ones: answers that would have no place in the new version, or may have none
}

// LostAnswers are answers to one question without a sure place: they are kept with the record and shown. No text that somebody
// wrote is among them.
type LostAnswers struct {
	Question kit.FormItem
	Value    string // the one answer to choose from that it is about; "" for any
	Narrow   bool   // the new question takes fewer answers: some of them have a place
	Records  int
}

// few is the least number of records that is told: fewer are "fewer than five".
const few = 5

// Told is the number of records as it is shown; false where it is too small.
func (l LostAnswers) Told() (int, bool) { return l.Records, l.Records >= few }

// Leaves tells whether answers of open records would have no sure place: who applies the plan says that they have read it.
func (p Plan) Leaves() bool {
	for _, line := range p.Lines {
		if line.leaves() {
			return true
		}
	}
	return false
}

func (l Line) leaves() bool { return l.Carried != nil && len(l.Carried.Lost) > 0 }

// addCarrying reads the stored answers of what would change through the changes that the new version declares, as counts.
func (v *Service) addCarrying(ctx context.Context, tx tenants.Tx, s tenants.Scope, plan *Plan) error {
	asking, items := map[*Line]*kit.Form{}, []modules.ItemName{}
	for i := range plan.Lines {
		line := &plan.Lines[i]
		if !line.touches() || line.Gone {
			continue
		}
		if form, ok := kit.FormIn(line.Kind, line.then().Content); ok {
			asking[line], items = form, append(items, line.item())
		}
	}
	stored, err := v.deps.Platform.Uses.Answers(ctx, tx, s, items)
	if err != nil {
		return err
	}
	versions, err := readVersions(ctx, tx, s, stored)
	if err != nil {
		return err
	}
	for line, form := range asking {
		line.Carried = carried(form, line.then().Content, versions, stored[line.item()])
	}
	return nil
}

func (l Line) item() modules.ItemName { return modules.ItemName{Kind: l.Kind, Key: l.Key} }

// then is what the item would hold: of a conflict, what the kit brings.
func (l Line) then() kit.Source {
	if l.Result.Content != nil {
		return l.Result
	}
	return l.Theirs
}

// carried counts what becomes of stored answers; nil where nothing is stored that was asked otherwise.
func carried(form *kit.Form, content []byte, versions map[uuid.UUID]kit.Version, stored []modules.StoredAnswers) *Carrying {
	sum := &Carrying{}
	losses, older := map[uuid.UUID]map[string]carry.Loss{}, map[uuid.UUID]*kit.Form{}
	for _, one := range stored {
		id, version := one.Version, versions[one.Version]
		was, ok := kit.FormIn(version.Kind, version.Content)
		if losses[id] != nil || !ok || bytes.Equal(version.Content, content) {
			continue
		}
		older[id], losses[id] = was, map[string]carry.Loss{}
		for _, loss := range form.Set().Compare(was.Set().Questions) {
			losses[id][loss.Key] = loss
		}
	}
	for _, one := range stored {
		switch was := older[one.Version]; {
		case was == nil:
		case one.Question == "" && one.Open:
			sum.Open += one.Records
		case one.Question == "":
			sum.Closed += one.Records
		default:
			sum.lose(was, losses[one.Version][one.Question], one)
		}
	}
	if sum.Open+sum.Closed == 0 {
		return nil
	}
	return sum
}

// lose adds answers that a loss is about.
func (c *Carrying) lose(was *kit.Form, loss carry.Loss, one modules.StoredAnswers) {
	if !loss.Of(one.Value) || one.Question != loss.Key {
		return
	}
	question, _ := was.Item(one.Question)
	for i := range c.Lost {
		if l := &c.Lost[i]; l.Question.Key == one.Question && l.Value == one.Value {
			l.Records += one.Records
			return
		}
	}
	c.Lost = append(c.Lost, LostAnswers{Question: question, Value: one.Value, Narrow: loss.Why == carry.Narrow, Records: one.Records})
}
