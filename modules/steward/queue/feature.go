package queue

import (
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
)

// Feature is the jobs and their queues.
func Feature() modules.Feature {
	return modules.Feature{
		Permissions: []policies.Permission{
			{Object: "job", Verb: "read", Label: language.Text{It: "Vedere i lavori in coda, senza il contenuto", En: "See jobs, without what they are about"}},
			{Object: "job", Verb: "steer", Label: language.Text{It: "Fermare code, riprovare e annullare lavori", En: "Pause queues, try jobs again and cancel them"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "platform_operator", Permissions: []string{Read, Steer}},
		},
		Events: map[string]language.Text{
			"job.retry":    {It: "Ha fatto riprovare un lavoro", En: "Had a job tried again"},
			"job.cancel":   {It: "Ha annullato un lavoro", En: "Gave a job up"},
			"queue.pause":  {It: "Ha fermato una coda di lavori", En: "Let a queue wait"},
			"queue.resume": {It: "Ha riavviato una coda di lavori", En: "Had a queue worked again"},
		},
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps)
			return modules.Parts{Pages: Pages(v), Operations: Operations(v)}
		},
	}
}
