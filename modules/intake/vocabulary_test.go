package intake_test

import (
	"testing"

	"staffetta/internal/problem"
	"staffetta/modules/intake"
	"staffetta/modules/kit"
)

// The desk offers the terms of the vocabulary that the body's workflow about contacts names, those of the field's group, as a step of a
// case does; they are refused at their place, kept in a draft, and told with the contact.
func TestTheDeskOffersTermsOfTheVocabulary(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "social_worker")
	si := newSite(t, st, s)
	si.visit(t, "/sportello/nuovo", nil).want(t, 200).lacks(t, `name="a.`, "voci dell")
	st.publish(t, st.as(t, "practice_owner"), "FO-01", "WF-01", "VO-01")
	page := si.visit(t, "/sportello/nuovo", nil).want(t, 200, "Motivo del contatto (voci dell&#39;ente)", `name="a.reason"`, "Contrassegno CUDE", "Esito (voci dell&#39;ente)", `name="a.outcome"`, "Invio a un ente esterno").
		lacks(t, `id="a-sheet"`, `id="a-destination"`)
	usual := []string{"channel", "phone", "interlocutor", "user", "reason", "spontaneous", "request", "Dove chiedo il contrassegno?"}
	si.visit(t, "/sportello/nuovo", page.fill(append(usual, "a.reason", "outcome.office")...)).want(t, 422, `href="#a-reason"`, "Dove chiedo")

	kept := si.visit(t, "/sportello/nuovo", page.fill(append(usual, "a.reason", "reason.badge", "step", "register")...)).want(t, 303)
	if kept.to == "" {
		t.Fatal("the draft leads nowhere")
	}
	drafts, err := st.intake.FindDrafts(t.Context(), s)
	must(t, err)
	again := si.visit(t, "/sportello/nuovo?bozza="+drafts[0].ID.String(), nil).want(t, 200, `<option value="reason.badge" selected>`)
	made := si.visit(t, "/sportello/nuovo", again.fill(append(usual, "a.reason", "reason.badge")...)).want(t, 303)
	shown := si.visit(t, made.to, nil).want(t, 200, "Motivo del contatto (voci dell&#39;ente)", "Contrassegno CUDE", `<option value="reason.badge" selected>`, `name="a.outcome"`)
	si.visit(t, made.to+"/esito", shown.fill("outcome", "guidance", "a.reason", "reason.badge", "a.outcome", "magic")).want(t, 422, `href="#a-outcome"`)
	si.visit(t, made.to+"/esito", shown.fill("outcome", "guidance", "a.reason", "reason.aids", "a.outcome", "outcome.guidance")).want(t, 303)
	st.put(t, st.as(t, "practice_owner"), kit.Change{Adaptation: kit.Local, Reason: "Altre voci", Source: kit.Source{
		Kind: kit.KindVocabulary, Key: "VO-01", Title: kit.Text{IT: "Voci"}, Owner: "Comune", Licence: "EUPL-1.2",
		Content: []byte(`{"values":[{"key":"reason.aids","label":{"it":"Cambiata"},"group":"reason"}]}`),
	}})
	si.visit(t, made.to, nil).want(t, 200, "Ausili", "Orientamento").lacks(t, "Contrassegno CUDE", "Cambiata") // in the words of then
}

// Through the API a term is checked as on the page, and none is asked of who writes as before.
func TestTermsThroughTheService(t *testing.T) {
	st, ctx := newStage(t), t.Context()
	s := st.as(t, "social_worker")
	st.publish(t, st.as(t, "practice_owner"), "FO-01", "WF-01", "VO-01")
	_, err := st.intake.CreateContact(ctx, s, intake.NewContact{Details: arrival(nil), Closing: intake.Closing{Terms: kit.Answers{"reason": "reason.none", "note": "x"}}})
	wantKind(t, err, problem.Invalid)
	plain := st.create(t, s, intake.NewContact{Details: arrival(nil)})
	if len(plain.Given) != 0 {
		t.Errorf("nothing was chosen, and kept is %+v", plain.Given)
	}
	chosen := st.create(t, s, intake.NewContact{Details: arrival(nil), Closing: intake.Closing{Outcome: "information", Terms: kit.Answers{"reason": "reason.badge"}}})
	if len(chosen.Given) != 1 || chosen.Given[0].Term.IT != "Contrassegno CUDE" || chosen.State != intake.Closed {
		t.Errorf("kept is %+v", chosen)
	}
	must(t, st.intake.CloseContact(ctx, s, intake.Version{ID: plain.ID, Version: 1}, intake.Closing{Outcome: "guidance", Terms: kit.Answers{"outcome": "outcome.guidance"}}))
	sheet, err := st.intake.GetContact(ctx, s, plain.ID)
	must(t, err)
	if len(sheet.Given) != 1 || sheet.Given[0].Key != "outcome" {
		t.Errorf("of the closing is kept %+v", sheet.Given)
	}
}
