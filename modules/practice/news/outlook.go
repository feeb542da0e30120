package news

import (
	"context"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice/catalogue"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/sight"
	"staffetta/tenants"
)

// Outlook is what a draft release will change and who will be told, before it goes out (it: anteprima del rilascio).
type Outlook struct {
	Changes ChangeList    // from the newest published release; From is "" where there is none
	Sights  []sight.Sight // who would gain and who would lose, in a body that takes the release as it is
	Told    []Told
}

// Told is a body that adopts the practice with an older release, and will be told of the new one.
type Told struct {
	Tenant  int32
	Release string // that it has
}

// GetOutlook compares a draft release of the scope's body with the one published last, and lists whom its publication tells.
func (v *Service) GetOutlook(ctx context.Context, s tenants.Scope, report release.Report) (Outlook, error) {
	is := make([]kit.Source, len(report.Items))
	for i, item := range report.Items {
		terms := report.Terms[item.ID]
		is[i] = kit.Source{Kind: item.Kind, Key: item.Key, Title: kit.Text{IT: item.Title.It, EN: item.Title.En}, Owner: terms.Owner, Licence: terms.Licence, Content: item.Content}
	}
	o := Outlook{Changes: ChangeList{Offer: catalogue.Offer{Practice: report.Practice.ID, Release: report.Kit.Release}, Titles: kit.TitlesOf(is)}}
	published, err := v.catalogue.GetOwn(ctx, s, report.Practice.ID)
	if problem.Is(err, problem.NotFound) {
		return o, nil
	}
	if err != nil {
		return Outlook{}, err
	}
	o.Changes.From = published.Newest.Release
	if o.Changes.Items, err = v.items(published.Items, is); err != nil {
		return Outlook{}, err
	}
	if o.Sights, err = v.sights(published.Items, o.Changes.Items); err != nil {
		return Outlook{}, err
	}
	o.Told, err = v.findTold(ctx, s, report.Practice.ID, report.Kit.Release)
	return o, err
}

// sights are who would gain and who would lose by what changes between two releases; how many people that are, each body knows.
func (v *Service) sights(was []kit.Source, changes []ItemChange) ([]sight.Sight, error) {
	used := sight.Used{}
	for _, one := range was {
		if used[one.Kind] == nil {
			used[one.Kind] = map[string][]byte{}
		}
		used[one.Kind][one.Key] = one.Content
	}
	var contents []sight.Contents
	for _, one := range changes {
		if declared, _, _ := v.deps.Platform.Kinds.Get(one.Kind); declared.Shows != nil || declared.ShowsTogether != nil {
			contents = append(contents, sight.Contents{Kind: one.Kind, Key: one.Key, Title: one.Title.IT, Before: used[one.Kind][one.Key], After: one.Is})
		}
	}
	return sight.Find(v.deps.Platform.Kinds, used, contents, nil)
}
