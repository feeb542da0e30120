package terminal

import (
	"fmt"
	"io"
)

// Where are the addresses at which a demo begins.
type Where struct{ Base, Ceding, Reusing string }

// Start tells a newcomer what to look at first; of the complete demo, what it holds.
func (where Where) Start(w io.Writer, complete bool) {
	if !complete {
		fmt.Fprintf(w, "\n1. Marsala pubblica la pratica:  %s/%s/accedi  (Giulia Ferrante)\n", where.Base, where.Ceding)
		fmt.Fprintf(w, "2. Pantelleria entra da sola:    %s/attivazione  (Anna Rizzo)\n\n", where.Base)
		return
	}
	fmt.Fprintf(w, `
La dimostrazione completa contiene, con dati inventati:
  - la pratica CID di Marsala, pubblicata in tre versioni (1.0.0, 1.1.0, 2.0.0);
  - due adozioni, aperte oggi: Pantelleria ha la 2.0.0 con un adattamento suo ed è alla fase 6, Formazione;
    Mazara del Vallo ha la 1.0.0, è alla fase 3, Accordo, e ha sollecitato l'atto di Marsala;
  - il fabbisogno di Petrosino, a cui la pratica può servire, e uno di Mazara che nessuno copre;
  - cinque mesi di lavoro nei tre enti: cartelle, diari, valutazioni, arrivi allo sportello;
  - accordi, condivisioni, passaggi, prese in carico congiunte e un'emergenza da verificare.
Per cominciare: %[1]s/%[2]s/accedi (Giulia Ferrante, a cui tocca l'accordo con Mazara) o %[1]s/%[3]s/accedi (Anna Rizzo).

`, where.Base, where.Ceding, where.Reusing)
}
