package domain

import (
	"strings"
	"testing"

	"staffetta/modules"
)

// TestHosts reads what people write, who copy addresses of pages, and refuses what no body can have.
func TestHosts(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{
		"servizi.comune.pantelleria.tp.it":          "servizi.comune.pantelleria.tp.it",
		"https://Servizi.Comune.Pantelleria.TP.it/": "servizi.comune.pantelleria.tp.it",
		"comune.pantelleria.tp.it.":                 "comune.pantelleria.tp.it",
		"unionecomuni.it":                           "unionecomuni.it",
		"comunità.it":                               "xn--comunit-fwa.it",
		"servizi.città.example.com":                 "servizi.xn--citt-3na.example.com",
	} {
		if host, fault := readHost(" " + written + " "); host != want || fault != "" {
			t.Errorf("%q is read as %q (%s), want %q", written, host, fault, want)
		}
	}
	for fault, all := range map[string][]string{
		"form":    {"", "servizi", "servizi..it", "servizi_sociali.comune.it", "-a.comune.it", "a b.comune.it", "comune.it/servizi", "comune.it:8080", "u@comune.it", strings.Repeat("a", 64) + ".it", strings.Repeat("abc.", 70) + "it", "<script>.it"},
		"number":  {"192.0.2.7", "[2001:db8::1]", "2001:db8::1"},
		"private": {"a.localhost", "servizi.intranet", "comune.local", "1.2.3.444"},
		"suffix":  {"tp.it", "trapani.it", "co.uk"},
	} {
		for _, written := range all {
			if host, got := readHost(written); got != "onboarding.domain.error."+fault {
				t.Errorf("%q is read as %q (%q), want it refused as %s", written, host, got, fault)
			}
		}
	}
}

// FuzzHosts reads anything within a moment, as what is long is refused before it is read: encoding takes the square of its length.
func FuzzHosts(f *testing.F) {
	for _, written := range []string{
		"servizi.comune.it", strings.Repeat("à", 4<<20), strings.Repeat("è.", 1<<20) + "it", "https://" + strings.Repeat("x", 1<<20), strings.Repeat("https://", 1<<10),
	} {
		f.Add(written)
	}
	f.Fuzz(func(t *testing.T, written string) {
		host, fault := readHost(written)
		if (host == "") == (fault == "") || len(host) > maxHost {
			t.Errorf("read as %q (%q)", host, fault)
		}
		if again, fault := readHost(host); host != "" && (again != host || fault != "") {
			t.Errorf("%q is read again as %q (%q)", host, again, fault)
		}
	})
}

// TestWhichRecordLeads: a CNAME, but where none can stand or the platform has no name.
func TestWhichRecordLeads(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		base, host string
		want       Lead
	}{
		{"https://staffetta.example.it", "servizi.comune.it", Lead{Kind: "CNAME", Value: "staffetta.example.it"}},
		{"https://staffetta.example.it:8443", "unionecomuni.it", Lead{Kind: "A", Value: "staffetta.example.it", Same: true}},
		{"http://192.0.2.1:8080", "servizi.comune.bari.it", Lead{Kind: "A", Value: "192.0.2.1"}},
		{"http://[2001:db8::1]", "servizi.comune.bari.it", Lead{Kind: "AAAA", Value: "2001:db8::1"}},
	} {
		v := NewService(modules.Deps{Platform: modules.Platform{Mail: modules.Correspondence{Base: c.base}}})
		if got := v.LeadOf(Domain{Host: c.host}); got != c.want {
			t.Errorf("%s leads to %s by %+v, want %+v", c.host, c.base, got, c.want)
		}
	}
}

// TestALongHostIsRefusedUnread counts what refusing it takes: nothing that grows with its letters but looking for its end.
func TestALongHostIsRefusedUnread(t *testing.T) {
	for _, letter := range []string{"à", "a", "ß.", "ｗ"} {
		long := strings.Repeat(letter, 1<<16)
		var fault string
		if took := testing.AllocsPerRun(1, func() { _, fault = readHost(long) }); fault != "onboarding.domain.error.form" || took > 20 {
			t.Errorf("%q is refused as %q after %v allocations", letter, fault, took)
		}
	}
}

// TestWhatBecomesOfAnAddress judges what was found in the DNS: an address is had by both records and lost after three days without.
func TestWhatBecomesOfAnAddress(t *testing.T) {
	t.Parallel()
	gone, silent := Proof{Record: Missing}, Proof{Lead: Unanswered}
	for _, c := range []struct {
		name  string
		state State
		miss  int
		found Proof
		daily bool
		want  State
		then  int
		event string
	}{
		{"asked and shown", Asked, 0, Proof{}, false, Confirmed, 0, "domain.confirm"},
		{"asked and not shown", Asked, 0, gone, true, Asked, 0, "domain.check"},
		{"half of it", Asked, 0, Proof{Lead: Other}, true, Asked, 0, "domain.check"},
		{"still there", Confirmed, 2, Proof{}, true, Confirmed, 0, "domain.check"},
		{"gone for a day", Confirmed, 0, gone, true, Confirmed, 1, "domain.check"},
		{"gone, looked at by hand", Confirmed, 2, gone, false, Confirmed, 2, "domain.check"},
		{"gone for three days", Confirmed, 2, Proof{Lead: Other}, true, Suspended, 3, "domain.suspend"},
		{"no answer for days", Confirmed, 2, silent, true, Confirmed, 2, "domain.check"},
		{"suspended, still gone", Suspended, 3, gone, true, Suspended, 3, "domain.check"},
		{"suspended and back", Suspended, 3, Proof{}, true, Confirmed, 0, "domain.confirm"},
	} {
		next, event := Domain{State: c.state, Misses: c.miss}.judge(c.found, c.daily)
		if next.State != c.want || next.Misses != c.then || event != c.event || next.Proof != c.found {
			t.Errorf("%s: %s after %d days, %s, want %s, %d, %s", c.name, next.State, next.Misses, event, c.want, c.then, c.event)
		}
	}
}
