// A whole adoption by the pages, from the first one to the first case served, and how long it takes the people who do it.
import { minutes, watch } from './effort.mjs'
import { follow, given, pick, press, run, see, Site, turn, want, write } from './visit.mjs'
import { day } from './share.mjs'
import * as work from './work.mjs'

const { limit, person } = given()
const slug = 'c_f061'
const site = await Site.open({})
const kit = /Centro d.informazione territoriale/
const efforts = new Map()

// worker is somebody whose effort is counted.
async function worker(slug, name) {
  const page = await site.person(slug, name)
  if (!efforts.has(name)) efforts.set(name, await watch(page))
  return page
}

const rita = () => worker(slug, 'Rita Bono')
const giulia = () => worker('c_e974', 'Giulia Ferrante')

async function board(page) {
  await turn(page, 'Adozioni')
  await follow(page, kit)
}

// state fills in what a condition of the gate asks for.
async function state(page, condition, values) {
  await follow(page, condition)
  await write(page, values)
  await press(page, 'Registra')
  await see(page, 'Registrato nella fase')
}

const questions = (page) => page.locator('main input[type=radio]').evaluateAll((all) => [...new Set(all.map((n) => n.name))])
const chosen = (page, name) => page.locator(`main [name="${name}"]`).evaluateAll((all) => all.find((n) => n.checked)?.value)

// gap says who closes what is missing, and until when.
async function gap(page, name) {
  const question = name.replace(/^value\./, '')
  const summary = page.locator('main section', { has: page.locator(`[name="${name}"]`) }).locator('summary')
  if (!(await page.locator(`main [name="owner.${question}"]`).isVisible())) await summary.click()
  await write(page, { [`owner.${question}`]: 'Servizio sociale', [`day.${question}`]: day(60) })
}

// each fills in one form after the other, as long as the next one comes.
async function each(page, fill) {
  for (let first = true; ; first = false) {
    await fill(first)
    await press(page, 'Registra')
    await see(page, 'Registrato nella fase')
    if ((await page.locator('main form[action$="/riscontri"]').count()) === 0) return
  }
}

// guided counts the services that citizens of the reusing body see.
const guided = async () => work.guided(await site.guest(), slug)

const advance = (page) => press(page, /^Passa a «/)

await run(site, {
  'Rita finds the practice and adopts it': async () => {
    const page = await rita()
    await turn(page, 'Adozioni')
    await follow(page, /^Adotta/)
    await press(page, 'Adotta')
    await see(page, 'Che cosa serve per andare avanti')
    await state(page, /ha detto che cosa gli serve/, { note: 'Uno sportello solo per le famiglie con disabilità.' })
    await advance(page)
  },
  'Rita answers the analysis, and says who does what is missing': async () => {
    const page = await rita()
    await follow(page, 'Domande dell\'analisi con risposta')
    for (const name of await questions(page)) {
      const answer = await chosen(page, name)
      if (!answer) await page.locator(`main [name="${name}"][value=yes]`).check()
      else if (answer !== 'yes') await gap(page, name)
    }
    await press(page, 'Salva le risposte')
    await board(page)
    await advance(page)
  },
  'Both bodies write down the agreement': async () => {
    const reusing = await rita()
    await state(reusing, 'Atto dell\'ente riusante, con numero e data', { value: 'DG 41', day: day(-20) })
    await follow(reusing, 'Ruolo privacy dell\'ente riusante')
    await pick(reusing, 'radio', 'Non tratta dati dell\'altro ente')
    await press(reusing, 'Registra')
    const ceding = await giulia()
    await board(ceding)
    await state(ceding, 'Atto dell\'ente cedente, con numero e data', { value: 'DG 77', day: day(-21) })
    await follow(ceding, 'Ruolo privacy dell\'ente cedente')
    await pick(ceding, 'radio', 'Non tratta dati dell\'altro ente')
    await press(ceding, 'Registra')
    await advance(ceding)
    await state(ceding, 'La versione del kit è fissata', {})
    await advance(ceding)
  },
  'Rita applies the kit': async () => {
    const page = await rita()
    await board(page)
    await follow(page, 'Ogni componente è adottato, adattato o escluso')
    await see(page, 'La prova non cambia nulla')
    await page.getByRole('checkbox', { name: 'Ho letto chi guadagna e chi perde' }).check()
    await press(page, 'Applica il kit')
    await board(page)
    await advance(page)
    want((await guided()) === 0, 'citizens see services that nobody has started')
  },
  'The training is held, and a visit': async () => {
    const page = await rita()
    await follow(page, 'Ogni corso del kit si è tenuto')
    await each(page, () => write(page, { day: day(-8), people: '6' }))
    await state(page, 'Almeno una visita di affiancamento', { day: day(-5), amount: '6', people: '4' })
    await see(page, 'I cittadini vedranno 12 servizi in più')
    want((await guided()) === 0, 'citizens see services before the start')
    await advance(page)
    want((await guided()) === 12, 'from the start on citizens do not see the services')
  },
  'The indicators have the values from which they start': async () => {
    const page = await rita()
    await follow(page, 'Gli indicatori hanno il valore di partenza')
    await each(page, async (first) => {
      for (const field of await page.locator('main [name^="quantities"]').all()) await field.fill('4')
      if (first) await write(page, { day: day(-3), note: 'Registro cartaceo dello sportello' })
    })
  },
  'Luca serves the first case': async () => {
    const page = await worker(slug, 'Luca Giacalone')
    await turn(page, 'Persone')
    await work.register(page, slug, person)
    await work.openCase(page, await work.contact(page, slug, person, 'Chiede come avere il contrassegno'))
  },
  'Rita sees that nothing is missing any more': async () => {
    const page = await rita()
    await follow(page, 'Le domande bloccanti hanno risposta sì')
    for (const name of await questions(page)) if ((await chosen(page, name)) !== 'yes') await page.locator(`main [name="${name}"][value=yes]`).check()
    await press(page, 'Salva le risposte')
    await board(page)
  },
  'Rita writes down the first case: the practice has started': async () => {
    const page = await rita()
    await state(page, 'Il primo caso è stato servito', { day: day(0) })
    await advance(page)
    await see(page, '8. Valutazione')
  },
  'altogether it takes less than the limit, and every page says what to do': async () => {
    for (const [name, spent] of efforts) {
      const { pages, words, clicks, fields, characters } = spent
      console.log(`     ${name}: ${pages} pages, ${words} words, ${clicks} clicks, ${fields} fields, ${characters} characters: ${minutes(spent).toFixed(1)} minutes`)
      want(spent.silent.size === 0, `nothing says what to do at ${[...spent.silent].join(', ')}`)
    }
    const total = minutes(...efforts.values())
    want(total > 1 && total < limit, `it takes ${total.toFixed(1)} minutes`)
    console.log(`     altogether ${total.toFixed(1)} minutes`)
  },
})
