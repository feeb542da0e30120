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
	Area         string      `json:"area" maxLength:"60" doc:"ISTAT area; empty where the sheet names none"`
	Region       string      `json:"region" maxLength:"2" doc:"Region of the ceding body; empty where it is not known"`
	Live         int         `json:"live" minimum:"0" maximum:"1000000" doc:"Of the adopters, those that have gone live"`
	Maturity     string      `json:"maturity" enum:"offered,transferred,proven"`
	UseMeasured  bool        `json:"use_measured" doc:"Somebody has said whether it is still in use; otherwise nothing is known"`
}

type offersOutput struct {
	Body struct {
		Items []OfferView `json:"items" maxItems:"200"`
		Next  string      `json:"next" maxLength:"2000" doc:"Cursor of the next page; empty on the last"`
	}
}

type offersInput struct {
	Search   string `query:"q" maxLength:"100" doc:"Words to look for: by stem, or by how they begin"`
	Area     string `query:"area" maxLength:"40" enum:"famiglia_minori,disabili,adulti,anziani,dipendenze,immigrati_rsc,poverta,multiutenza" doc:"ISTAT area of the services"`
	Target   string `query:"target" maxLength:"300" doc:"For whom, as sheets word it"`
	Region   string `query:"region" maxLength:"2" pattern:"^[0-9]{2}$" doc:"Region of the ceding body, its code of ISTAT"`
	Size     string `query:"size" maxLength:"10" enum:"5000,15000,50000,100000,more" doc:"Residents of the ceding body: up to so many, or more than 100000"`
	Maturity string `query:"maturity" maxLength:"20" enum:"offered,transferred,proven" doc:"How far it has been proven elsewhere"`
	Adopters int    `query:"adopters" minimum:"0" maximum:"10000" doc:"Bodies that take it over, at least"`
	Alive    int    `query:"alive_after" minimum:"0" maximum:"120" doc:"Months after going live for which it is known to be in use"`
	Sort     string `query:"sort" maxLength:"20" enum:"title,newest,adopters" doc:"Order; without it what fits the words best, or the title"`
	Cursor   string `query:"cursor" maxLength:"2000" doc:"Next of the page before"`
	Limit    int    `query:"limit" minimum:"1" maximum:"200" default:"24" doc:"Practices on a page"`
}

func (in offersInput) search() Search {
	return Search{
		Words: short(in.Search, 100), Area: in.Area, Target: short(in.Target, 300), Region: in.Region, Size: in.Size, Maturity: Maturity(in.Maturity),
		Adopters: in.Adopters, Alive: in.Alive, Sort: Sort(in.Sort), After: in.Cursor, Limit: in.Limit,
	}
}

func (o operations) registerFindOffers(api huma.API) {
	huma.Register(api, form.Operation("list-offers", http.MethodGet, "/offers", "Find published practices", "The newest kit of each published practice, of all bodies."),
		func(ctx context.Context, in *offersInput) (*offersOutput, error) {
			found, err := o.service.FindOffers(ctx, tenants.ScopeFrom(ctx), in.search())
			if err != nil {
				return nil, err
			}
			out := &offersOutput{}
			out.Body.Items, out.Body.Next = []OfferView{}, found.Next
			for _, offer := range found.Offers {
				out.Body.Items = append(out.Body.Items, viewOf(offer))
			}
			return out, nil
		})
}

func viewOf(offer Offer) OfferView {
	view := OfferView{
		Practice: offer.Practice.String(), Kit: offer.Kit.String(), Release: offer.Release, Title: kit.WordingOf(offer.Title), Body: offer.Body,
		Licence: offer.Licence, Completeness: offer.Completeness, Hash: offer.Hash, Adopters: offer.Adopters, PublishedAt: offer.PublishedAt,
		Area: offer.Area, Live: offer.Live, Maturity: string(offer.Maturity()), UseMeasured: offer.Measured,
	}
	if place, known := offer.Place(); known {
		view.Region = place.RegionCode
	}
	return view
}
