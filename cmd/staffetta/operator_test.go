package main

import (
	"net/http"
	"testing"
	"time"

	"staffetta/modules/steward/appointment"
	"staffetta/tenants/taxcode"
)

// TestWhoRunsThePlatformIsAppointedAtTheServer appoints somebody who has never signed in, and takes that back in mid-session.
func TestWhoRunsThePlatformIsAppointedAtTheServer(t *testing.T) {
	st := asked(t)
	platform, err := st.platformScope()
	mustDo(t, err)
	service := appointment.NewService(st.deps)
	one := appointment.Appointment{Name: " Ada  Timo ", TaxCode: taxcode.Build("Timo", "Ada", time.Date(1980, 1, 15, 0, 0, 0, 0, time.UTC), "F", "F061"), Role: "platform_operator"}
	for name, wrong := range map[string]func(*appointment.Appointment){
		"a role of a body": func(a *appointment.Appointment) { a.Role = "tenant_admin" },
		"no person's code": func(a *appointment.Appointment) { a.TaxCode = "00139550818" },
		"nobody":           func(a *appointment.Appointment) { a.Name = " " },
	} {
		refused := one
		wrong(&refused)
		if err := service.Make(t.Context(), platform, refused); err == nil {
			t.Errorf("%s is appointed", name)
		}
	}
	mustDo(t, service.Make(t.Context(), platform, one))
	mustDo(t, service.Make(t.Context(), platform, one))
	if rows := query[int](t, st, `select count(*) from platform.memberships where display_name = 'Ada Timo'`); rows != 1 {
		t.Errorf("twice appointed makes %d rows", rows)
	}
	s := st.scope(t, platform.Slug, "Ada Timo", one.TaxCode)
	v := st.signIn(t, s)
	if got := v.get(t, "/piattaforma/code").Status; got != http.StatusOK {
		t.Fatalf("the appointed get %d", got)
	}
	mustDo(t, service.End(t.Context(), platform, one))
	if open := query[int](t, st, `select count(*) from platform.sessions where account_id = $1 and ended_at is null`, s.Account); open != 0 {
		t.Errorf("the dismissed have %d open sessions", open)
	}
	if roles := query[int](t, st, `select count(*) from platform.memberships where account_id = $1 and (valid_to is null or valid_to >= current_date)`, s.Account); roles != 0 {
		t.Errorf("the dismissed have %d roles", roles)
	}
	if err := service.End(t.Context(), platform, one); err == nil {
		t.Error("an appointment ends twice")
	}
	held, err := service.Find(t.Context(), platform)
	mustDo(t, err)
	for _, h := range held {
		if h.Name == "Ada Timo" {
			t.Error("the dismissed are still listed")
		}
	}
	want := `{appointment.make,appointment.make,appointment.end}`
	if got := query[string](t, st, `select array_agg(action order by id)::text from audit.events where action like 'appointment.%' and object_id = '`+s.Account.String()+`'`); got != want {
		t.Errorf("the audit has %s, not %s", got, want)
	}
}
