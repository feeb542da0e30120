// What two bodies do to share a case, by clicks and forms, with and without scripts.
import { base, follow, load, path, press, see, seeNot, want, write } from './visit.mjs'

// day is a date some days from now, as a form wants it.
export const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

// propose writes an agreement step by step, leaving it once on the way, and proposes it: both bodies may show each other cases.
export async function propose(page, slug, partner) {
  await page.goto(`${base}/${slug}/rete`)
  await follow(page, 'Nuovo accordo')
  await write(page, { titolo: 'Accordo per le valutazioni in comune' })
  await page.getByRole('checkbox', { name: partner }).check()
  await press(page, 'Salva e continua')
  await see(page, 'ora scegli il ruolo di ogni ente')
  for (const role of await page.locator('main select[name^="ruolo"]').all()) await role.selectOption({ label: 'Titolare autonomo' })
  await press(page, 'Salva e continua')
  for (const box of await page.locator('main [name=verso]').all()) await box.check()
  await press(page, 'Salva ed esci')
  await follow(page, 'Accordo per le valutazioni in comune')
  await see(page, 'Riprendi da qui', 'Scopi')
  for (const box of await page.locator('main [name=scopi]:not([value=shared_care]), main [name=sezioni]').all()) await box.check() // nobody else writes
  await press(page, 'Salva e continua')
  await write(page, { atto_numero: 'DG 7', atto_data: day(-30), dal: day(-1), al: day(365) })
  await press(page, 'Salva e continua')
  await see(page, 'Titolare autonomo', 'DG 7')
  await press(page, 'Firma e proponi')
  await see(page, 'Accordo proposto: manca la firma', 'Proposto', partner)
  return path(page).split('/').pop()
}

// sign signs an agreement for another of its parties.
export async function sign(page, slug, title) {
  await page.goto(`${base}/${slug}/rete`)
  await see(page, 'Da firmare')
  await follow(page, title)
  await write(page, { atto_numero: 'DD 31', atto_data: day(-2) })
  await page.getByRole('checkbox', { name: 'Ho letto chi guadagna e chi perde' }).check()
  await press(page, 'Firma l\'accordo')
  await see(page, 'Accordo firmato', 'Attivo')
}

// offer offers identity and assessment of a case for a purpose until a day.
export async function offer(page, casePath, partner, reason) {
  await page.goto(base + casePath)
  await follow(page, 'Condividi', page.locator('nav'))
  await page.getByRole('radio', { name: partner }).check()
  await page.locator('main [name=scopo][value="consultation~assessment"]').check()
  await press(page, 'Avanti')
  for (const section of ['identity', 'assessment']) {
    want(await page.locator(`main [name=sezioni][value=${section}]`).isChecked(), `the purpose does not propose ${section}`)
  }
  for (const box of await page.locator('main [name=sezioni]:not([value=identity]):not([value=assessment])').all()) await box.uncheck()
  want((await page.locator('main [name=sezioni][value=diary]').count()) === 0, 'the diary can be shared')
  await press(page, 'Avanti')
  await write(page, { base: 'public_task', fino: day(20), motivo: reason })
  await press(page, 'Avanti')
  await see(page, 'Che cosa condividi', 'Anteprima per chi riceve', 'Dati anagrafici', 'Valutazioni')
  await press(page, 'Conferma e invia')
  await see(page, 'Proposta inviata', 'In attesa')
  return path(page).split('/').pop()
}

// preview is what the receiver sees before it accepts: nothing that names the person.
export async function preview(page, slug, share, ...secrets) {
  await page.goto(`${base}/${slug}/rete/richieste`)
  await load(page, () => page.locator(`main a[href$="/condivisioni/${share}"]`).click())
  await see(page, 'Anteprima per chi riceve', 'Dati anagrafici', 'Valutazioni', 'In attesa')
  await seeNot(page, ...secrets)
}

// accept accepts the share that is on the page.
export async function accept(page) {
  await press(page, 'Accetta')
  await see(page, 'Condivisione accettata', 'Attiva')
}

// read opens the shared case and finds exactly identity and assessments.
export async function read(page, slug, who, assessment) {
  await page.goto(`${base}/${slug}/condivisi`)
  await see(page, who.surname)
  await load(page, () => page.locator('main table a').first().click())
  const shared = path(page)
  await see(page, 'Cartella condivisa da', who.surname, who.name)
  const nav = await page.locator('nav').allInnerTexts().then((all) => all.join(' '))
  for (const hidden of ['Diario', 'Documenti']) want(!nav.includes(hidden), `the shared case leads to ${hidden}`)
  await follow(page, 'Valutazioni', page.locator('nav'))
  await follow(page, /Barthel/)
  await see(page, 'Totale', 'Fascia', 'Risposte e punti')
  want(path(page).endsWith(assessment.split('/').pop()), 'another assessment is shown')
  for (const closed of ['diario', 'documenti', 'accessi', 'diario/nuova']) await missing(page, `${shared}/${closed}`)
  return shared
}

// missing wants that there is no such page for the person.
export async function missing(page, at) {
  const answer = await page.request.get(base + at, { maxRedirects: 0 })
  want(answer.status() === 404, `${at} answers ${answer.status()}, not 404`)
}

// wander follows every link that a person can reach below a body and wants that the
// secret stands in none of the pages.
export async function wander(page, start, secret) {
  const below = `/${start.split('/')[1]}/`
  const seen = new Set([start])
  const queue = [start]
  while (queue.length > 0) {
    const at = queue.shift()
    const answer = await page.request.get(base + at)
    const html = await answer.text()
    want(!html.includes(secret), `${at} shows what stands in the diary`)
    for (const [, href] of html.matchAll(/<a [^>]*?href="([^"]+)"/g)) {
      const url = new URL(href.replaceAll('&amp;', '&'), base + at)
      url.searchParams.delete('lang')
      const next = url.pathname + url.search
      if (url.origin === base && url.pathname.startsWith(below) && !/\/(login|callback|esci)/.test(url.pathname) && !seen.has(next)) {
        seen.add(next)
        queue.push(next)
      }
    }
    want(seen.size < 300, 'the pages do not end')
  }
  want([...seen].some((at) => at.includes('~')), 'no shared case was reached')
  console.log(`     ${seen.size} pages read`)
}

// revoke ends a share for its owner.
export async function revoke(page, slug, share) {
  await page.goto(`${base}/${slug}/condivisioni/${share}`)
  await follow(page, 'Revoca la condivisione')
  await see(page, 'Alla prossima richiesta')
  await write(page, { motivo: 'La valutazione è finita' })
  await press(page, 'Revoca la condivisione')
  await see(page, 'Condivisione revocata', 'Revocata')
}
