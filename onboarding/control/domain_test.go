package control_test

import (
	"testing"

	"staffetta/onboarding/control"
	"staffetta/tenants/register"
)

func TestAddressesThatLookLikeTheBodysOwn(t *testing.T) {
	t.Parallel()
	of := func(istat string) register.Municipality {
		m, err := register.ByISTAT(istat)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	named := func(name, province string) register.Municipality {
		for _, m := range register.All() {
			if m.Name == name && m.Province == province {
				return m
			}
		}
		t.Fatalf("there is no %s (%s)", name, province)
		return register.Municipality{}
	}
	castro, re := named("Castro", "LE"), named("Re", "VB")
	mazara, marsala, bolzano, forli := of("081012"), of("081011"), of("021008"), of("040012")
	for _, c := range []struct {
		address string
		m       register.Municipality
		want    bool
	}{
		{"protocollo@comune.marsala.tp.it", marsala, true},
		{"protocollo@PEC.Comune.Marsala.TP.it", marsala, true},
		{"protocollo@comune.marsala.it", marsala, true},
		{"a@comunemarsala.it", marsala, false}, // anybody may buy these
		{"a@pec.comunedimarsala.it", marsala, false},
		{"a@comune-marsala.it", marsala, false},
		{"a@comunemarsala.tp.it", marsala, false},
		{"a@comune.castro.it", castro, false}, // there are two
		{"a@comune.castro.le.it", castro, true},
		{"a@comune.castro.bg.it", castro, false},
		{"a@comune.re.it", re, false}, // a province is called so
		{"a@comune.re.vb.it", re, true},
		{"a@pec.comune.mazaradelvallo.tp.it", mazara, true},
		{"a@comune.mazara-del-vallo.tp.it", mazara, true},
		{"bz@legalmail.comune.bolzano.it", bolzano, true},
		{"bz@pec.gemeinde.bozen.it", bolzano, true},
		{"a@comune.forli.fc.it", forli, true},
		{"comune.marsala@pec.it", marsala, false},
		{"comunemarsala@legalmail.it", marsala, false},
		{"a@comune.marsala.it.example", marsala, false},
		{"a@comune.marsala.evil.it", marsala, false},
		{"a@marsala.it", marsala, false},
		{"a@comune.marsala.pa.it", marsala, false},
		{"a@comune.marsalo.tp.it", marsala, false},
		{"a@comune.mazara.tp.it", mazara, false},
		{"a@comune.mаrsala.tp.it", marsala, false}, // a Cyrillic letter
		{"a@tp.it", marsala, false},
		{"a@it", marsala, false},
		{"marsala", marsala, false},
		{"", marsala, false},
	} {
		if got := control.OfMunicipality(c.address, c.m); got != c.want {
			t.Errorf("%q of %s: %t", c.address, c.m.Name, got)
		}
	}
}
