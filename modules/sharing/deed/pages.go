package deed

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/sharing/agreement"
	"staffetta/tenants"
)

// Pages are the document of an agreement, to read and to print.
func Pages(s *Service) []modules.Page {
	return []modules.Page{{Pattern: "GET /rete/accordi/{id}/documento", Permission: agreement.Read, Handle: s.show}}
}

// documentPage is the document as it is printed.
type documentPage struct {
	Document

	Notice     component.Alert
	Back       component.Link
	Facts      component.Summary
	Parties    component.Table
	Signatures component.Table
}

func (s *Service) show(r *http.Request, scope tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	d, err := s.Get(r.Context(), scope, id)
	if err != nil {
		return modules.View{}, err
	}
	page := documentPage{
		Document: d, Back: component.Link{Label: modules.Say(r, "sharing.deed.back"), URL: "/rete/accordi/" + id.String()},
		Notice: component.Alert{Tone: component.Warning, Title: modules.Say(r, "sharing.deed.check"), Text: modules.Say(r, "sharing.deed.check_text")},
		Facts: component.Summary{Rows: []component.SummaryRow{
			{Label: modules.Say(r, "sharing.agreement.title"), Values: []string{d.Title}, Lang: "it"},
			{Label: modules.Say(r, "sharing.deed.version"), Values: []string{modules.Say(r, "sharing.deed.version_of", "n", d.Agreement.Version, "id", id.String())}},
			{Label: modules.Say(r, "sharing.agreement.state"), Values: []string{modules.Say(r, "sharing.agreement.state."+d.Agreement.State)}},
		}},
	}
	page.Parties, page.Signatures = parties(r, d), signatures(r, d)
	return modules.Render("sharing/deed", language.M("sharing.deed.title"), page), nil
}

func parties(r *http.Request, d Document) component.Table {
	t := component.Table{ID: "parti", Caption: modules.Say(r, "sharing.agreement.parties"), Columns: []component.Column{
		{Label: modules.Say(r, "sharing.agreement.body")},
		{Label: modules.Say(r, "sharing.deed.tax_code")},
		{Label: modules.Say(r, "sharing.deed.contact")},
		{Label: modules.Say(r, "sharing.agreement.data_role")},
	}}
	for _, one := range d.Signers {
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Text: one.Name, Lang: "it"}, {Text: one.TaxCode}, {Text: one.PEC}, {Text: modules.Say(r, "sharing.role."+one.Role)},
		}})
	}
	return t
}

func signatures(r *http.Request, d Document) component.Table {
	t := component.Table{ID: "firme", Caption: modules.Say(r, "sharing.deed.signatures"), Columns: []component.Column{
		{Label: modules.Say(r, "sharing.agreement.body")},
		{Label: modules.Say(r, "sharing.field.atto_numero")},
		{Label: modules.Say(r, "sharing.field.atto_data")},
		{Label: modules.Say(r, "sharing.agreement.signature")},
		{Label: modules.Say(r, "sharing.deed.digest")},
	}}
	for _, one := range d.Signers {
		signed := component.Cell{Text: modules.Say(r, "sharing.deed.unsigned")}
		if !one.AcceptedAt.IsZero() {
			signed = component.Cell{Instant: one.AcceptedAt.In(language.Rome), Note: one.Signatory}
		}
		digest := one.Digest
		if len(digest) > 16 {
			digest = digest[:16]
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{{Text: one.Name, Lang: "it"}, {Text: one.Act.Number, Lang: "it"}, {Date: one.Act.Day}, signed, {Text: digest}}})
	}
	return t
}

// Operations are the document in the API.
func Operations(s *Service) []modules.Operation {
	return []modules.Operation{modules.Declare(agreement.Read, huma.Operation{
		Tags:        []string{"sharing"},
		OperationID: "get-agreement-document", Method: http.MethodGet, Path: "/agreements/{agreement}/document",
		Summary: "Get the document of an agreement", Description: "The arrangement between joint controllers (GDPR art. 26), the contract with a processor (art. 28) or the agreement of autonomous controllers, in Italian, filled with what was agreed. The legal office of each body checks it.",
	}, s.get)}
}

// DocumentBody is the document as the API shows it.
type DocumentBody struct {
	Heading  string        `json:"heading" maxLength:"300" doc:"What the document is"`
	Title    string        `json:"title" maxLength:"200" doc:"Title of the agreement"`
	Version  int           `json:"version" minimum:"1" maximum:"2147483647" format:"int32" doc:"Version of the agreement"`
	Parties  []SignerBody  `json:"parties" maxItems:"100" doc:"Bodies of the agreement"`
	Articles []ArticleBody `json:"articles" maxItems:"50" doc:"The text"`
}

// SignerBody is a body with what the document says of it.
type SignerBody struct {
	Name      string     `json:"name" maxLength:"200" doc:"Name of the body"`
	TaxCode   string     `json:"tax_code,omitempty" maxLength:"20" doc:"Its tax code"`
	PEC       string     `json:"certified_mail,omitempty" maxLength:"200" doc:"Its certified mail, where requests about data protection go"`
	Role      string     `json:"data_role" enum:"controller,joint_controller,processor" doc:"GDPR art. 4, 26 or 28"`
	SignedAt  *time.Time `json:"signed_at,omitempty" doc:"When it signed; missing until then"`
	Signatory string     `json:"signatory,omitempty" maxLength:"200" doc:"Who signed for it"`
	Digest    string     `json:"signed_digest,omitempty" maxLength:"64" doc:"SHA-256 of what it signed"`
}

// ArticleBody is a numbered part of the text.
type ArticleBody struct {
	Number  int      `json:"number" minimum:"1" maximum:"50" format:"int32" doc:"Number"`
	Heading string   `json:"heading" maxLength:"200" doc:"Heading"`
	Text    []string `json:"text" maxItems:"20" maxLength:"3000" doc:"Paragraphs before the list"`
	Items   []string `json:"items" maxItems:"1000" maxLength:"3000" doc:"List"`
	After   []string `json:"after" maxItems:"20" maxLength:"3000" doc:"Paragraphs after the list"`
}

type documentOutput struct {
	Body DocumentBody
}

func (s *Service) get(ctx context.Context, in *agreement.AgreementRef) (*documentOutput, error) {
	d, err := s.Get(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Agreement))
	if err != nil {
		return nil, err
	}
	out := &documentOutput{Body: DocumentBody{Heading: d.Heading, Title: d.Title, Version: d.Agreement.Version, Parties: []SignerBody{}, Articles: []ArticleBody{}}}
	for _, one := range d.Signers {
		body := SignerBody{Name: one.Name, TaxCode: one.TaxCode, PEC: one.PEC, Role: one.Role, Signatory: one.Signatory, Digest: one.Digest}
		if !one.AcceptedAt.IsZero() {
			body.SignedAt = &one.AcceptedAt
		}
		out.Body.Parties = append(out.Body.Parties, body)
	}
	for _, a := range d.Articles {
		out.Body.Articles = append(out.Body.Articles, ArticleBody{
			Number: a.Number, Heading: a.Heading, Text: append([]string{}, a.Text...), Items: append([]string{}, a.Items...), After: append([]string{}, a.After...),
		})
	}
	return out, nil
}
