package kit

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/modules"
	"staffetta/modules/kit/effect"
	"staffetta/tenants"
)

type operations struct{ items *Items }

func (o operations) list() []modules.Operation {
	return []modules.Operation{
		{Permission: "item:read", Register: o.registerFind},
		{Permission: "item:read", Register: o.registerGet},
		{Permission: "item:write", Register: o.registerDraft},
		effect.Operation(o.items.Effect),
		{Permission: "item:write", Register: o.registerPublish},
		{Permission: "item:write", Register: o.registerRetire},
		{Permission: "item:write", Register: o.registerRestore},
	}
}

// ConfigurationItem is an item as the API gives it.
type ConfigurationItem struct {
	ID         string           `json:"id" format:"uuid"`
	Kind       string           `json:"kind" maxLength:"40"`
	Key        string           `json:"key" maxLength:"64"`
	Title      Wording          `json:"title"`
	Owner      string           `json:"owner,omitempty" maxLength:"200"`
	Licence    string           `json:"licence,omitempty" maxLength:"60"`
	State      string           `json:"state" enum:"draft,published,retired"`
	Adaptation string           `json:"adaptation" enum:"local,adopted,adapted,dropped"`
	KitVersion string           `json:"kit_version,omitempty" maxLength:"40" doc:"Version of the kit from which the item came"`
	VersionID  string           `json:"version_id,omitempty" maxLength:"36" doc:"Published version, to be pinned by records"`
	Number     int              `json:"number" minimum:"0" maximum:"1000000" doc:"Number of the published version, 0 if there is none"`
	SHA256     string           `json:"sha256,omitempty" maxLength:"64"`
	Revision   int              `json:"revision" minimum:"0" maximum:"1000000" doc:"Value for If-Match"`
	UpdatedAt  time.Time        `json:"updated_at"`
	Content    *json.RawMessage `json:"content,omitempty" doc:"Published content, by the schema of the kind"`
	Draft      *json.RawMessage `json:"draft,omitempty" doc:"Content not yet published"`
}

func bodyOf(item Item) ConfigurationItem {
	body := ConfigurationItem{
		ID: item.ID.String(), Kind: item.Kind, Key: item.Key, Title: WordingOf(item.Title), Owner: item.Owner, Licence: item.Licence,
		State: string(item.State), Adaptation: string(item.Adaptation), KitVersion: item.Origin.Version, Number: item.Current.Number,
		SHA256: item.Current.SHA256, Revision: item.Revision, UpdatedAt: item.UpdatedAt, Content: raw(item.Current.Content), Draft: raw(item.Draft),
	}
	if item.Current.Number > 0 {
		body.VersionID = item.Current.ID.String()
	}
	return body
}

func raw(content []byte) *json.RawMessage {
	if content == nil {
		return nil
	}
	message := json.RawMessage(content)
	return &message
}

type findInput struct {
	Kind string `query:"kind" maxLength:"40" doc:"Only items of this kind"`
}

type findOutput struct {
	Body struct {
		Items []ConfigurationItem `json:"items" maxItems:"2000"`
		Next  string              `json:"next" maxLength:"80" doc:"Always empty: a body has some hundreds of items"`
	}
}

func (o operations) registerFind(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "list-items", Method: http.MethodGet, Path: "/items", Tags: []string{"kit"}, Summary: "List configuration items",
		Description: "The items of the body without their contents, by kind and key.",
	}, func(ctx context.Context, in *findInput) (*findOutput, error) {
		items, err := o.items.Find(ctx, tenants.ScopeFrom(ctx), in.Kind)
		if err != nil {
			return nil, err
		}
		out := &findOutput{}
		out.Body.Items = make([]ConfigurationItem, len(items))
		for i, item := range items {
			out.Body.Items[i] = bodyOf(item)
		}
		return out, nil
	})
}

// ItemPath names an item in a path.
type ItemPath struct {
	Kind string `path:"kind" maxLength:"40" doc:"Kind of item, such as service"`
	Key  string `path:"key" maxLength:"64" doc:"Key of the item, such as SV-01"`
}

type itemOutput struct {
	ETag string `header:"ETag" maxLength:"20" doc:"Revision, for If-Match"`
	Body ConfigurationItem
}

func (o operations) registerGet(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "get-item", Method: http.MethodGet, Path: "/items/{kind}/{key}", Tags: []string{"kit"}, Summary: "Get a configuration item",
		Description: "An item in any state with its published content and its draft.",
	}, func(ctx context.Context, in *ItemPath) (*itemOutput, error) {
		return o.get(ctx, in.Kind, in.Key)
	})
}

func (o operations) get(ctx context.Context, kind, key string) (*itemOutput, error) {
	item, err := o.items.Item(ctx, tenants.ScopeFrom(ctx), kind, key)
	if err != nil {
		return nil, err
	}
	return &itemOutput{ETag: strconv.Quote(strconv.Itoa(item.Revision)), Body: bodyOf(item)}, nil
}

type draftInput struct {
	ItemPath
	IfMatch string `header:"If-Match" maxLength:"20" doc:"The version that the caller has seen; missing for a new one"`
	Body    struct {
		Title   Wording         `json:"title"`
		Owner   string          `json:"owner,omitempty" maxLength:"200"`
		Licence string          `json:"licence,omitempty" maxLength:"60"`
		Content json.RawMessage `json:"content"`
	}
}

func (o operations) registerDraft(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "save-item-draft", Method: http.MethodPut, Path: "/items/{kind}/{key}/draft", Tags: []string{"kit"}, Summary: "Save a draft",
		Description: "Keeps a content of an item without publishing it; makes the item when it is new.",
	}, func(ctx context.Context, in *draftInput) (*itemOutput, error) {
		revision, err := modules.IfMatchNew(in.IfMatch)
		if err != nil {
			return nil, err
		}
		edit := Edit{Revision: revision, Source: Source{
			Kind: in.Kind, Key: in.Key, Title: Text{IT: in.Body.Title.It, EN: in.Body.Title.En},
			Owner: in.Body.Owner, Licence: in.Body.Licence, Content: in.Body.Content,
		}}
		if _, err := o.items.SaveDraft(ctx, tenants.ScopeFrom(ctx), edit); err != nil {
			return nil, err
		}
		return o.get(ctx, in.Kind, in.Key)
	})
}

type stepInput struct {
	ItemPath
	IfMatch string `header:"If-Match" required:"true" maxLength:"20" doc:"The version that the caller has seen"`
	Body    struct {
		Reason       string `json:"reason" minLength:"1" maxLength:"500"`
		Mark         string `json:"mark,omitempty" maxLength:"64" doc:"Of the effect, as it was read; needed where it is told"`
		Acknowledged bool   `json:"acknowledged,omitempty" doc:"Who gains and who loses has been read"`
	}
}

func (in stepInput) step() (Step, error) {
	revision, err := modules.IfMatchNew(in.IfMatch)
	consent := modules.Consent{Mark: in.Body.Mark, Acknowledged: in.Body.Acknowledged}
	return Step{Kind: in.Kind, Key: in.Key, Revision: revision, Reason: in.Body.Reason, Consent: consent}, err
}

func (o operations) registerPublish(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "publish-item", Method: http.MethodPost, Path: "/items/{kind}/{key}/publish", Tags: []string{"kit"}, Summary: "Publish the draft",
		Description: "Makes the draft the next version of the item, if it fits the schema and the rules of its kind.",
	}, func(ctx context.Context, in *stepInput) (*itemOutput, error) {
		step, err := in.step()
		if err != nil {
			return nil, err
		}
		if _, err := o.items.Publish(ctx, tenants.ScopeFrom(ctx), step); err != nil {
			return nil, err
		}
		return o.get(ctx, in.Kind, in.Key)
	})
}

func (o operations) registerRetire(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "retire-item", Method: http.MethodPost, Path: "/items/{kind}/{key}/retire", Tags: []string{"kit"}, Summary: "Retire an item",
		Description: "Takes an item out of use. What was made with it keeps its version.",
	}, func(ctx context.Context, in *stepInput) (*itemOutput, error) {
		step, err := in.step()
		if err != nil {
			return nil, err
		}
		if err := o.items.Retire(ctx, tenants.ScopeFrom(ctx), step); err != nil {
			return nil, err
		}
		return o.get(ctx, in.Kind, in.Key)
	})
}

type restoreInput struct {
	ItemPath
	IfMatch string `header:"If-Match" required:"true" maxLength:"20" doc:"The version that the caller has seen"`
	Body    struct {
		Number int `json:"number" minimum:"0" maximum:"1000000" doc:"Number of the version to go on from; 0, with which settings begin, for them alone"`
	}
}

func (o operations) registerRestore(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "restore-item-version", Method: http.MethodPost, Path: "/items/{kind}/{key}/restore", Tags: []string{"kit"}, Summary: "Go back to an older version",
		Description: "Makes the content of an older version the draft. It is in use again when somebody publishes it.",
	}, func(ctx context.Context, in *restoreInput) (*itemOutput, error) {
		revision, err := modules.IfMatchNew(in.IfMatch)
		if err != nil {
			return nil, err
		}
		asked := Restoring{Kind: in.Kind, Key: in.Key, Number: in.Body.Number, Revision: revision}
		if _, err := o.items.Restore(ctx, tenants.ScopeFrom(ctx), asked); err != nil {
			return nil, err
		}
		return o.get(ctx, in.Kind, in.Key)
	})
}
