// A municipality enters by itself: from the public page to the body that only its own people see, in two browsers.
import { base, choose, follow, given, load, press, run, see, Site, want, write } from './visit.mjs'

const { scripts } = given()
const site = await Site.open({ javaScriptEnabled: scripts })
const name = 'Anna Rizzo'
let typed = 0

// type writes what nobody could propose, and counts the fields.
async function type(page, values) {
  typed += Object.keys(values).length
  await write(page, values)
}

// begin fills both steps.
async function begin(page) {
  await page.goto(`${base}/`)
  await follow(page, 'Attiva un nuovo ente')
  await follow(page, 'Inizia')
  await choose(page, name, 'Nuovi enti')
  await press(page, 'Inizia una nuova attivazione')
  await follow(page, 'Ente')
  for (const words of ['081014', 'G315', 'c_g315']) {
    await write(page, { q: words })
    await press(page, 'Cerca')
    await see(page, 'Pantelleria', '081014')
  }
  await type(page, { q: 'pantelleria' })
  await press(page, 'Cerca')
  await load(page, () => page.getByRole('button', { name: /Scegli.*Pantelleria/ }).click())
  await follow(page, 'Referente e poteri')
  want((await page.locator('[name=name]').inputValue()) === name, 'the name is not that of the login')
  await type(page, {
    position: 'Responsabile dei servizi sociali', email: 'servizi.sociali@comune.example', phone: '0923 695011',
    act_number: 'DD 12', 'act_date-giorno': '15', 'act_date-mese': '1', 'act_date-anno': '2026', pec: 'protocollo@pec.comune.pantelleria.tp.it',
  })
  await press(page, 'Salva')
}

// prove goes on in another browser: the code comes by mail, and is written.
async function prove(page) {
  await page.goto(`${base}/attivazione/mie`)
  await choose(page, name, 'Nuovi enti')
  await follow(page, 'Comune di Pantelleria')
  await follow(page, 'Verifica e codice')
  await press(page, /^Manda il codice/)
  await see(page, 'Abbiamo mandato un codice a protocollo@pec.comune.pantelleria.tp.it')
  const mailbox = await site.guest()
  await mailbox.goto(`${base}/piattaforma/posta`)
  await see(mailbox, 'Anna Rizzo', 'DD 12 del 15/01/2026', 'non dare il codice a nessuno')
  const [, code] = (await mailbox.locator('main').innerText()).match(/controllo è: ([A-Z0-9-]{11})/)
  page.refusable = true
  await write(page, { code: 'AAA-AAA-AAA' })
  await press(page, 'Conferma il codice')
  page.refusable = false
  await see(page, 'Il codice non è questo', 'Hai ancora 4 tentativi')
  await type(page, { code: code.toLowerCase() })
  await press(page, 'Conferma il codice')
  await see(page, 'Comune di Pantelleria è in prova', 'c_g315', 'Apri la console dell’ente')
}

await run(site, {
  'Pantelleria begins to enter': async () => begin(await site.guest()),
  'it goes on in another browser, and proves control with the code': async () => prove(await site.guest()),
  'few fields are typed': async () => want(typed <= 10, `${typed} fields are typed`),
})
