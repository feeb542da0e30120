package spread

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/modules/kit"
	"staffetta/modules/practice/archive"
	"staffetta/modules/practice/exchange"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/sheet"
	"staffetta/tenants/register"
)

// perBody is how many practices a body gives away.
const perBody = 3

var (
	things = []string{
		"Sportello", "Centro diurno", "Laboratorio", "Servizio educativo", "Trasporto", "Assistenza a casa", "Gruppo appartamento", "Emporio solidale",
		"Pronto intervento", "Affido", "Mediazione", "Orto sociale", "Tirocinio", "Doposcuola", "Portierato di quartiere", "Consegna dei pasti", "Telesoccorso",
		"Accoglienza", "Ludoteca", "Sollievo per chi assiste",
	}
	people = []string{
		"Persone con disabilità", "Anziani soli", "Famiglie con bambini", "Ragazzi", "Persone senza dimora", "Donne vittime di violenza", "Chi assiste un familiare",
		"Persone straniere", "Giovani che escono dalla tutela", "Chi ha pochi mezzi",
	}
	aims = []string{
		"ridurre l'isolamento", "evitare il ricovero", "trovare un lavoro", "restare a casa propria", "imparare un mestiere", "avere una casa", "muoversi in autonomia",
		"conoscere i propri diritti", "curarsi con continuità", "crescere in una famiglia",
	}
	ways = []string{
		"con operatori formati e volontari", "con un accordo tra Comuni vicini", "con una prenotazione per telefono", "con un piano personale", "con le scuole",
		"con il distretto sanitario", "con un fondo comune", "con turni concordati", "con una lista d'attesa pubblica", "con visite a domicilio",
	}
	areas = []string{"disabili", "anziani", "famiglia", "povertà", "immigrati", "dipendenze"}
)

// Words are what a bench searches the catalogue for.
var Words = []string{
	"sportello", "anziani casa", "disabilità lavoro", "orto", "volontari ragazzi", "trasp", "affido famiglia", "telesoccorso", "accordo comuni", "diritti",
}

// signer is a body of another installation.
type signer struct {
	archive.Body
	private ed25519.PrivateKey
}

// signers are municipalities that are not in this installation, the smallest first.
func (f *filling) signers(n int) []signer {
	here := map[string]bool{}
	for _, body := range f.deps.Bodies.Active() {
		here[body.ISTAT] = true
	}
	var found []signer
	all := register.All()
	for i := len(all) - 1; i >= 0 && len(found) < n; i-- {
		m := all[i]
		if here[m.ISTAT] {
			continue
		}
		seed := sha256.Sum256([]byte("spread " + m.Belfiore))
		found = append(found, signer{
			archive.Body{Name: fmt.Sprintf("Comune di %s (%s)", m.Name, m.Province), ISTAT: m.ISTAT}, ed25519.NewKeyFromSeed(seed[:]),
		})
	}
	return found
}

// idOf is the same id in every run.
func idOf(name string) uuid.UUID {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte("staffetta spread "+name))
}

// fillCatalogue installs practices as files, as they come from other installations.
func (f *filling) fillCatalogue(ctx context.Context) error {
	present := 0
	var b pgx.Batch
	b.Queue(`select count(*) from commons.practices p where p.key like 'PROVA-%'`).QueryRow(func(row pgx.Row) error { return row.Scan(&present) })
	if err := f.deps.DB.Read(ctx, f.platform, &b); err != nil {
		return err
	}
	signers := f.signers((f.Practices + perBody - 1) / perBody)
	if len(signers)*perBody < f.Practices {
		return fmt.Errorf("only %d bodies are elsewhere", len(signers))
	}
	for i := present; i < f.Practices; i++ {
		if err := f.install(ctx, signers[i/perBody], invented(i), "1.0.0", questions(i)); err != nil {
			return err
		}
		f.tell("practices in the catalogue", i+1, f.Practices)
	}
	return nil
}

// practice is what the manifest and the sheet of an invented practice say.
type practice struct {
	id    uuid.UUID
	key   string
	title string
	sheet release.Sheet
}

func invented(i int) practice {
	r := rand.New(rand.NewPCG(1, uint64(i))) //nolint:gosec // invented texts, the same in every run
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	who, thing := pick(people), pick(things)
	say := func() kit.Text {
		return kit.Text{IT: fmt.Sprintf("%s per %s %s.", pick(things), pick(aims), pick(ways))}
	}
	p := practice{id: idOf(fmt.Sprint("practice ", i)), key: fmt.Sprintf("PROVA-%05d", i), title: fmt.Sprintf("%s per %s: %s", thing, who, pick(aims))}
	p.sheet.Registry = sheet.Registry{
		CedingBody: sheet.Body{Name: "Comune"}, StartedYear: 2015 + r.IntN(10), Area: pick(areas), Targets: []kit.Text{{IT: who}, {IT: pick(people)}}, Territory: say(),
	}
	p.sheet.Characteristics = sheet.Characteristics{
		Problem: say(), Solution: say(), Aims: []kit.Text{say(), say()}, Activities: []kit.Text{say(), say(), say()}, Innovation: say(),
	}
	p.sheet.Transfer = sheet.Transfer{How: []kit.Text{say(), say()}, Months: 3 + r.IntN(12)}
	return p
}

func questions(i int) []kit.Source {
	var all []kit.Source
	for n := range 3 {
		raw, err := json.Marshal(map[string]any{
			"question": map[string]string{"it": fmt.Sprintf("A chi si rivolge la parte %d?", n+1)},
			"answer":   map[string]string{"it": people[(i+n)%len(people)]}, "audience": "citizen",
		})
		if err != nil {
			panic(err) // texts are always written
		}
		all = append(all, kit.Source{
			Kind: kit.KindQuestion, Key: fmt.Sprintf("PR-%02d", n+1), Title: kit.Text{IT: "Domanda"}, Owner: "Comune", Licence: "CC-BY-4.0", Content: raw,
		})
	}
	return all
}

// install signs a kit and takes it in, as the platform does with a file. What is there already stays.
func (f *filling) install(ctx context.Context, by signer, p practice, number string, items []kit.Source) error {
	sheet, err := p.sheet.Public()
	if err != nil {
		return err
	}
	public, ok := by.private.Public().(ed25519.PublicKey)
	if !ok {
		return fmt.Errorf("a %T is no public key", by.private.Public())
	}
	k, err := archive.New(archive.Manifest{
		Practice:   archive.Practice{ID: p.id, Key: p.key, Title: kit.Text{IT: p.title}, Owner: by.Name, Licence: "CC-BY-4.0"},
		Release:    archive.Release{ID: idOf(p.key + " " + number), Number: number, Completeness: 40, Published: time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)},
		Sheet:      sheet,
		Provenance: archive.Provenance{Body: by.Body, Key: public},
	}, items)
	if err != nil {
		return err
	}
	k.Sign(by.private)
	var file bytes.Buffer
	if err := k.Write(&file); err != nil {
		return err
	}
	trust := exchange.Trust{Fingerprint: archive.Fingerprint(public)}
	if _, err := f.files.Install(ctx, f.platform, bytes.NewReader(file.Bytes()), int64(file.Len()), trust); err != nil {
		return fmt.Errorf("install %s: %w", p.key, err)
	}
	return nil
}
