package catalogue

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

type operations struct{ service *Service }

// Operations are those of the catalogue.
func Operations(service *Service) []modules.Operation {
	o := operations{service}
	return []modules.Operation{{Permission: "adoption:read", Register: o.registerFindOffers}}
}

// OfferView is a published practice as the API gives it.
type OfferView struct {
	Practice     string      `json:"practice" format:"uuid"`
	Kit          string      `json:"kit" format:"uuid"`
	Release      string      `json:"release" maxLength:"14"`
	Title        kit.Wording `json:"title"`
	Body         string      `json:"body" maxLength:"200" doc:"Ceding body"`
	Licence      string      `json:"licence" maxLength:"60"`
	Completeness int         `json:"completeness" minimum:"0" maximum:"100"`
	Hash         string      `json:"hash" maxLength:"64"`
	Adopters     int         `json:"adopters" minimum:"0" maximum:"1000000"`
	PublishedAt  time.Time   `json:"published_at"`
}

type offersOutput struct {
	Body struct {
		Items []OfferView `json:"items" maxItems:"2000"`
		Next  string      `json:"next" maxLength:"80"`
	}
}

func (o operations) registerFindOffers(api huma.API) {
	huma.Register(api, form.Operation("list-offers", http.MethodGet, "/offers", "List published practices", "The newest kit of each published practice, of all bodies."),
		func(ctx context.Context, in *struct {
			Search string `query:"q" maxLength:"100" doc:"Words to look for"`
		},
		) (*offersOutput, error) {
			offers, err := o.service.FindOffers(ctx, tenants.ScopeFrom(ctx), in.Search)
			if err != nil {
				return nil, err
			}
			out := &offersOutput{}
			out.Body.Items = []OfferView{}
			for _, offer := range offers {
				out.Body.Items = append(out.Body.Items, OfferView{
					Practice: offer.Practice.String(), Kit: offer.Kit.String(), Release: offer.Release, Title: kit.WordingOf(offer.Title), Body: offer.Body,
					Licence: offer.Licence, Completeness: offer.Completeness, Hash: offer.Hash, Adopters: offer.Adopters, PublishedAt: offer.PublishedAt,
				})
			}
			return out, nil
		})
}
