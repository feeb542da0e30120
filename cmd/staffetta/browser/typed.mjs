// What somebody types at the access desk or ticks in an assessment stays: when they leave the page, and when they go on in the
// new version of the questions.
import { base, follow, given, press, run, see, Site, turn, want, write } from './visit.mjs'

const { contact, caseFile, renewed } = given()
const site = await Site.open()
const sara = () => site.person('c_e974', 'Sara Lombardo')
const words = 'main [name="a.words"]'
const first = 'Aiuto per la spesa'
const more = `${first} e per la farmacia`

// draftOf opens a draft from the list of them.
async function draftOf(page, part) {
  await page.goto(`${base}/c_e974/scrivania/bozze`)
  await page.goto(new URL(await page.locator(`main a[href*="${part}"]`).first().getAttribute('href'), base).href)
}

const begin = {
  'what is typed into a form of the desk is there after the menu': async () => {
    const page = await sara()
    await page.goto(`${base}/c_e974/sportello/${contact}/moduli/nuovo?modulo=FO-01`)
    want((await page.locator(words).inputValue()) === 'Un aiuto a casa', 'the request of the contact is asked again')
    await page.locator(words).fill('')
    await page.locator(words).pressSequentially(first)
    await turn(page, 'Scrivania')
    await see(page, 'Riprendi la bozza', 'Modulo dello sportello: Primo accesso')
    await draftOf(page, '/moduli/')
    for (let tries = 20; tries > 0 && (await page.locator(words).inputValue()) !== first; tries--) await page.reload()
    want((await page.locator(words).inputValue()) === first, 'what was typed is lost')
  },
  'what the desk wrote stands in its form, whose outcome closes the contact': async () => {
    const page = await sara()
    await page.goto(`${base}/c_e974/sportello/nuovo`)
    await write(page, { request: 'Vorrei sapere come avere il contrassegno', channel: 'phone', interlocutor: 'user', reason: 'spontaneous' })
    await press(page, 'Registra l’accesso')
    await follow(page, 'Compila «Primo accesso»')
    for (const one of ['channel"][value="phone', 'speaker"][value="user', 'reason"][value="spontaneous']) {
      want(await page.locator(`main [name="a.${one}"]`).isChecked(), `${one} is asked again`)
    }
    want((await page.locator('main [name="a.anonymous"]').inputValue()) === 'true', 'that there is no name is asked again')
    await see(page, 'Dall’accesso: puoi cambiarlo')
    await write(page, { 'a.target': 'disability', 'a.needs': ['safety'], 'a.urgent': 'false', 'a.outcome': 'information' })
    await press(page, 'Conferma e chiudi l’accesso')
    await see(page, 'L’accesso è chiuso con lo stesso esito', 'Informazione', 'Chiuso', 'Vorrei sapere come avere il contrassegno')
  },
  'an assessment is begun': async () => {
    const page = await sara()
    await page.goto(`${base}/c_e974/cartelle/${caseFile}/valutazioni/nuova?strumento=AS-01`)
    await page.locator('main [name="a.feeding"]').last().check()
    await press(page, 'Salva la bozza')
  },
}

const goOn = {
  'a text that is not saved yet goes on in the new version': async () => {
    const page = await sara()
    await draftOf(page, '/moduli/')
    await see(page, 'Di questo modulo c’è una versione nuova', '1 domanda riformulata')
    await page.locator(words).fill(more)
    await press(page, 'Continua nella versione nuova')
    await see(page, 'Continui nella versione nuova')
    want((await page.locator(words).inputValue()) === more, 'what was typed is lost')
  },
  'a tick that is not saved yet goes on in the new version, and nobody is blamed': async () => {
    const page = await sara()
    await draftOf(page, '/valutazioni/')
    await see(page, 'Di questa scala c’è una versione nuova', '1 domanda riformulata')
    await page.locator('main [name="a.stairs"]').last().check()
    await press(page, 'Continua nella versione nuova')
    await see(page, 'Continui nella versione nuova')
    for (const name of ['a.feeding', 'a.stairs']) want(await page.locator(`main [name="${name}"]`).last().isChecked(), `the tick at ${name} is lost`)
  },
}

await run(site, renewed ? goOn : begin)
