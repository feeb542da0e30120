package entry

import (
	"context"
	"encoding/base64"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

// OtherBodyBody is a body that is no municipality, as the API shows it.
type OtherBodyBody struct {
	Kind    string `json:"kind" enum:"union,district,other" doc:"What it is"`
	Name    string `json:"name" maxLength:"200" doc:"Its name"`
	IPA     string `json:"ipa" maxLength:"40" doc:"Code in the index of public bodies"`
	TaxCode string `json:"tax_code" maxLength:"16" doc:"Tax code of the body, eleven digits"`
	Deed    string `json:"deed" maxLength:"120" doc:"Name of the file with the act that makes it"`
}

type otherInput struct {
	StepRef
	Body struct {
		Kind     string `json:"kind" enum:"union,district,other" doc:"What it is"`
		Name     string `json:"name" minLength:"3" maxLength:"200" doc:"Its name"`
		IPA      string `json:"ipa" minLength:"2" maxLength:"40" doc:"Code in the index of public bodies"`
		TaxCode  string `json:"tax_code" minLength:"11" maxLength:"20" doc:"Tax code of the body, eleven digits"`
		FileName string `json:"file_name,omitempty" maxLength:"255" doc:"Name of the file with its ending"`
		Content  string `json:"content,omitempty" maxLength:"14680064" contentEncoding:"base64" doc:"The act in base64; nothing for the one that was sent before"`
	}
}

func (o operations) setBody(ctx context.Context, in *otherInput) (*entryOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	declared := Declared{Body: OtherBody{Kind: tenants.Kind(in.Body.Kind), Name: in.Body.Name, TaxCode: in.Body.TaxCode}, IPA: in.Body.IPA}
	if in.Body.Content != "" {
		content, err := base64.StdEncoding.DecodeString(in.Body.Content)
		if err != nil {
			var faults problem.Fields
			faults.Add("content", "onboarding.other.deed_type")
			return nil, faults.Err()
		}
		declared.Upload = &Upload{FileName: in.Body.FileName, Content: content}
	}
	return o.after(ctx, in.Entry, o.service.DescribeBody(ctx, tenants.ScopeFrom(ctx), in.Entry, version, declared))
}
