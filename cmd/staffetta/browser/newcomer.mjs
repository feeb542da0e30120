// A municipality that the program has never seen enters by itself, and serves its first case with a kit that another body gave.
// Each part is done in fresh browsers, by whoever has its turn. What people type is counted; what publishes the kit is not theirs.
import { readFileSync, writeFileSync } from 'node:fs'
import { watch } from './effort.mjs'
import { base, choose, follow, given, load, path, press, run, see, Site, want, write } from './visit.mjs'
import * as work from './work.mjs'

const { parts: wanted, scripts, codes, person, tally } = given()
const slug = 'c_h700'
const body = 'Comune di Salemi'
const piera = 'Piera Messina'
const chiara = 'Chiara Valenza'
const practice = /Centro d.informazione territoriale/
const site = await Site.open({ javaScriptEnabled: scripts })
const efforts = []

// counted watches what somebody types, which needs scripts.
async function counted(page) {
  if (scripts) efforts.push(await watch(page))
  return page
}

// entering is somebody at the entry of the body, which they find where they left it.
async function entering(name) {
  const page = await counted(await site.guest())
  await page.goto(`${base}/attivazione/mie`)
  await choose(page, name, 'Nuovi enti')
  await follow(page, body)
  return page
}

// operator is somebody who works in the body; the first time they read the code of conduct.
async function operator(name, first = false) {
  const page = await counted(await site.signIn(slug, name))
  want((path(page) === `/${slug}/codice-di-condotta`) === first, `the first page is ${path(page)}`)
  if (first) await press(page, 'Ho letto e mi impegno')
  return page
}

// configuring opens a page of the body's console from its list.
async function configuring(name, entry, first = false) {
  const page = await operator(name, first)
  await page.goto(`${base}/${slug}/console`)
  if (entry) await follow(page, entry)
  return page
}

async function admit(page, name, role) {
  await follow(page, 'Aggiungi una persona')
  await write(page, { nome: name, codice: codes[name], ruoli: role })
  await press(page, 'Aggiungi una persona')
  await see(page, 'Persona aggiunta', name)
}

const parts = {
  published: async () => work.publish(await site.person('c_e974', 'Giulia Ferrante')),

  begun: async () => {
    const page = await counted(await site.guest())
    await page.goto(`${base}/`)
    await follow(page, 'Attiva un nuovo ente')
    await follow(page, 'Inizia')
    await choose(page, piera, 'Nuovi enti')
    await press(page, 'Inizia una nuova attivazione')
    await follow(page, 'Ente')
    await write(page, { q: 'salemi' })
    await press(page, 'Cerca')
    await load(page, () => page.getByRole('button', { name: /Scegli.*Salemi/ }).click())
    await follow(page, 'Aggiungi o togli persone')
    await write(page, { name: chiara, tax_code: codes[chiara] })
    await press(page, 'Aggiungi la persona')
  },

  // Both write the same step: who comes second reads that, finds what they wrote, and decides.
  'two at once': async () => {
    const second = await entering(chiara)
    await follow(second, 'Referente e poteri')
    const page = await entering(piera)
    await follow(page, 'Referente e poteri')
    await write(page, {
      position: 'Responsabile dei servizi sociali', email: 'servizi.sociali@comune.example', phone: '0924 991111',
      act_number: 'DD 12', 'act_date-giorno': '15', 'act_date-mese': '1', 'act_date-anno': '2026', pec: 'protocollo@pec.comune.salemi.tp.it',
    })
    await press(page, 'Salva')
    second.refusable = true
    await write(second, { position: 'Coordinatrice' })
    await press(second, 'Salva')
    want((await second.locator('main [name=position]').inputValue()) === 'Coordinatrice', 'what the second wrote is lost')
    second.refusable = false
    await second.goto(`${base}/attivazione/mie`)
    await follow(second, body)
    await follow(second, 'Referente e poteri')
    want((await second.locator('main [name=position]').inputValue()) === 'Responsabile dei servizi sociali', 'what the first saved is lost')
  },

  confirmed: async () => {
    const page = await entering(chiara)
    await follow(page, 'Conferma di una seconda persona')
    await press(page, /^Conferm/)
    await see(page, 'Poteri confermati')
  },

  proven: async () => {
    const page = await entering(piera)
    await follow(page, 'Verifica e codice')
    await press(page, /^Manda il codice/)
    const mailbox = await site.guest()
    await mailbox.goto(`${base}/piattaforma/posta`)
    const [, code] = (await mailbox.locator('main').innerText()).match(/controllo è: ([A-Z0-9-]{11})/)
    await write(page, { code })
    await press(page, 'Conferma il codice')
    await see(page, `${body} è in prova`, 'Confermato da Chiara Valenza')
  },

  'set up': async () => {
    const page = await configuring(piera, 'Recapiti per i cittadini', true)
    want((await page.locator('main [name=telefono]').inputValue()) === '0924 991111', 'the telephone of the entry is asked again')
    await write(page, { indirizzo: 'Piazza Libertà 1, 91018 Salemi' })
    await press(page, 'Salva')
    await page.goto(`${base}/${slug}/console`)
    await follow(page, 'I cittadini sanno dove andare')
    await follow(page, 'Aggiungi una sede')
    want((await page.locator('main [name=indirizzo]').inputValue()) === 'Piazza Libertà 1, 91018 Salemi', 'the address is asked again')
    await write(page, { lunedi: '9-13', martedi: '9-13', mercoledi: '9-13', giovedi: '9-13, 15-17', venerdi: '9-13' })
    await press(page, 'Salva la sede')
  },

  peopled: async () => {
    const page = await configuring(piera, 'Ogni ruolo che serve')
    await admit(page, chiara, 'coordinator')
    await admit(page, 'Davide Errera', 'social_worker')
    await admit(page, 'Nino Ferreri', 'access_desk')
    await admit(page, 'Ida Vella', 'dpo')
    await admit(page, 'Giulia Ferrante', 'practice_owner')
    await page.goto(`${base}/${slug}/console`)
    want((await page.getByText('Nessuno ha:').count()) === 0, 'a role that is needed has nobody')
  },

  adopted: async () => {
    const page = await configuring(piera, 'Buone pratiche di altri')
    await follow(page, practice)
    await follow(page, /^Adotta/)
    await press(page, 'Adotta')
    await follow(page, 'Prova il kit')
    await see(page, 'La prova non cambia nulla')
    await page.getByRole('checkbox', { name: 'Ho letto chi guadagna e chi perde' }).check()
    await press(page, 'Applica il kit')
    await see(page, 'Kit 1.0.0 applicato')
    await page.goto(`${base}/${slug}/guida`)
    await press(page, /^Mostra tutti i/)
  },

  informed: async () => {
    const page = await configuring(piera, 'Titolare e responsabile')
    want((await page.locator('main [name=rpd]').inputValue()) === 'Ida Vella', 'the officer is asked, who is a member')
    await write(page, { rpd_email: 'rpd@comune.example' })
    await press(page, 'Salva')
    await follow(page, /^Informativa/)
    await see(page, 'Cartella sociale e presa in carico', 'Piazza Libertà 1')
    await press(page, 'Proponi al DPO')
    const officer = await operator('Ida Vella', true)
    await officer.goto(`${base}/${slug}/console/privacy/documenti/informativa`)
    await press(officer, 'Parere favorevole: pubblica')
    await see(officer, 'Pubblicata la versione 1')
  },

  live: async () => {
    const guest = await site.guest()
    guest.refusable = true
    await guest.goto(`${base}/${slug}/servizi`)
    want((await guest.locator('main a[href*="/servizi/"]').count()) === 0, 'citizens see services of a body on trial')
    const page = await configuring(piera, 'Pubblicazione')
    for (const box of await page.locator('main input[type=checkbox]').all()) await box.check()
    await press(page, /^Pubblica/)
    const citizen = await site.guest()
    want((await work.guided(citizen, slug)) === 12, 'citizens do not see the services of the kit')
  },

  served: async () => {
    const desk = await operator('Nino Ferreri', true)
    await desk.goto(`${base}/${slug}/persone`)
    await work.register(desk, slug, person)
    const contact = await work.contact(desk, slug, person, 'Chiede come avere il contrassegno')
    const page = await operator('Davide Errera', true)
    const caseFile = await work.openCase(page, contact)
    await work.note(page, caseFile, 'Spiegato come chiedere il contrassegno e consegnato il modulo')
  },
}

await run(site, Object.fromEntries(wanted.map((part) => [part, parts[part]])))

if (scripts) {
  const counts = JSON.parse(readFileSync(tally))
  for (const { fields, pages } of efforts) {
    counts.fields += fields
    counts.pages += pages
  }
  writeFileSync(tally, JSON.stringify(counts))
}
