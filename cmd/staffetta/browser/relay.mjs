// The whole way of a kit by its pages: Marsala publishes it, two bodies adopt it and each adapts it; it moves on twice, once with
// other questions in a form that somebody has open; both follow with what they changed, one goes back and forward again, and
// what the other one changed for the better comes back to Marsala and, with its credit, to all.
import { base, follow, load, path, press, run, see, seeNot, Site, want, write } from './visit.mjs'
import { add, answer, columns, drop, edit, reads, settle } from './kit.mjs'
import * as work from './work.mjs'

const site = await Site.open({})
const [marsala, island, mazara] = ['c_e974', 'c_g315', 'c_f061']
const title = /Centro d.informazione territoriale/
const at = {}
const giulia = () => site.person(marsala, 'Giulia Ferrante')
const anna = () => site.person(island, 'Anna Rizzo')
const davide = () => site.person(island, 'Davide Errera')
const rita = () => site.person(mazara, 'Rita Bono')

// What each body writes into the kit.
const islands = { 'SV-01': 'Lo sportello dell’isola.', 'SV-02': 'Te lo spieghiamo in contrada.', 'SV-03': 'Gli ausili arrivano con la nave.' }
const newer = { 'SV-01': 'Un colloquio per capire insieme da dove cominciare.', 'SV-02': 'Ti diciamo quali carte servono.', 'SV-03': 'Ausili e contrassegno, passo per passo.' }
const described = 'Allo sportello trovi ascolto, in presenza o in videochiamata.'
const intro = { marsala: 'Si compila insieme, in dieci minuti.', mazara: 'Si compila insieme, anche per telefono.' }
const why = 'Una persona su due ci telefona'

// release publishes the next kit of the practice with all that Marsala uses.
async function release(page, number, proposed) {
  await page.goto(`${base}/${marsala}/pratiche`)
  await follow(page, title)
  await follow(page, 'Prepara un kit da pubblicare')
  want((await page.locator('[name=release]').inputValue()) === proposed, `after it ${proposed} is not proposed`)
  await write(page, { release: number })
  await press(page, 'Controlla il kit')
  await work.justify(page)
  await press(page, 'Pubblica il kit')
  await see(page, `Il kit ${number} è pubblicato`)
}

// board opens the adoption of a body.
async function board(page, slug) {
  await page.goto(`${base}/${slug}/adozioni`)
  await follow(page, title)
}

// news reads at the desk that there is a newer kit, and what it changes.
async function news(page, slug, number, ...words) {
  await page.goto(`${base}/${slug}/scrivania`)
  await follow(page, new RegExp(`È uscito il kit ${number}`))
  await see(page, `alla ${number}`, ...words)
  await follow(page, 'Prova il kit')
}

async function apply(page, number) {
  const read = page.getByRole('checkbox', { name: 'Ho letto chi guadagna e chi perde' })
  if (await read.count()) {
    await read.check()
  }
  await press(page, 'Applica il kit')
  await see(page, `Kit ${number} applicato`)
}

// guide reads what a citizen reads of a service.
async function guide(page, slug, key, ...words) {
  await page.goto(`${base}/${slug}/servizi/${key}`)
  await see(page, ...words)
}

await run(site, {
  'Marsala publishes kit 1.0.0': async () => work.publish(await giulia()),
  'Pantelleria adopts it': async () => work.adopt(await anna(), island),
  'Mazara adopts it': async () => work.adopt(await rita(), mazara),
  'each adapts it in its own way': async () => {
    const page = await anna()
    for (const [key, text] of Object.entries(islands)) await edit(page, island, `service/${key}`, 'Come si fa sull’isola', (page) => write(page, { 'c.summary.it': text }))
    await guide(page, island, 'SV-01', islands['SV-01'])
    await edit(await rita(), mazara, 'form/FO-01', 'Molti telefonano', (page) => write(page, { 'c.intro.it': intro.mazara }))
  },
  'Giulia rewrites three services and publishes kit 1.1.0': async () => {
    const page = await giulia()
    for (const [key, text] of Object.entries(newer)) {
      await edit(page, marsala, `service/${key}`, 'Si capisce meglio', (page) => write(page, { 'c.summary.it': text, ...(key === 'SV-01' ? { 'c.description.it': described } : {}) }))
    }
    await release(page, '1.1.0', '1.1.0')
  },
  'Anna is told of it and reads three conflicts, each in three columns': async () => {
    const page = await anna()
    await news(page, island, '1.1.0', 'cambiano 3 componenti', ...Object.values(newer))
    await see(page, 'La prova non cambia nulla', 'Conflitto: 3', '0 conflitti su 3 hanno una risposta')
    for (const key of Object.keys(islands)) {
      const [heads, cells] = await columns(page, key)
      want(heads.startsWith('Dove | Prima | Il nostro | Dal kit'), `the columns of ${key} are ${heads}`)
      want(cells.includes(islands[key]) && cells.includes(newer[key]), `the row of ${key} reads ${cells}`)
    }
  },
  'she cannot keep hers without a reason; what she answered stays': async () => {
    const page = await anna()
    await answer(page, 'SV-03', 'Tieni il nostro')
    await answer(page, 'SV-02', 'Prendi dal kit')
    page.refusable = true
    await press(page, 'Applica il kit')
    page.refusable = false
    await see(page, 'Scrivi perché l\'ente tiene il suo', 'Scegli che cosa fare', '1 conflitto su 3 ha una risposta')
  },
  'she unites the first, takes the second, keeps the third': async () => {
    const page = await anna()
    await answer(page, 'SV-03', 'Tieni il nostro', 'Da noi gli ausili arrivano con la nave')
    await answer(page, 'SV-01', 'Unisci', 'Da noi lo sportello è sull’isola')
    await settle(page, 'SV-01', 'Tieni il nostro')
    await apply(page, '1.1.0')
    await guide(page, island, 'SV-01', islands['SV-01'], described)
    await guide(page, island, 'SV-02', newer['SV-02'])
    await guide(page, island, 'SV-03', islands['SV-03'])
  },
  'Rita, who changed nothing of that, follows without a question': async () => {
    const page = await rita()
    await news(page, mazara, '1.1.0')
    await seeNot(page, 'Conflitti da decidere')
    await apply(page, '1.1.0')
    await guide(page, mazara, 'SV-01', newer['SV-01'])
  },
  'Davide begins a form and leaves it open': async () => {
    const page = await davide()
    await page.goto(`${base}/${island}/sportello`)
    await follow(page, 'Registra un accesso')
    await page.locator('main details summary').click()
    await write(page, { channel: 'in_person', interlocutor: 'user', reason: 'spontaneous', request: 'Un aiuto per la mamma', target: 'disability', outcome: 'information' })
    await press(page, 'Registra l’accesso')
    await follow(page, /^Compila «Primo accesso/)
    await write(page, { 'a.channel': 'other_remote', 'a.words': 'Un aiuto per la mamma' })
    await press(page, 'Salva la bozza')
    await see(page, 'Bozza salvata')
    at.form = path(page)
  },
  'Giulia asks differently, says how earlier answers are read, and publishes kit 2.0.0': async () => {
    const page = await giulia()
    await edit(page, marsala, 'form/FO-01', 'Due modi a distanza erano troppi', async (page) => {
      await write(page, { 'c.intro.it': intro.marsala })
      await drop(page, 'Il contatto', 'Come è arrivata la richiesta', 'In altro modo a distanza')
      await add(page, 'Risposte date alle versioni precedenti')
      await write(page, { 'c.changes.0.way': 'map', 'c.changes.0.from': 'channel' })
      await add(page, 'Valori')
      await write(page, { 'c.changes.0.values.0.value': 'other_remote', 'c.changes.0.values.0.to': 'online' })
    })
    await release(page, '2.0.0', '1.2.0')
  },
  'Anna reads that an open form goes on with all its answers, and applies 2.0.0': async () => {
    const page = await anna()
    await news(page, island, '2.0.0', 'Primo accesso', intro.marsala)
    await see(page, 'Cambiato: 1', '1 modulo aperto può continuare nella versione nuova', 'Tutte le risposte trovano il loro posto')
    await apply(page, '2.0.0')
  },
  'Davide goes on among the new questions with what he has': async () => {
    const page = await davide()
    await page.goto(base + at.form)
    await see(page, 'Di questo modulo c’è una versione nuova', 'quello che hai scritto, anche ora, viene con te')
    await press(page, 'Continua nella versione nuova')
    await see(page, 'Continui nella versione nuova, con le risposte già date', intro.marsala)
    await keeps(page)
  },
  'Rita keeps her words where both changed them, and takes the new questions': async () => {
    const page = await rita()
    await news(page, mazara, '2.0.0')
    await see(page, 'Conflitto: 1', intro.mazara, intro.marsala)
    await answer(page, 'FO-01', 'Unisci', 'Da noi molti telefonano')
    await settle(page, 'FO-01', 'Tieni il nostro')
    await apply(page, '2.0.0')
    await reads(page, mazara, 'form/FO-01', [intro.mazara], ['In altro modo a distanza', intro.marsala])
  },
  'Anna goes back: her own words stay, the form asks as before': async () => {
    const page = await anna()
    await board(page, island)
    await follow(page, 'Che cosa è stato applicato')
    await load(page, () => page.locator('main a[href$="/ritorno"]').first().click())
    await see(page, 'Tornare indietro?', '1.1.0', 'FO-01')
    await press(page, /^Torna al kit \d+\.\d+\.\d+ del \d+\/\d+\/\d+/)
    await see(page, 'Fatto: 1 componente')
    await reads(page, island, 'form/FO-01', ['In altro modo a distanza'], [intro.marsala])
    await guide(page, island, 'SV-01', islands['SV-01'], described)
    const open = await davide()
    await open.goto(base + at.form)
    await keeps(open)
  },
  'and forward again, without a question': async () => {
    const page = await anna()
    await board(page, island)
    await follow(page, 'Prova il kit')
    await seeNot(page, 'Conflitti da decidere')
    await apply(page, '2.0.0')
    await reads(page, island, 'form/FO-01', [intro.marsala], ['In altro modo a distanza'])
  },
  'Rita proposes her words to Marsala': async () => {
    const page = await rita()
    await board(page, mazara)
    await follow(page, 'Proponi una miglioria')
    await see(page, 'FO-01', '1 differenza')
    await follow(page, /^Proponi/)
    await see(page, intro.marsala, intro.mazara)
    await write(page, { reason: why, evidence: 'Sei moduli su dieci si compilano al telefono' })
    await press(page, 'Salva la bozza')
    await see(page, 'non la vede finché non la invii')
    await press(page, /^Invia al Comune di Marsala/)
    await see(page, 'Proposta inviata')
  },
  'Giulia finds it at her desk, reads the difference and accepts': async () => {
    const page = await giulia()
    await page.goto(`${base}/${marsala}/scrivania`)
    await follow(page, /Rispondi a una proposta di miglioria/)
    if (!/proposte\/./.test(path(page))) await follow(page, /^FO-01/)
    await see(page, 'Comune di Mazara del Vallo', why, intro.marsala, intro.mazara)
    await follow(page, 'Accetta la proposta')
    await write(page, { text: 'Grazie, lo facciamo tutti' })
    await press(page, 'Accetta')
    await see(page, 'Proposta accettata')
  },
  'kit 2.1.0 names whom it is owed to': async () => {
    const page = await giulia()
    await release(page, '2.1.0', '2.1.0')
    const anybody = await site.guest()
    await anybody.goto(`${base}/buone-pratiche`)
    await follow(anybody, title)
    await see(anybody, 'Migliorie proposte da altri enti', 'Comune di Mazara del Vallo, FO-01', 'dalla versione 2.1.0', why)
    await load(anybody, () => anybody.locator('main a[href$="/modifiche/2.1.0"]').click())
    await see(anybody, `Proposto dal Comune di Mazara del Vallo: ${why}`, intro.mazara)
  },
  'Rita is told of the answer, and where her change went': async () => {
    const page = await rita()
    await page.goto(`${base}/${mazara}/scrivania`)
    await follow(page, /È arrivata la risposta a una proposta/)
    if (!/proposte\/./.test(path(page))) await follow(page, /^FO-01/)
    await see(page, 'ha accettato la proposta', 'Grazie, lo facciamo tutti', 'Entrata nella pratica', 'Versione 2.1.0')
    await press(page, 'Ho letto la risposta')
  },
  'Anna hears to whom it is owed, and takes it': async () => {
    const page = await anna()
    await news(page, island, '2.1.0', 'cambia un componente', `Proposto dal Comune di Mazara del Vallo: ${why}`, intro.mazara)
    await seeNot(page, 'Conflitti da decidere')
    await apply(page, '2.1.0')
    await reads(page, island, 'form/FO-01', [intro.mazara], [intro.marsala])
  },
})

// keeps sees that the open form holds what was answered before the questions changed.
async function keeps(page) {
  want(await page.locator('main [name="a.channel"][value=online]').isChecked(), 'the channel is not the one that took its place')
  want((await page.locator('main [name="a.words"]').inputValue()) === 'Un aiuto per la mamma', 'what was asked for is lost')
}
