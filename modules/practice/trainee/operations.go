package trainee

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

type operations struct{ service *Service }

// Operations are those of the training log.
func Operations(service *Service) []modules.Operation {
	o := operations{service}
	const write = "adoption:write"
	return []modules.Operation{
		modules.Declare(write, form.Operation("list-trainees", http.MethodGet, "/adoptions/{id}/trainees", "List who was trained",
			"Colleagues of the own body who were trained for an adoption, with those who have left."), o.find),
		modules.Declare(write, form.Operation("add-trainee", http.MethodPost, "/adoptions/{id}/trainees", "Write down who was trained",
			"A colleague of the own body, in a course of the kit."), o.add),
		modules.Declare(write, form.Operation("remove-trainee", http.MethodPost, "/adoptions/{id}/trainees/{trainee}/remove", "Take somebody off the training log",
			"Who was written down by mistake, or in whose place somebody else was trained."), o.remove),
	}
}

// TraineeView is somebody on the training log.
type TraineeView struct {
	ID      string `json:"id,omitempty" format:"uuid" maxLength:"36" readOnly:"true"`
	Course  string `json:"course" maxLength:"64"`
	Account string `json:"account" format:"uuid" maxLength:"36" doc:"The colleague"`
	Name    string `json:"name,omitempty" maxLength:"120" readOnly:"true"`
	Day     string `json:"day" maxLength:"10" doc:"As 2026-03-01"`
	Left    bool   `json:"left,omitempty" readOnly:"true" doc:"Works in the body no more"`
}

type logOutput struct {
	Body struct {
		Items []TraineeView `json:"items" maxItems:"2000"`
	}
}

func (o operations) find(ctx context.Context, in *form.IDPath) (*logOutput, error) {
	id, err := in.UUID()
	if err != nil {
		return nil, err
	}
	return o.log(ctx, id)
}

func (o operations) log(ctx context.Context, id uuid.UUID) (*logOutput, error) {
	l, err := o.service.Get(ctx, tenants.ScopeFrom(ctx), id)
	if err != nil {
		return nil, err
	}
	out := &logOutput{}
	out.Body.Items = []TraineeView{}
	for _, t := range l.Trainees {
		out.Body.Items = append(out.Body.Items, TraineeView{
			ID: t.ID.String(), Course: t.Course, Account: t.Account.String(), Name: t.Name, Day: t.Day.Format(time.DateOnly), Left: t.Left,
		})
	}
	return out, nil
}

func (o operations) add(ctx context.Context, in *struct {
	form.IDPath
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"Id of the line of the log"`
	Body TraineeView
},
) (*logOutput, error) {
	id, err := in.UUID()
	if err != nil {
		return nil, err
	}
	line, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	t := Trainee{ID: line, Course: in.Body.Course}
	t.Account = modules.LinkID(in.Body.Account) // what is no id is no colleague
	if t.Day, err = time.Parse(time.DateOnly, in.Body.Day); err != nil {
		var wrong problem.Fields
		wrong.Add("day", "practice.board.error.day")
		return nil, wrong.Err()
	}
	if err := o.service.Add(ctx, tenants.ScopeFrom(ctx), id, t); err != nil {
		return nil, err
	}
	return o.log(ctx, id)
}

func (o operations) remove(ctx context.Context, in *struct {
	form.IDPath
	Trainee string `path:"trainee" format:"uuid" maxLength:"36" doc:"Id of the line of the log"`
},
) (*logOutput, error) {
	id, err := in.UUID()
	if err != nil {
		return nil, err
	}
	trainee, err := modules.KnownID(in.Trainee)
	if err != nil {
		return nil, err
	}
	if err := o.service.Remove(ctx, tenants.ScopeFrom(ctx), id, trainee); err != nil {
		return nil, err
	}
	return o.log(ctx, id)
}
