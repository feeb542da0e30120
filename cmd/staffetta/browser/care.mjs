// Joint care: Pantelleria writes its part into a case of Marsala, under its own name, until Marsala ends it.
import { enter, follow, given, gone, path, pick, press, run, see, seeNot, Site, turn, want, write } from './visit.mjs'
import { day } from './share.mjs'
import * as work from './work.mjs'

const { scripts, who, marker } = given()
const site = await Site.open({ javaScriptEnabled: scripts })
const at = {}
const sara = () => site.person('c_e974', 'Sara Lombardo')
const chiara = () => site.person('c_g315', 'Chiara Valenza')
const davide = () => site.person('c_g315', 'Davide Errera')
const purpose = 'Presa in carico condivisa'
const theirs = 'Attivato l\'aiuto in casa, due volte la settimana'
const ours = 'Contributo per il trasporto confermato'

// begin begins a note of the part that both write.
async function begin(page, words) {
  await turn(page, 'Diario')
  await follow(page, 'Nuova annotazione')
  await page.getByLabel('Tipo').selectOption({ label: 'Foglio amministrativo' })
  await write(page, { testo: words })
}

async function sign(page, words) {
  await begin(page, words)
  await press(page, 'Controlla e firma')
  await see(page, words, 'non si potrà più modificare')
  await press(page, 'Firma e blocca')
  await see(page, 'Annotazione firmata', words)
}

// open opens the case from the list of cases that others show.
async function open(page) {
  await turn(page, 'Condivise con me')
  await follow(page, who.number)
}

await run(site, {
  'Sara offers to follow the case together': async () => {
    const page = await sara()
    await turn(page, 'Scrivania')
    await follow(page, who.surname)
    await turn(page, 'Condividi')
    await pick(page, 'radio', 'Comune di Pantelleria', `${purpose}: ${purpose}`)
    await press(page, 'Avanti')
    await see(page, 'Può anche scrivere in')
    const reads = page.getByRole('group', { name: 'Quali sezioni' })
    const writes = page.getByRole('group', { name: 'Può anche scrivere in' })
    await reads.getByRole('checkbox', { name: 'Documenti' }).check()
    for (const name of ['Valutazioni', 'Interventi e contributi', 'Documenti']) await writes.getByRole('checkbox', { name }).check()
    await write(page, { motivo_sezioni: 'I certificati li raccogliamo insieme' })
    await press(page, 'Avanti')
    await pick(page, 'radio', 'Compito di interesse pubblico')
    await write(page, { fino: day(90), motivo: 'Vive fra i due Comuni' })
    await press(page, 'Avanti')
    await see(page, 'Può anche scrivere in', 'Documenti')
    await press(page, 'Conferma e invia')
    await see(page, 'Proposta inviata')
  },
  'Chiara accepts for Davide': async () => {
    const page = await chiara()
    await turn(page, 'Scrivania')
    await follow(page, /condivision\w+ da decidere/i)
    if (path(page).endsWith('/richieste')) await enter(page, purpose)
    await see(page, 'Può anche scrivere in', 'Anteprima per chi riceve')
    await seeNot(page, who.surname, marker)
    await page.getByLabel('Chi potrà leggere').selectOption({ label: 'Davide Errera' })
    await press(page, 'Accetta')
    await see(page, 'Condivisione accettata')
  },
  'Davide signs a note in the part of both': async () => {
    const page = await davide()
    await turn(page, 'Scrivania')
    await see(page, 'Novità in')
    await open(page)
    at.shared = path(page)
    await see(page, 'Cartella condivisa dal Comune di Marsala', 'Puoi scrivere in', 'Tutto il diario')
    await seeNot(page, 'Il diario è vuoto')
    await sign(page, theirs)
    await see(page, 'Davide Errera')
    await seeNot(page, marker)
  },
  'Davide files a document': async () => {
    const page = await davide()
    await open(page)
    await turn(page, 'Documenti')
    await page.locator('[name=file]').setInputFiles({ name: 'certificato.txt', mimeType: 'text/plain', buffer: Buffer.from('Certificato di Pantelleria\n') })
    await write(page, { titolo: 'Certificato di Pantelleria', sezione: 'documents' })
    await press(page, 'Carica il documento')
    await see(page, 'Documento caricato', 'Certificato di Pantelleria', 'Davide Errera')
  },
  'Davide assesses': async () => {
    const page = await davide()
    await work.barthel(page, at.shared, scripts)
    await see(page, 'Davide Errera')
  },
  'Sara is told and reads who of which body wrote what': async () => {
    const page = await sara()
    await turn(page, 'Scrivania')
    await see(page, `Un altro ente ha scritto nella cartella ${who.number}`)
    await follow(page, who.surname)
    await turn(page, 'Diario')
    await see(page, theirs, 'Davide Errera, Comune di Pantelleria')
    await turn(page, 'Documenti')
    await see(page, 'Certificato di Pantelleria', 'Davide Errera, Comune di Pantelleria')
    await turn(page, 'Valutazioni')
    await see(page, 'Barthel', 'Davide Errera, Comune di Pantelleria')
    await follow(page, /Barthel/)
    await see(page, 'Davide Errera, Comune di Pantelleria')
  },
  'Sara writes too, and Davide reads whose it is': async () => {
    const page = await sara()
    await sign(page, ours)
    const other = await davide()
    await open(other)
    await turn(other, 'Diario')
    await see(other, ours, 'Sara Lombardo, Comune di Marsala', theirs)
    await turn(other, 'Documenti')
    await see(other, 'Certificato di Pantelleria', 'Davide Errera')
    await seeNot(other, 'Davide Errera, Comune di Pantelleria', marker)
  },
  'Sara ends it while Davide writes: nothing more is written': async () => {
    const writer = await davide()
    await open(writer)
    await begin(writer, 'Scritto dopo la fine')
    const page = await sara()
    await turn(page, 'Condividi')
    await follow(page, purpose)
    await follow(page, 'Chiudi la condivisione')
    await see(page, 'L\'accesso alla cartella finisce subito')
    await write(page, { motivo: 'Torna a vivere a Marsala tutto l\'anno' })
    await press(page, 'Chiudi la condivisione')
    await see(page, 'Condivisione chiusa', 'Chiusa')
    writer.refusable = true
    await press(writer, 'Salva la bozza')
    writer.refusable = false
    await see(writer, 'non')
    await gone(writer, at.shared)
    await gone(writer, `${at.shared}/diario`)
    await turn(page, 'Scrivania')
    await follow(page, who.surname)
    await turn(page, 'Diario')
    await see(page, theirs)
    await seeNot(page, 'Scritto dopo la fine')
  },
  'Davide and Chiara are told that it ended': async () => {
    for (const someone of [davide, chiara]) {
      const page = await someone()
      await page.goto(new URL('/c_g315/scrivania', page.url()).href)
      await follow(page, /^Novità in .*ricevut/)
      if (path(page).endsWith('/richieste')) await enter(page, purpose, 'Chiusa')
      await see(page, 'Chiusa', 'La condivisione è finita', 'Sara Lombardo, Comune di Marsala')
      await seeNot(page, 'Torna a vivere a Marsala', who.surname)
      want((await page.getByRole('link', { name: 'Apri la cartella' }).count()) === 0, 'the case that ended can be opened')
    }
  },
})
