// Access in an emergency with its review: Luca asks who follows the person, opens the case for three hours, and Marsala says
// whether that was right.
import { follow, given, gone, load, path, press, run, see, seeNot, Site, turn, want, write } from './visit.mjs'

const { scripts, who, other, marker } = given()
const site = await Site.open({ javaScriptEnabled: scripts })
const at = {}
const sara = () => site.person('c_e974', 'Sara Lombardo')
const paolo = () => site.person('c_e974', 'Paolo Genna')
const ida = () => site.person('c_e974', 'Ida Vella')
const luca = () => site.person('c_f061', 'Luca Giacalone')
const elena = () => site.person('c_f061', 'Elena Asaro')
const rita = () => site.person('c_f061', 'Rita Bono')
const reason = 'È caduta in strada e non sa dire chi avvisare'

// open opens the case of somebody in an emergency, up to the case.
async function open(page, code) {
  await turn(page, 'Rete')
  await follow(page, 'Accesso in emergenza')
  await see(page, 'per tre ore')
  await write(page, { codice: code, motivo: reason })
  await press(page, 'Continua')
  await see(page, 'Che cosa succede se confermi', 'per tre ore', 'lo sanno subito', 'Entro cinque giorni', 'Comune di Marsala', reason)
  await seeNot(page, who.surname, other.surname)
  await load(page, () => page.getByRole('button', { name: /^Apri la cartella per tre ore/ }).click())
  return path(page)
}

// review gives the first emergency of the queue its verdict.
async function review(page, verdict, words) {
  await turn(page, 'Scrivania')
  await follow(page, /access\w+ in emergenza da valutare/i)
  if (path(page).endsWith('/emergenze')) await load(page, () => page.getByRole('row', { name: /Da valutare/ }).getByRole('link').first().click())
  await see(page, 'Da valutare', 'Luca Giacalone', 'Comune di Mazara del Vallo', reason, 'Che cosa è stato letto', 'Dati anagrafici')
  await page.getByRole('radio', { name: verdict, exact: true }).check()
  await write(page, { motivo: words })
  await press(page, 'Salva la valutazione')
  await see(page, 'Valutazione salvata', verdict, words, 'Paolo Genna')
  want((await page.getByRole('button', { name: 'Salva la valutazione' }).count()) === 0, 'it can be reviewed again')
}

await run(site, {
  'Luca registers who came to the desk and reads whom to ask': async () => {
    const page = await luca()
    await turn(page, 'Persone')
    await follow(page, 'Registra una persona')
    await write(page, { tax_code: who.code, surname: who.surname, name: who.name })
    await press(page, 'Registra')
    await see(page, 'Persona registrata', 'Già seguita altrove: chiedi al Comune di Marsala')
    await seeNot(page, who.number, who.mobile)
  },
  'an administrator finds no such access': async () => {
    const page = await rita()
    await turn(page, 'Rete')
    want((await page.getByRole('link', { name: 'Accesso in emergenza' }).count()) === 0, 'an administrator is led to emergencies')
    await gone(page, '/c_f061/rete/emergenza')
  },
  'who is known nowhere is answered as who may not be found': async () => {
    const page = await luca()
    await turn(page, 'Rete')
    await follow(page, 'Accesso in emergenza')
    await write(page, { codice: 'RSSMRA80A01H501U', motivo: reason })
    page.refusable = true
    await press(page, 'Continua')
    page.refusable = false
    await see(page, 'Nessun ente con cui c\'è un accordo per le emergenze segue questa persona')
  },
  'Luca opens the case for three hours': async () => {
    const page = await luca()
    at.shared = await open(page, who.code)
    await see(page, 'La cartella è aperta fino alle', 'Aperta in emergenza: fino alle', 'tre ore', 'Comune di Marsala', who.surname, who.mobile)
    await seeNot(page, marker)
    await turn(page, 'Perché posso vederla?')
    await see(page, 'Accesso in emergenza', 'Condivisione attiva sotto un accordo', 'Comune di Marsala')
    await gone(page, `${at.shared}/diario`)
    await turn(page, 'Condivise con me')
    await follow(page, who.number)
    await see(page, 'Aperta in emergenza: fino alle')
  },
  'Ida is told at once: she sees who and what was read, nothing of the case': async () => {
    const page = await ida()
    await turn(page, 'Scrivania')
    await follow(page, /access\w+ in emergenza da controllare/i)
    await follow(page, 'Luca Giacalone')
    await see(page, 'Da valutare', 'Comune di Mazara del Vallo', 'Da valutare entro', 'Che cosa è stato letto', 'Dati anagrafici', reason)
    await seeNot(page, who.surname, who.code, 'Salva la valutazione')
    want((await page.getByRole('link', { name: 'Apri la cartella' }).count()) === 0, 'the officer is led to the case')
  },
  'the owner reads in the case who opened it': async () => {
    const page = await sara()
    await turn(page, 'Scrivania')
    await see(page, 'Novità in')
    await follow(page, who.surname)
    await turn(page, /Chi l.ha aperta/)
    await see(page, 'Luca Giacalone', 'Comune di Mazara del Vallo', 'Accesso in emergenza')
    await follow(page, 'Elenco completo')
    await see(page, 'Ha aperto la cartella in emergenza')
  },
  'Paolo finds that it was right': async () => review(await paolo(), 'Giustificato', 'Abbiamo sentito il collega: era in pericolo'),
  'Mazara reads the review, and Luca reads on': async () => {
    const page = await elena()
    await turn(page, 'Rete')
    await follow(page, 'Accessi in emergenza')
    await follow(page, 'Luca Giacalone')
    await see(page, 'Giustificato', 'era in pericolo', 'Paolo Genna')
    const reader = await luca()
    await turn(reader, 'Condivise con me')
    await follow(reader, who.number)
    await see(reader, who.surname)
  },
  'another one was not right, and ends at once': async () => {
    const page = await luca()
    const shared = await open(page, other.code)
    await see(page, other.surname)
    await review(await paolo(), 'Non giustificato', 'La persona era già con i nostri operatori')
    await gone(page, shared)
    await turn(page, 'Condivise con me')
    await seeNot(page, other.surname)
    for (const _ of ['one', 'the other']) { // each is told until it was read
      await turn(page, 'Scrivania')
      await follow(page, /in emergenza .*valutat/)
      await see(page, 'Paolo Genna')
      at[(await page.locator('main').innerText()).includes('Non giustificato') ? 'wrong' : 'right'] = path(page)
    }
    want(at.right && at.wrong, 'the desk does not tell of both reviews')
    await page.goto(new URL(at.wrong, page.url()).href)
    await see(page, 'Non giustificato', 'La persona era già con i nostri operatori', 'Paolo Genna')
    await seeNot(page, other.surname, 'Salva la valutazione')
  },
})
