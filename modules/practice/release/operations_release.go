package release

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/fault"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/format"
	"staffetta/tenants"
)

// ReportView is a kit of the body with what its last check found.
type ReportView struct {
	ID            string           `json:"id" format:"uuid"`
	Practice      string           `json:"practice" format:"uuid"`
	Release       string           `json:"release" maxLength:"14"`
	State         string           `json:"state" enum:"draft,published"`
	Items         []ContentView    `json:"items" maxItems:"2000"`
	Completeness  int              `json:"completeness" minimum:"0" maximum:"100" doc:"Per cent of the kinds that a whole kit has"`
	Missing       []kit.Term       `json:"missing" maxItems:"2000" doc:"Kinds that a whole kit has and this one has not"`
	Findings      []PersonalView   `json:"findings" maxItems:"2000" doc:"What may tell who a person is"`
	NamesCompared bool             `json:"names_compared" doc:"Whether the names in these texts have been compared with the registry"`
	Dangling      []DanglingView   `json:"dangling" maxItems:"2000" doc:"References that lead out of the kit"`
	Formats       []format.GapView `json:"formats" maxItems:"2000" doc:"Where answers to questions of earlier releases would have no place"`
	Faults        []fault.Flaw     `json:"faults" maxItems:"2000" doc:"Items that cannot be published as they are"`
	Clear         bool             `json:"clear" doc:"Whether it may be published"`
	Hash          string           `json:"hash,omitempty" maxLength:"64"`
	PublishedAt   *time.Time       `json:"published_at,omitempty"`
}

// ContentView is an item of a kit.
type ContentView struct {
	Kind    string `json:"kind" maxLength:"40"`
	Key     string `json:"key" maxLength:"64"`
	SHA256  string `json:"sha256" maxLength:"64"`
	Version string `json:"version_id" maxLength:"36"`
}

// PersonalView is a finding of the personal-data check.
type PersonalView struct {
	ID        string `json:"id" maxLength:"36"`
	Rule      string `json:"rule" enum:"fiscal_code,tax_number,iban,card,email,phone,plate,document,health_card,birth_date,name,address,names" doc:"names: somewhere in the kit, for who may not see persons"`
	Place     string `json:"place" maxLength:"600" doc:"Empty for names"`
	Match     string `json:"match" maxLength:"300" doc:"Empty for a name: the finding says where one stands and not whose"`
	Reason    string `json:"reason" maxLength:"500" doc:"Why it may stand, as the first person says"`
	Justified bool   `json:"justified" doc:"A first person has said why it may stand"`
	Confirmed bool   `json:"confirmed" doc:"A second person agrees: it is cleared"`
}

// DanglingView is a reference without an item.
type DanglingView struct {
	Key  string `json:"key" maxLength:"64"`
	Path string `json:"path" maxLength:"500"`
	Ref  string `json:"ref" maxLength:"64"`
}

func reportView(r Report) ReportView {
	view := ReportView{
		ID: r.Kit.ID.String(), Practice: r.Practice.ID.String(), Release: r.Kit.Release, State: string(r.Kit.State), Items: []ContentView{},
		Completeness: r.Kit.Completeness, Missing: kit.Terms(r.Missing), Findings: []PersonalView{}, NamesCompared: r.Kit.NamesCompared, Dangling: []DanglingView{},
		Formats: format.Views(r.Gaps), Faults: r.Faults,
		Clear: r.Clear(), Hash: r.Kit.Hash, PublishedAt: r.Kit.PublishedAt,
	}
	for _, item := range r.Items {
		view.Items = append(view.Items, ContentView{Kind: item.Kind, Key: item.Key, SHA256: item.SHA256, Version: item.ID.String()})
	}
	for _, f := range r.Kit.Findings {
		one := PersonalView{ID: f.ID, Rule: f.Rule, Place: f.Place(), Match: f.Match, Justified: f.Justified != nil, Confirmed: f.Cleared()}
		if f.Justified != nil {
			one.Reason = f.Justified.Reason
		}
		view.Findings = append(view.Findings, one)
	}
	for _, d := range r.Dangling {
		view.Dangling = append(view.Dangling, DanglingView{Key: d.Key, Path: d.Ref.Path, Ref: d.Ref.Key})
	}
	return view
}

type reportOutput struct{ Body ReportView }

func (o operations) registerGetKit(api huma.API) {
	huma.Register(api, form.Operation("get-kit", http.MethodGet, "/kits/{id}", "Get a kit of the body", "What the last check of a kit found."),
		func(ctx context.Context, in *form.IDPath) (*reportOutput, error) {
			id, err := in.UUID()
			if err != nil {
				return nil, err
			}
			return o.report(ctx, id)
		})
}

func (o operations) report(ctx context.Context, id uuid.UUID) (*reportOutput, error) {
	report, err := o.service.GetReport(ctx, tenants.ScopeFrom(ctx), id)
	if err != nil {
		return nil, err
	}
	return &reportOutput{reportView(report)}, nil
}

func (o operations) registerCompose(api huma.API) {
	huma.Register(api, form.Operation("compose-kit", http.MethodPut, "/practices/{id}/kits/{kit}", "Choose the items of a draft kit",
		"Keeps number and items of a kit and checks it: completeness, personal data, references, and its questions against those of earlier releases."),
		func(ctx context.Context, in *struct {
			form.IDPath
			Kit  string `path:"kit" format:"uuid" maxLength:"36" doc:"Id of the kit, chosen by the caller"`
			Body struct {
				Release  string     `json:"release" minLength:"5" maxLength:"14" doc:"Semantic version"`
				Versions []kit.Term `json:"versions" minItems:"1" maxItems:"2000" doc:"Published versions of the body's items"`
			}
		},
		) (*reportOutput, error) {
			c := Composition{Release: in.Body.Release}
			var err error
			if c.Practice, err = in.UUID(); err != nil {
				return nil, err
			}
			if c.Kit, err = modules.KnownID(in.Kit); err != nil {
				return nil, err
			}
			for _, version := range in.Body.Versions {
				id, err := modules.KnownID(string(version))
				if err != nil {
					return nil, err
				}
				c.Versions = append(c.Versions, id)
			}
			report, err := o.service.Compose(ctx, tenants.ScopeFrom(ctx), c)
			if err != nil {
				return nil, err
			}
			return &reportOutput{reportView(report)}, nil
		})
}

// reasonInput is what one of two people says of a finding.
type reasonInput struct {
	form.IDPath
	Finding string `path:"finding" maxLength:"16" doc:"Id of the finding"`
	Body    struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
}

func (o operations) registerJustify(api huma.API) {
	huma.Register(api, form.Operation("justify-finding", http.MethodPost, "/kits/{id}/findings/{finding}/justify", "Say why a finding may stand",
		"Notes why a finding of the personal-data check may stand. It stays open until a second person confirms the reason."), o.settle(o.service.Justify))
}

func (o operations) registerConfirm(api huma.API) {
	huma.Register(api, form.Operation("confirm-finding", http.MethodPost, "/kits/{id}/findings/{finding}/confirm", "Confirm why a finding may stand",
		"Clears a finding that somebody else has justified. The reason is the one that was read; 409 where it is another one by now, 403 for who gave it."),
		o.settle(o.service.Confirm))
}

func (o operations) settle(say func(ctx context.Context, s tenants.Scope, id uuid.UUID, finding, reason string) error) func(context.Context, *reasonInput) (*reportOutput, error) {
	return func(ctx context.Context, in *reasonInput) (*reportOutput, error) {
		id, err := in.UUID()
		if err != nil {
			return nil, err
		}
		if err := say(ctx, tenants.ScopeFrom(ctx), id, in.Finding, in.Body.Reason); err != nil {
			return nil, err
		}
		return o.report(ctx, id)
	}
}

func (o operations) registerPublish(api huma.API) {
	huma.Register(api, form.Operation("publish-kit", http.MethodPost, "/kits/{id}/publish", "Publish a kit",
		"Runs the checks again and copies the kit, without persons, to where every body can read it. A published kit never changes."),
		func(ctx context.Context, in *form.IDPath) (*reportOutput, error) {
			id, err := in.UUID()
			if err != nil {
				return nil, err
			}
			if _, err := o.service.Publish(ctx, tenants.ScopeFrom(ctx), id); err != nil {
				return nil, err
			}
			return o.report(ctx, id)
		})
}

// sheetFrom reads a sheet that came as a JSON object; what does not fit is problem.Invalid.
func sheetFrom(object map[string]any) (Sheet, error) {
	raw, err := json.Marshal(object)
	if err != nil {
		return Sheet{}, err
	}
	sheet, err := ParseSheet(bytes.TrimSpace(raw))
	if err != nil {
		var wrong problem.Fields
		wrong.Add("sheet", "practice.error.sheet")
		return Sheet{}, wrong.Err()
	}
	return sheet, nil
}
