// A service request with its outcome: Marsala asks Mazara to act, and Mazara tells what came of it. People go by what they read.
import { enter, follow, given, gone, path, pick, press, run, see, seeNot, Site, turn, want, write } from './visit.mjs'
import { day } from './share.mjs'

const { scripts, who, marker } = given()
const site = await Site.open({ javaScriptEnabled: scripts })
const at = {}
const sara = () => site.person('c_e974', 'Sara Lombardo')
const elena = () => site.person('c_f061', 'Elena Asaro')
const luca = () => site.person('c_f061', 'Luca Giacalone')
const purpose = 'Richiesta di intervento a un altro Comune'

await run(site, {
  'Sara asks Mazara to act, by a day': async () => {
    const page = await sara()
    await turn(page, 'Scrivania')
    await follow(page, who.surname)
    await turn(page, 'Condividi')
    await pick(page, 'radio', 'Comune di Mazara del Vallo', `Richiesta di intervento: ${purpose}`)
    await press(page, 'Avanti')
    for (const name of ['Dati anagrafici', 'Recapiti']) want(await page.getByRole('checkbox', { name }).isChecked(), `the purpose does not propose ${name}`)
    want((await page.getByRole('checkbox', { name: 'Diario' }).count()) === 0, 'the diary can be shared')
    await press(page, 'Avanti')
    await pick(page, 'radio', 'Compito di interesse pubblico')
    await write(page, { risposta: day(5), fino: day(30), motivo: 'Accompagnarla alla visita di controllo' })
    await press(page, 'Avanti')
    await see(page, purpose, 'Comune di Mazara del Vallo', 'Compito di interesse pubblico', 'Accompagnarla alla visita')
    await press(page, 'Conferma e invia')
    await see(page, 'Proposta inviata', 'In attesa', 'Risposta entro')
  },
  'Elena finds it on her desk, sees no name and accepts for Luca': async () => {
    const page = await elena()
    await turn(page, 'Scrivania')
    await follow(page, /condivision\w+ da decidere/i)
    if (path(page).endsWith('/richieste')) await enter(page, purpose)
    await see(page, 'Anteprima per chi riceve', 'In attesa', 'Risposta entro')
    await seeNot(page, who.surname, who.code, 'Accompagnarla alla visita', marker)
    await page.getByLabel('Chi potrà leggere').selectOption({ label: 'Luca Giacalone' })
    await press(page, 'Accetta')
    await see(page, 'Condivisione accettata', 'Attiva', 'Tempo di risposta')
  },
  'Luca is told, reads what he needs and nothing else': async () => {
    const page = await luca()
    await turn(page, 'Scrivania')
    await see(page, 'Novità in')
    await turn(page, 'Condivise con me')
    await follow(page, who.number)
    at.shared = path(page)
    await see(page, 'Cartella condivisa dal Comune di Marsala', who.surname, who.mobile)
    await seeNot(page, marker)
    const tabs = (await page.locator('nav').allInnerTexts()).join(' ')
    want(!tabs.includes('Valutazioni') && !tabs.includes('Nucleo'), `the shared case leads to ${tabs}`)
  },
  'Luca reports the outcome, and his access ends': async () => {
    const page = await luca()
    await turn(page, 'Rete')
    await follow(page, /^Ricevute/)
    await enter(page, purpose)
    await follow(page, 'Comunica l\'esito')
    await see(page, 'L\'altro ente riceve l\'esito')
    page.refusable = true
    await press(page, 'Comunica l\'esito')
    page.refusable = false
    await see(page, 'Scrivi') // an outcome says something
    await pick(page, 'radio', 'Svolto in parte')
    await write(page, { motivo: 'Accompagnata alla visita; il ritorno lo ha fatto un familiare' })
    await press(page, 'Comunica l\'esito')
    await see(page, 'Esito comunicato', 'Chiusa', 'Svolto in parte')
    await gone(page, at.shared)
    await turn(page, 'Condivise con me')
    await seeNot(page, who.surname, who.number)
  },
  'Sara is told and reads the outcome, the times and what was read': async () => {
    const page = await sara()
    await turn(page, 'Scrivania')
    await follow(page, /^Novità in .*inviat/)
    if (path(page).endsWith('/richieste')) await enter(page, purpose, who.number)
    await see(page, 'Chiusa', 'Svolto in parte', 'il ritorno lo ha fatto un familiare', 'Tempo di risposta', 'Tempo dell\'intervento', 'Luca Giacalone', 'Che cosa è stato letto')
    await turn(page, 'Scrivania')
    await follow(page, who.surname)
    await turn(page, /Chi l.ha aperta/)
    await see(page, 'Luca Giacalone', 'Comune di Mazara del Vallo')
  },
})
