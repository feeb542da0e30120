// What two bodies do to hand a case over, by clicks and forms, with and without scripts.
import { base, follow, load, path, press, see, seeNot, write } from './visit.mjs'
import { day } from './share.mjs'

// begin opens a case for somebody who is registered already.
export async function begin(page, slug, who) {
  await page.goto(`${base}/${slug}/persone?q=${who.surname}`)
  await follow(page, new RegExp(who.surname))
  await load(page, () => page.locator('main a[href*="/cartelle/nuova?persona="]').first().click())
  await write(page, { area: 'disabili', sintesi: 'Segue la madre' })
  await page.locator('main [name=percorso]').first().check()
  await press(page, 'Apri la cartella')
  await see(page, 'aperta')
  return path(page)
}

// offer offers to pass the case to a partner.
export async function offer(page, casePath, partner, reason) {
  await page.goto(base + casePath)
  await follow(page, 'Passaggio', page.locator('nav'))
  await see(page, 'Che cosa passa', 'Che cosa resta qui')
  await page.getByRole('radio', { name: partner }).first().check()
  await page.getByRole('radio', { name: 'Obbligo di legge' }).check()
  await write(page, { risposta: day(10), motivo: reason })
  await press(page, 'Proponi il passaggio')
  await see(page, 'Passaggio proposto', 'In attesa', partner)
  return path(page).split('/').pop()
}

// take previews a handover from the list of requests and accepts it for a colleague.
export async function take(page, slug, handover, who, colleague, reason) {
  await page.goto(`${base}/${slug}/rete/richieste`)
  await load(page, () => page.locator(`main a[href$="/condivisioni/${handover}"]`).click())
  await see(page, 'Passaggio di competenza', who.surname, who.name, reason, 'Diario', 'Accetta la cartella')
  await page.locator('main [name=responsabile]').selectOption({ label: colleague })
  await press(page, 'Accetta la cartella')
  await see(page, 'Prendere in carico la cartella?', 'Che cosa succede', 'Non si torna indietro')
  await press(page, 'Prendi in carico')
  await see(page, 'La cartella è del tuo ente', 'Avvenuto', 'La cartella arriva da un altro ente')
  await follow(page, 'Apri la cartella')
  return path(page)
}

// own reads the case that was taken over as one's own, with what was written before.
export async function own(page, casePath, words, author) {
  await page.goto(base + casePath)
  await see(page, 'arriva da un altro ente')
  await follow(page, 'Diario', page.locator('nav'))
  await see(page, words, author)
}

// stub reads what stays with the body that handed the case over: it can be read and not written.
export async function stub(page, casePath, words) {
  await page.goto(base + casePath)
  await see(page, 'Chiuso: trasferito', 'passata a un altro ente')
  await follow(page, 'Diario', page.locator('nav'))
  await see(page, words)
  await seeNot(page, 'Nuova annotazione')
}

// told reads where the case went instead of offering it again.
export async function told(page, casePath, partner) {
  await page.goto(base + casePath)
  await follow(page, 'Passaggio', page.locator('nav'))
  await see(page, 'Avvenuto', partner)
  await seeNot(page, 'Proponi il passaggio')
}
