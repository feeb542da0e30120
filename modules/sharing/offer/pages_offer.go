package offer

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/sharing/form"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/tenants"
)

// stepFields are the fields of each step of the offer; the fourth is the summary.
var stepFields = [][]string{
	{"destinatario", "scopo"},
	{"sezioni", "scrittura", "motivo_sezioni"},
	{"base", "motivo_base", "fino", "risposta", "richiesta", "motivo"},
	{},
}

// offerPage is a step of the offer, with the shares of the case below the first.
type offerPage struct {
	Title   string // "" for that of an offer
	Plain   bool   // the summary is not the preview of a receiver
	Errors  component.ErrorSummary
	Notice  *component.Alert
	Steps   component.Steps
	Form    bool
	Action  string
	Hidden  []component.Hidden
	Fields  []component.Field
	Parts   []offerPart
	Preview *component.Summary
	Buttons component.ButtonRow
	Shares  *component.Table
}

// offerPart is what one step has answered, with the way back to it.
type offerPart struct {
	Title  string
	Rows   []component.SummaryRow
	Change component.Button
}

// filling is an offer in the making: what the steps so far have answered.
type filling struct {
	id          uuid.UUID
	partner     string // agreement~slug
	purpose     string // kind~key
	sections    []string
	writable    []string
	sectionsOf  string // the purpose for which the sections were chosen
	extraReason string
	basis       string
	basisReason string
	answer      string
	until       string
	reason      string
	asks        string
	step        int // that was answered, counted from one
	back        int // the step to go back to; 0 to go on
}

func readFilling(r *http.Request) filling {
	f := filling{
		id: modules.FormID(r.PostFormValue("id")), partner: modules.Value(r, "destinatario"), purpose: modules.Value(r, "scopo"),
		sections: form.Values(r, "sezioni"), writable: form.Values(r, "scrittura"), sectionsOf: modules.Value(r, "sezioni_per"), extraReason: modules.Value(r, "motivo_sezioni"),
		basis: modules.Value(r, "base"), basisReason: modules.Value(r, "motivo_base"), answer: modules.Value(r, "risposta"), until: modules.Value(r, "fino"), reason: modules.Value(r, "motivo"),
		asks: modules.Value(r, "richiesta"),
	}
	f.step, _ = strconv.Atoi(r.PostFormValue("passo"))
	f.step = min(max(f.step, 1), len(stepFields))
	if to, ok := strings.CutPrefix(r.PostFormValue("azione"), "passo-"); ok {
		f.back, _ = strconv.Atoi(to)
		f.back = min(max(f.back, 1), f.step)
	}
	return f
}

// offer is what the filling asks for; what cannot be read is left out and refused by the rules.
func (f filling) offer(p *pages) Offer {
	o := Offer{ID: f.id, Sections: f.sections, Writable: f.writable, ExtraReason: f.extraReason, LegalBasis: f.basis, BasisReason: f.basisReason, Reason: f.reason, Asks: f.asks}
	o.Kind, o.Purpose, _ = strings.Cut(f.purpose, "~")
	agreement, slug, _ := strings.Cut(f.partner, "~")
	o.Agreement = modules.LinkID(agreement)
	if body, _, err := p.service.deps.Bodies.BySlug(slug); err == nil {
		o.Receiver = body.ID
	}
	if o.AnswerBy, o.Until = form.Day(f.answer), form.Day(f.until); f.answer != "" && o.AnswerBy.IsZero() {
		o.AnswerBy = noDay
	}
	return o
}

// hidden carries the answers of the steps that are not shown.
func (f filling) hidden(step int) []component.Hidden {
	values := []component.Hidden{{Name: "id", Value: f.id.String()}, {Name: "passo", Value: strconv.Itoa(step)}, {Name: "sezioni_per", Value: f.sectionsOf}}
	carry := func(of int, name, value string) {
		if of != step && value != "" {
			values = append(values, component.Hidden{Name: name, Value: value})
		}
	}
	carry(1, "destinatario", f.partner)
	carry(1, "scopo", f.purpose)
	for _, section := range f.sections {
		carry(2, "sezioni", section)
	}
	for _, section := range f.writable {
		carry(2, "scrittura", section)
	}
	carry(2, "motivo_sezioni", f.extraReason)
	carry(3, "base", f.basis)
	carry(3, "motivo_base", f.basisReason)
	carry(3, "fino", f.until)
	carry(3, "risposta", f.answer)
	carry(3, "motivo", f.reason)
	carry(3, "richiesta", f.asks)
	return values
}

func (p *pages) startOffer(r *http.Request, s tenants.Scope) (modules.View, error) {
	ref := r.PathValue("case")
	if strings.Contains(ref, "~") {
		return p.caseShares(r, s, "sharing.offer.foreign")
	}
	f, err := p.service.Prepare(r.Context(), s, ref)
	switch {
	case errors.Is(err, casefile.ErrReason):
		return modules.Redirect("/cartelle/"+ref, language.M("sharing.offer.needs_reason")), nil
	case problem.Is(err, problem.Forbidden):
		return p.caseShares(r, s, "sharing.error.not_worker")
	case problem.Is(err, problem.Conflict):
		return p.caseShares(r, s, "sharing.offer.closed")
	case err != nil:
		return modules.View{}, err
	}
	in, step := p.resumed(r, s, f)
	return p.offerView(r, s, f, in, step, nil)
}

// caseShares lists the shares of a case that the actor may not offer.
func (p *pages) caseShares(r *http.Request, s tenants.Scope, why string) (modules.View, error) {
	a, err := p.service.cases.Open(r.Context(), s, r.PathValue("case"), "")
	if err != nil {
		return modules.View{}, err
	}
	page := offerPage{Notice: &component.Alert{Tone: component.Info, Text: modules.Say(r, why)}}
	if page.Shares, err = p.sharesOfCase(r, s, a); err != nil {
		return modules.View{}, err
	}
	return modules.Render("sharing/offer", language.M("sharing.offer.title"), page).On(a.Bar(p.service.cases, "")), nil
}

func (p *pages) sharesOfCase(r *http.Request, s tenants.Scope, a *casefile.Access) (*component.Table, error) {
	found, err := p.service.shares.FindOfCase(r.Context(), s, a)
	if err != nil {
		return nil, err
	}
	t, err := p.service.shares.Table(r, s, found)
	if err != nil {
		return nil, err
	}
	t.Caption, t.Empty = modules.Say(r, "sharing.offer.shares"), component.Empty{Title: modules.Say(r, "sharing.offer.no_shares")}
	return &t, nil
}

func (p *pages) stepOffer(r *http.Request, s tenants.Scope) (modules.View, error) {
	ref := r.PathValue("case")
	f, err := p.service.Prepare(r.Context(), s, ref)
	if errors.Is(err, casefile.ErrReason) {
		return modules.Redirect("/cartelle/"+ref, language.M("sharing.offer.needs_reason")), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	in := readFilling(r)
	if in.back > 0 {
		return p.turn(s, f, in, in.back)
	}
	o := in.offer(p)
	var names []string
	for i, fields := range stepFields[:in.step] {
		names = append(names, fields...)
		if err := f.CheckStep(o, names...); err != nil {
			return p.offerView(r, s, f, in, i+1, err)
		}
	}
	if in.step < len(stepFields) {
		return p.turn(s, f, p.withLeastSections(f, in, o), in.step+1)
	}
	made, err := p.service.Offer(r.Context(), s, ref, o)
	if problem.Is(err, problem.Invalid) {
		return p.offerView(r, s, f, in, 1, err) // an agreement ended while the steps were filled in
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/condivisioni/"+made.ID.String(), language.M("sharing.offer.done")), nil
}

// turn leads to a step, whose address keeps what was answered.
func (p *pages) turn(s tenants.Scope, f Frame, in filling, step int) (modules.View, error) {
	to, err := p.stepAddress(s, f, in, step)
	return modules.View{Redirect: to}, err
}

// withLeastSections fills in the least set of sections when a purpose was chosen.
func (p *pages) withLeastSections(f Frame, in filling, o Offer) filling {
	if in.step != 1 || in.sectionsOf == in.purpose {
		return in
	}
	purpose, _ := f.Purposes.Get(o.Purpose, o.Kind)
	partner, _ := f.Partner(o.Agreement, o.Receiver)
	in.sections, in.writable, in.sectionsOf = nil, nil, in.purpose
	for _, section := range f.Sections(partner.Agreement) {
		if slices.Contains(purpose.Sections, section) {
			in.sections = append(in.sections, section)
			if o.Kind == share.JointCare && slices.Contains(f.Writable(partner), section) {
				in.writable = append(in.writable, section)
			}
		}
	}
	return in
}

func (p *pages) offerView(r *http.Request, s tenants.Scope, f Frame, in filling, step int, refused error) (modules.View, error) {
	page := offerPage{
		Form: true, Action: "/cartelle/" + f.Access.Ref + "/condividi", Hidden: in.hidden(step), Steps: offerSteps(r, step),
		Buttons: component.ButtonRow{Buttons: []component.Button{{Label: modules.Say(r, "sharing.offer.next"), Name: "azione", Value: "avanti", Emphasis: component.Primary}}},
	}
	wrong := modules.FieldErrors(r.Context(), refused)
	switch step {
	case 1:
		page.Fields = p.whoFields(r, f, in, wrong)
		if r.URL.Query().Has("scopo") {
			page.Notice = &component.Alert{Tone: component.Info, Text: modules.Say(r, "sharing.offer.asked")}
		}
		if len(f.Partners) == 0 {
			page.Form, page.Notice = false, &component.Alert{Tone: component.Warning, Title: modules.Say(r, "sharing.offer.no_partner"), Text: modules.Say(r, "sharing.offer.no_partner_text"), Link: &component.Link{Label: modules.Say(r, "sharing.offer.to_network"), URL: "/rete"}}
		}
		var err error
		if page.Shares, err = p.sharesOfCase(r, s, f.Access); err != nil {
			return modules.View{}, err
		}
	case 2:
		page.Fields = p.whatFields(r, f, in, wrong)
		if why := p.closed(r, f, in); why != nil {
			page.Form, page.Fields, page.Notice = false, nil, why
		}
	case 3:
		page.Fields = p.basisFields(r, f, in, wrong)
	case 4:
		p.addSummary(r, f, in, &page)
	}
	if step > 1 {
		page.Buttons.Buttons = append(page.Buttons.Buttons, component.Button{Label: modules.Say(r, "sharing.offer.back"), Name: "azione", Value: "passo-" + strconv.Itoa(step-1)})
	}
	page.Errors = component.Summarize(page.Fields...)
	view := modules.Render("sharing/offer", language.M("sharing.offer.title"), page).On(f.Access.Bar(p.service.cases, ""))
	if refused != nil {
		return view.Refused(), nil
	}
	return view, nil
}

// closed says why nothing of the case can be shared as the first step says, and leads back there; nil where something can.
func (p *pages) closed(r *http.Request, f Frame, in filling) *component.Alert {
	o := in.offer(p)
	partner, _ := f.Partner(o.Agreement, o.Receiver)
	key := "none"
	switch {
	case len(f.Sections(partner.Agreement)) == 0:
	case o.Kind == share.JointCare && len(f.Writable(partner)) == 0:
		key = "none_written"
	default:
		return nil
	}
	return &component.Alert{
		Tone: component.Warning, Title: modules.Say(r, "sharing.offer."+key),
		Text: modules.Say(r, "sharing.offer."+key+"_text", "title", partner.Agreement.Title, "sections", form.Joined(r, partner.Agreement.Sections)),
		Link: &component.Link{Label: modules.Say(r, "sharing.offer.choose_again"), URL: "/cartelle/" + f.Access.Ref + "/condividi"},
	}
}

func offerSteps(r *http.Request, step int) component.Steps {
	var steps component.Steps
	for i, key := range []string{"who", "what", "basis", "summary"} {
		steps.Items = append(steps.Items, component.Step{Label: modules.Say(r, "sharing.offer."+key), Current: i+1 == step, Done: i+1 < step})
	}
	return steps
}

func (p *pages) whoFields(r *http.Request, f Frame, in filling, wrong map[string]string) []component.Field {
	who := component.Field{ID: "destinatario", Kind: component.Radios, Required: true, Label: modules.Say(r, "sharing.offer.receiver"), Value: in.partner, Error: wrong["destinatario"]}
	for _, partner := range f.Partners {
		who.Options = append(who.Options, component.Option{
			Value: partner.Agreement.ID.String() + "~" + partner.Body.Slug, Label: partner.Body.Name,
			Hint: modules.Say(r, "sharing.offer.under", "title", partner.Agreement.Title, "day", form.LastDay(partner.Agreement.To).Format("02/01/2006")),
		})
	}
	purpose := component.Field{ID: "scopo", Kind: component.Radios, Required: true, Label: modules.Say(r, "sharing.offer.purpose"), Hint: modules.Say(r, "sharing.offer.purpose_hint"), Value: in.purpose, Error: wrong["scopo"]}
	for _, kind := range share.Kinds {
		for _, one := range f.Purposes.Of(kind) {
			if !f.Allows(one.Key) {
				continue
			}
			label := modules.Say(r, "sharing.kind."+kind) + ": " + one.Label.In(language.Of(r.Context()))
			purpose.Options = append(purpose.Options, component.Option{Value: kind + "~" + one.Key, Label: label, Hint: purposeHint(r, one)})
		}
	}
	return []component.Field{who, purpose}
}

func (p *pages) whatFields(r *http.Request, f Frame, in filling, wrong map[string]string) []component.Field {
	o := in.offer(p)
	partner, _ := f.Partner(o.Agreement, o.Receiver)
	purpose, _ := f.Purposes.Get(o.Purpose, o.Kind)
	open := f.Sections(partner.Agreement)
	field := component.Field{
		ID: "sezioni", Kind: component.Checkboxes, Required: true, Label: modules.Say(r, "sharing.offer.sections"), Error: wrong["sezioni"],
		Hint: modules.Say(r, "sharing.offer.sections_hint", "closed", form.Joined(r, share.Without(policies.SectionIDs(), open))),
	}
	for _, section := range open {
		option := component.Option{Value: section, Label: language.SayText(r.Context(), policies.SectionLabel(section)), Selected: slices.Contains(in.sections, section)}
		if !slices.Contains(purpose.Sections, section) {
			option.Hint = modules.Say(r, "sharing.offer.beyond")
		}
		field.Options = append(field.Options, option)
	}
	why := component.Field{
		ID: "motivo_sezioni", Kind: component.LongText, Depends: true, Rows: 2, MaxLength: share.MaxExtra, Label: modules.Say(r, "sharing.offer.extra"), Hint: modules.Say(r, "sharing.offer.extra_hint") + " " + modules.Say(r, "sharing.hint.letters", "least", share.LeastWords, "most", share.MaxExtra),
		Value: in.extraReason, Error: wrong["motivo_sezioni"],
	}
	if o.Kind == share.JointCare {
		return []component.Field{field, writableField(r, f.Writable(partner), in, wrong), why}
	}
	return []component.Field{field, why}
}

// writableField asks where the receiver may also write.
func writableField(r *http.Request, open []string, in filling, wrong map[string]string) component.Field {
	field := component.Field{
		ID: "scrittura", Kind: component.Checkboxes, Required: true, Label: modules.Say(r, "sharing.share.writable"),
		Hint: modules.Say(r, "sharing.offer.writable_hint"), Error: wrong["scrittura"],
	}
	for _, section := range open {
		field.Options = append(field.Options, component.Option{
			Value: section, Label: language.SayText(r.Context(), policies.SectionLabel(section)), Selected: slices.Contains(in.writable, section), Hint: form.Kinds(r, section),
		})
	}
	return field
}

func (p *pages) basisFields(r *http.Request, f Frame, in filling, wrong map[string]string) []component.Field {
	basis := component.Field{ID: "base", Kind: component.Radios, Required: true, Label: modules.Say(r, "sharing.share.basis"), Value: in.basis, Error: wrong["base"]}
	for _, id := range f.Bases() {
		basis.Options = append(basis.Options, component.Option{Value: id, Label: modules.Say(r, "sharing.basis."+id), Hint: modules.Say(r, "sharing.basis."+id+".hint")})
	}
	o := in.offer(p)
	answer := component.Field{ID: "risposta", Kind: component.Appointed, Width: component.Short, Label: modules.Say(r, "sharing.offer.answer"), Hint: modules.Say(r, "sharing.offer.answer_hint", "n", f.Settings.AnswerDays), Value: in.answer, Error: wrong["risposta"]}
	reason := component.Field{ID: "motivo", Kind: component.LongText, Rows: 4, Required: true, MaxLength: share.MaxWords, Label: share.ReasonLabel(r, o.Kind), Hint: modules.Say(r, "sharing.offer.reason_hint") + " " + modules.Say(r, "sharing.hint.letters", "least", share.LeastWords, "most", share.MaxWords), Value: in.reason, Error: wrong["motivo"]}
	fields := []component.Field{basis}
	if f.Overrides {
		fields = append(fields, component.Field{
			ID: "motivo_base", Kind: component.LongText, Rows: 2, MaxLength: share.MaxExtra, Label: modules.Say(r, "sharing.share.override"),
			Hint: modules.Say(r, "sharing.offer.override_hint"), Value: in.basisReason, Error: wrong["motivo_base"],
		})
	}
	fields = append(fields, p.untilField(r, f, in, wrong), answer)
	if o.Kind == share.ServiceRequest {
		fields = append(fields, component.Field{
			ID: "richiesta", Kind: component.LongText, Rows: 2, MaxLength: maxAsks, Label: modules.Say(r, "sharing.offer.asks"), Hint: modules.Say(r, "sharing.offer.asks_hint"),
			Value: in.asks, Error: wrong["richiesta"],
		})
	}
	return append(fields, reason)
}

func (p *pages) untilField(r *http.Request, f Frame, in filling, wrong map[string]string) component.Field {
	return component.Field{
		ID: "fino", Kind: component.Appointed, Required: true, Width: component.Short, Label: modules.Say(r, "sharing.offer.until"),
		Hint: untilHint(r, f, in.offer(p)), Value: in.until, Error: wrong["fino"],
	}
}

// purposeHint says why there is the purpose, which sections it proposes and how long it lasts at most.
func purposeHint(r *http.Request, one Purpose) string {
	hint := one.Why.In(language.Of(r.Context())) + " " + form.Joined(r, one.Sections) + "."
	if one.MaxDays > 0 {
		hint += " " + modules.Say(r, "sharing.hint.days", "n", one.MaxDays)
	}
	return hint
}

// untilHint says which day is the latest, and what bounds it.
func untilHint(r *http.Request, f Frame, o Offer) string {
	day, days := f.last(o, time.Now())
	switch {
	case day.IsZero():
		return ""
	case days > 0:
		return modules.Say(r, "sharing.hint.latest", "day", day.Format("02/01/2006")) + " " + modules.Say(r, "sharing.hint.days", "n", days)
	}
	return modules.Say(r, "sharing.hint.latest_agreement", "day", day.Format("02/01/2006"))
}

// addSummary shows the whole offer once before it is sent, each part with the way back to its step, and what the receiver
// sees of it.
func (p *pages) addSummary(r *http.Request, f Frame, in filling, page *offerPage) {
	draft, err := f.check(in.offer(p), time.Now())
	if err != nil {
		return // the handler checked it just before
	}
	rows := [][]component.SummaryRow{
		{
			{Label: modules.Say(r, "sharing.offer.receiver"), Values: []string{p.service.deps.Bodies.Name(draft.Receiver)}},
			{Label: modules.Say(r, "sharing.share.kind"), Values: []string{modules.Say(r, "sharing.kind."+draft.Kind)}},
			{Label: modules.Say(r, "sharing.share.purpose"), Values: []string{draft.PurposeLabel}, Lang: "it"},
		},
		append([]component.SummaryRow{{Label: modules.Say(r, "sharing.share.sections"), Values: form.Sections(r, draft.Sections)}}, writableRows(r, draft)...),
		{
			{Label: modules.Say(r, "sharing.share.basis"), Values: modules.Given(modules.Say(r, "sharing.basis."+draft.LegalBasis), draft.BasisReason)},
			{Label: modules.Say(r, "sharing.offer.until"), Date: form.LastDay(draft.Until)},
			{Label: modules.Say(r, "sharing.offer.answer"), Date: form.LastDay(draft.AnswerBy)},
			{Label: share.ReasonLabel(r, draft.Kind), Values: []string{draft.Reason}, Lang: "it"},
		},
	}
	for i, key := range []string{"who", "what", "basis"} {
		title := modules.Say(r, "sharing.offer."+key)
		page.Parts = append(page.Parts, offerPart{Title: title, Rows: rows[i], Change: component.Button{
			Label: modules.Say(r, "sharing.offer.change"), Hidden: title, Name: "azione", Value: "passo-" + strconv.Itoa(i+1), Emphasis: component.Plain,
		}})
	}
	page.Preview = &component.Summary{Title: modules.Say(r, "sharing.share.preview"), Rows: draft.Preview.Rows(r)}
	page.Buttons.Buttons[0].Label = modules.Say(r, "sharing.offer.send")
}

// writableRows tell where the receiver also writes, and which sections go beyond the purpose.
func writableRows(r *http.Request, draft share.Share) []component.SummaryRow {
	if len(draft.Writable) == 0 {
		return share.ExtraRows(r, draft)
	}
	row := component.SummaryRow{Label: modules.Say(r, "sharing.share.writable"), Values: form.Sections(r, draft.Writable)}
	return append([]component.SummaryRow{row}, share.ExtraRows(r, draft)...)
}
