package office

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are the operations of the offices.
func Operations(v *Service) []modules.Operation {
	o, tags := &operations{service: v}, []string{"onboarding"}
	return []modules.Operation{
		modules.Declare(policies.Public, huma.Operation{
			OperationID: "list-offices", Method: http.MethodGet, Path: "/offices", Tags: tags, Summary: "List the offices of the body",
			Description: "Where the body receives people, today or from a later day on, by name. Needs no login.",
		}, o.find),
		modules.Declare(Write, huma.Operation{
			OperationID: "create-office", Method: http.MethodPost, Path: "/offices", Tags: tags, DefaultStatus: http.StatusCreated, Summary: "Open an office",
			Description: "Adds an office of the body, which citizens see at once.",
		}, o.create),
		modules.Declare(Write, huma.Operation{
			OperationID: "update-office", Method: http.MethodPut, Path: "/offices/{office}", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Change an office",
			Description: "Writes all that the body says of an office. One that closes is changed no more.",
		}, o.update),
		modules.Declare(Write, huma.Operation{
			OperationID: "close-office", Method: http.MethodPost, Path: "/offices/{office}/closure", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Close an office",
			Description: "Who works there goes on at the successor, or for the whole body; cases of other bodies that are shown to the office are seen at the successor.",
		}, o.close),
	}
}

// HoursBody is from when to when an office is open on a weekday.
type HoursBody struct {
	Day  int    `json:"day" minimum:"1" maximum:"7" doc:"1 is Monday"`
	From string `json:"from" maxLength:"5" pattern:"^[0-2][0-9]:[0-5][0-9]$"`
	To   string `json:"to" maxLength:"5" pattern:"^[0-2][0-9]:[0-5][0-9]$"`
}

// ClosedBody are days on which an office does not open though its week says so.
type ClosedBody struct {
	From   string `json:"from" format:"date"`
	To     string `json:"to" format:"date" doc:"The last of them"`
	Reason string `json:"reason,omitempty" maxLength:"120" doc:"Public"`
}

// SheetBody is what a body says of an office.
type SheetBody struct {
	Name        string       `json:"name" minLength:"2" maxLength:"120"`
	Address     string       `json:"address" minLength:"1" maxLength:"300"`
	Phone       string       `json:"phone,omitempty" maxLength:"40"`
	Email       string       `json:"email,omitempty" maxLength:"254"`
	Hours       []HoursBody  `json:"hours" maxItems:"28"`
	Closed      []ClosedBody `json:"closedDays,omitempty" maxItems:"60" doc:"Days on which it does not open; the national feasts are known"`
	AccessNotes string       `json:"accessNotes,omitempty" maxLength:"1000"`
	Areas       []string     `json:"areas" maxItems:"60" maxLength:"80" doc:"Parts of the city that it serves; none for all"`
	Targets     []string     `json:"targets" maxItems:"7" enum:"famiglia_minori,disabili,dipendenze,anziani,immigrati_rsc,poverta,multiutenza" doc:"Istat areas of users; none for everybody"`
	From        string       `json:"from,omitempty" format:"date" doc:"Its first day; today if empty"`
}

// OfficeBody is an office.
type OfficeBody struct {
	ID int32 `json:"id" minimum:"1" maximum:"100000"`
	SheetBody
	To      string `json:"to,omitempty" format:"date" doc:"Its last day; none for no end"`
	Version int    `json:"version" minimum:"1" maximum:"2147483647" doc:"As If-Match wants it"`
}

type officesOutput struct {
	Body struct {
		Items []OfficeBody `json:"items" maxItems:"500"`
	}
}

func (o *operations) find(ctx context.Context, _ *struct{}) (*officesOutput, error) {
	found, err := o.service.FindOpen(ctx, tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	out := &officesOutput{}
	out.Body.Items = make([]OfficeBody, len(found))
	for i, one := range found {
		out.Body.Items[i] = bodyOf(one)
	}
	return out, nil
}

func bodyOf(o Office) OfficeBody {
	b := OfficeBody{ID: o.ID, Version: o.Version, SheetBody: SheetBody{
		Name: o.Name, Address: o.Address, Phone: o.Phone, Email: o.Email, AccessNotes: o.AccessNotes, Areas: given(o.Areas), Targets: given(o.Targets),
		From: o.From.Format(time.DateOnly), Hours: []HoursBody{},
	}}
	if !o.To.IsZero() {
		b.To = o.To.Format(time.DateOnly)
	}
	for _, c := range o.Closed {
		b.Closed = append(b.Closed, ClosedBody{From: c.From.Format(time.DateOnly), To: c.To.Format(time.DateOnly), Reason: c.Why})
	}
	for day, openings := range o.Hours {
		for _, opening := range openings {
			b.Hours = append(b.Hours, HoursBody{Day: day + 1, From: clock(opening.From), To: clock(opening.To)})
		}
	}
	return b
}

// sheet reads what is said of an office. Error: problem.Invalid by field.
func (b SheetBody) sheet() (Sheet, error) {
	var wrong problem.Fields
	s := Sheet{Name: b.Name, Address: b.Address, Phone: b.Phone, Email: b.Email, AccessNotes: b.AccessNotes, Areas: b.Areas, Targets: b.Targets}
	for _, one := range b.Hours {
		openings, ok := ParseDay(one.From + "-" + one.To)
		if !ok {
			wrong.Add(DayFields[one.Day-1], "onboarding.office.error.hours")
		}
		s.Hours[one.Day-1] = append(s.Hours[one.Day-1], openings...)
	}
	for _, one := range b.Closed {
		from, err := time.Parse(time.DateOnly, one.From)
		to, other := time.Parse(time.DateOnly, one.To)
		if err != nil || other != nil {
			wrong.Add("chiusure", "web.field.day")
		}
		s.Closed = append(s.Closed, Closed{From: from, To: to, Why: one.Reason})
	}
	if b.From != "" {
		var err error
		if s.From, err = time.Parse(time.DateOnly, b.From); err != nil {
			wrong.Add("dal", "web.field.day")
		}
	}
	return s, wrong.Err()
}

type createInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"UUID by which asking twice opens one office"`
	Body SheetBody
}

type createOutput struct {
	Body struct {
		ID int32 `json:"id" minimum:"1" maximum:"100000"`
	}
}

func (o *operations) create(ctx context.Context, in *createInput) (*createOutput, error) {
	key, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	sheet, err := in.Body.sheet()
	if err != nil {
		return nil, err
	}
	out := &createOutput{}
	out.Body.ID, err = o.service.Create(ctx, tenants.ScopeFrom(ctx), key, sheet)
	return out, err
}

type updateInput struct {
	Office  int32  `path:"office" minimum:"1" maximum:"100000" doc:"Number of the office"`
	IfMatch string `header:"If-Match" required:"true" maxLength:"20" doc:"The version that the caller has seen"`
	Body    SheetBody
}

func (o *operations) update(ctx context.Context, in *updateInput) (*struct{}, error) {
	seen, err := modules.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	sheet, err := in.Body.sheet()
	if err != nil {
		return nil, err
	}
	return nil, o.service.Change(ctx, tenants.ScopeFrom(ctx), in.Office, seen, sheet)
}

type closeInput struct {
	Office  int32  `path:"office" minimum:"1" maximum:"100000" doc:"Number of the office"`
	IfMatch string `header:"If-Match" required:"true" maxLength:"20" doc:"The version that the caller has seen"`
	Body    struct {
		LastDay   string `json:"lastDay" format:"date"`
		Successor int32  `json:"successor,omitempty" minimum:"0" maximum:"100000" doc:"Number of the office that goes on; none for the whole body"`
	}
}

func (o *operations) close(ctx context.Context, in *closeInput) (*struct{}, error) {
	seen, err := modules.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	last, err := time.Parse(time.DateOnly, in.Body.LastDay)
	if err != nil {
		var wrong problem.Fields
		wrong.Add("al", "web.field.day")
		return nil, wrong.Err()
	}
	return nil, o.service.Close(ctx, tenants.ScopeFrom(ctx), in.Office, Closing{LastDay: last, Successor: in.Body.Successor, Seen: seen})
}
