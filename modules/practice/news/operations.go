package news

import (
	"context"
	"encoding/json"
	"net/http"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/credit"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

type operations struct{ service *Service }

// Operations are those of change lists.
func Operations(service *Service) []modules.Operation {
	o := operations{service}
	return []modules.Operation{
		modules.Declare("adoption:read", form.Operation("get-kit-changes", http.MethodGet, "/offers/{id}/changes", "Compare two kits", "What changed from one release of a published practice to a newer one, item by item."), o.changes),
		modules.Declare("adoption:read", form.Operation("get-adoption-news", http.MethodGet, "/adoptions/{id}/news", "Get the news of an adoption", "What changed from the kit that the body took to the newest."), o.news),
		modules.Declare("practice:publish", form.Operation("get-kit-outlook", http.MethodGet, "/kits/{id}/outlook", "Look ahead at a kit",
			"What a draft kit changes from the release published last, who would gain and who would lose by it, and which adopters its publication tells."), o.outlook),
		modules.Declare("adoption:write", form.Operation("read-adoption-news", http.MethodPost, "/adoptions/{id}/news/reading", "Mark news as read", "The desk tells of them no more."), o.read),
	}
}

// KitChangesView is a change list as the API gives it.
type KitChangesView struct {
	From  string          `json:"from" maxLength:"14" doc:"Release; empty where there is no older one"`
	To    string          `json:"to" maxLength:"14"`
	Items []KitItemChange `json:"items" maxItems:"2000"`
}

// KitItemChange is what became of one item.
type KitItemChange struct {
	Kind    string           `json:"kind" maxLength:"40"`
	Key     string           `json:"key" maxLength:"64"`
	Title   kit.Wording      `json:"title"`
	What    string           `json:"what" enum:"added,changed,removed"`
	Places  []KitPlaceChange `json:"places" maxItems:"2000"`
	Credits []KitCreditView  `json:"credits" maxItems:"1000"`
}

// KitPlaceChange is one place that changed.
type KitPlaceChange struct {
	Path string `json:"path" maxLength:"1000"`
	Was  any    `json:"was,omitempty" doc:"Missing where there was nothing"`
	Is   any    `json:"is,omitempty" doc:"Missing where nothing is left"`
}

// KitCreditView names a body to whom a change is owed.
type KitCreditView struct {
	Body    string `json:"body" maxLength:"200"`
	Reason  string `json:"reason" maxLength:"500"`
	Release string `json:"release" maxLength:"14"`
}

func changesView(list ChangeList) KitChangesView {
	view := KitChangesView{From: list.From, To: list.Offer.Release, Items: []KitItemChange{}}
	for _, one := range list.Items {
		item := KitItemChange{
			Kind: one.Kind, Key: one.Key, Title: kit.Wording{It: one.Title.IT, En: one.Title.EN}, What: one.What, Places: []KitPlaceChange{}, Credits: creditViews(one.Credits),
		}
		for _, c := range one.Places {
			item.Places = append(item.Places, KitPlaceChange{c.Path, value(c.Was), value(c.Is)})
		}
		view.Items = append(view.Items, item)
	}
	return view
}

func creditViews(credits []credit.Credit) []KitCreditView {
	views := []KitCreditView{}
	for _, c := range credits {
		views = append(views, KitCreditView{c.Body, c.Reason.IT, c.Release})
	}
	return views
}

// value is a JSON value as the API gives it; nil for none.
func value(raw json.RawMessage) any {
	if raw == nil {
		return nil
	}
	return raw
}

func (o operations) changes(ctx context.Context, in *struct {
	form.IDPath
	From string `query:"from" maxLength:"14" doc:"Release; the one before the newer if missing"`
	To   string `query:"to" maxLength:"14" doc:"Release; the newest if missing"`
},
) (*struct{ Body KitChangesView }, error) {
	id, err := in.UUID()
	if err != nil {
		return nil, err
	}
	list, err := o.service.GetChanges(ctx, tenants.ScopeFrom(ctx), id, in.From, in.To)
	if err != nil {
		return nil, err
	}
	return &struct{ Body KitChangesView }{changesView(list)}, nil
}

// AdoptionNewsView is the news of an adoption.
type AdoptionNewsView struct {
	Newer   bool           `json:"newer" doc:"There is a newer kit than the body took"`
	Unread  bool           `json:"unread"`
	Changes KitChangesView `json:"changes"`
}

type newsOutput struct{ Body AdoptionNewsView }

func (o operations) news(ctx context.Context, in *form.IDPath) (*newsOutput, error) {
	id, err := in.UUID()
	if err != nil {
		return nil, err
	}
	n, err := o.service.Get(ctx, tenants.ScopeFrom(ctx), id)
	if err != nil {
		return nil, err
	}
	return &newsOutput{AdoptionNewsView{n.Newer, n.Unread, changesView(n.Changes)}}, nil
}

func (o operations) read(ctx context.Context, in *form.IDPath) (*newsOutput, error) {
	id, err := in.UUID()
	if err != nil {
		return nil, err
	}
	if err := o.service.Read(ctx, tenants.ScopeFrom(ctx), id); err != nil {
		return nil, err
	}
	return o.news(ctx, in)
}
