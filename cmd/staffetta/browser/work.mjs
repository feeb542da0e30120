// What people do in the journey, by clicks and forms. Nothing here needs scripts in
// the page, so that the same steps run with and without them.
import { base, follow, load, path, press, see, text, want, write } from './visit.mjs'

// publish has the owner of the practice publish kit 1.0.0.
export async function publish(page) {
  await page.goto(`${base}/c_e974/pratiche`)
  await follow(page, /Centro d.informazione territoriale/)
  await see(page, 'Anagrafica', 'Caratteristiche', 'Risultati', 'Come si trasferisce')
  await follow(page, 'Prepara un kit da pubblicare')
  want((await page.locator('[name=release]').inputValue()) === '1.0.0', 'the first release is not 1.0.0')
  await press(page, 'Controlla il kit')
  await justify(page)
  await press(page, 'Pubblica il kit')
  await see(page, 'Il kit 1.0.0 è pubblicato', 'Pubblicata')
}

// justify says of each finding of the check for personal data why it may stay.
export async function justify(page) {
  for (let left = 40; left > 0; left--) {
    const form = page.locator('main article form').first()
    if ((await form.count()) === 0) return
    await form.locator('[name=reason]').fill('È un recapito pubblico dell’ente')
    await press(page, 'Motiva', form)
  }
  throw new Error('the findings of the kit do not end')
}

// adopt tries the kit and applies it.
export async function adopt(page, slug) {
  await page.goto(`${base}/${slug}/adozioni`)
  if (await page.getByRole('link', { name: /^Adotta/ }).count()) {
    await follow(page, /^Adotta/)
    await press(page, 'Adotta')
  } else {
    await follow(page, /Centro d.informazione territoriale/)
  }
  await follow(page, 'Prova il kit')
  await page.locator('main summary', { hasText: /Leggi l.elenco/ }).click()
  await see(page, 'La prova non cambia nulla', 'Nuovo', 'Barthel')
  await page.getByRole('checkbox', { name: 'Ho letto chi guadagna e chi perde' }).check()
  await press(page, 'Applica il kit')
  await see(page, 'Kit 1.0.0 applicato')
  await follow(page, 'Prova il kit')
  await see(page, 'Il kit è già applicato')
  await expressInterest(page, slug)
  want((await guided(page, slug)) === 0, 'citizens see services that nobody has started')
  await page.goto(`${base}/${slug}/guida`)
  await see(page, 'In attesa: 12')
  await press(page, 'Mostra tutti i 12 servizi in attesa')
  await see(page, 'Ora i cittadini vedono tutti i servizi', 'In attesa: 0')
  want((await guided(page, slug)) === 12, 'the guide does not list the 12 services of the kit')
}

// guided counts the services that citizens see in the guide of a body.
export async function guided(page, slug) {
  await page.goto(`${base}/${slug}/servizi`)
  return page.locator('main a[href*="/servizi/"]').count()
}

// expressInterest opens the first gate of the board, where it is still shut.
async function expressInterest(page, slug) {
  await page.goto(`${base}/${slug}/adozioni`)
  await follow(page, /Centro d.informazione territoriale/)
  await see(page, 'Che cosa serve per andare avanti')
  if (await page.getByRole('link', { name: /ha detto che cosa gli serve/ }).count()) {
    await follow(page, /ha detto che cosa gli serve/)
    await write(page, { note: 'Uno sportello per le persone con disabilità dell’isola.' })
    await press(page, 'Registra')
    await press(page, /^Passa a «2\. /)
    await see(page, 'Chi chiude ogni divario')
  }
}

// register registers a person by fiscal code and returns the path of the person.
export async function register(page, slug, who) {
  await page.goto(`${base}/${slug}/persone`)
  await follow(page, 'Registra una persona')
  await write(page, { tax_code: who.code, surname: who.surname, name: who.name, mobile: who.mobile })
  await press(page, 'Registra')
  await see(page, 'Persona registrata', who.surname, who.birth, who.birthplace, who.mobile)
  return path(page)
}

// registerAgain is warned of the person who is there already, and uses that one.
export async function registerAgain(page, slug, who, known) {
  await page.goto(`${base}/${slug}/persone/nuova`)
  await write(page, { tax_code: who.code, surname: who.surname, name: who.name })
  await press(page, 'Registra')
  await see(page, 'Forse questa persona è già registrata', 'Stesso codice fiscale')
  want(await page.getByRole('button', { name: 'È un’altra persona, registra comunque' }).count(), 'the duplicate blocks')
  await follow(page, /Usa questa persona/)
  want(path(page) === known, `the known person is at ${known}, not ${path(page)}`)
}

// household makes a household and adds a relative who is registered on the way.
export async function household(page, person, relative) {
  await page.goto(base + person)
  await load(page, () => page.locator('main a[href$="/nucleo"]').first().click())
  await write(page, { kind: 'registry', relation: 'head' })
  await press(page, 'Crea il nucleo')
  await see(page, 'Nucleo creato', 'Nucleo anagrafico', 'Intestatario')
  await follow(page, /Non c.è: registra una persona nuova/)
  await write(page, { tax_code: relative.code, surname: relative.surname, name: relative.name })
  await press(page, 'Registra')
  const form = page.locator('form[action$="/componenti"]')
  await form.locator('[name=persona]').first().check()
  await form.locator('[name=relation]').selectOption('child')
  await press(page, 'Aggiungi al nucleo', form)
  await see(page, 'Persona aggiunta al nucleo', relative.surname, 'Figlio o figlia')
}

// contact writes down an access at the desk that ends with taking in charge.
export async function contact(page, slug, who, request) {
  await page.goto(`${base}/${slug}/sportello`)
  await follow(page, 'Registra un accesso')
  await write(page, { q: who.surname })
  await press(page, 'Cerca la persona')
  await page.getByRole('radio', { name: new RegExp(who.surname) }).check()
  await page.locator('main details summary').click()
  await write(page, { channel: 'in_person', interlocutor: 'user', reason: 'spontaneous', request, target: 'disability', outcome: 'taking_in_charge' })
  await press(page, 'Registra l’accesso')
  await see(page, 'Accesso registrato', who.surname, request)
  return path(page)
}

// openCase opens a case out of a contact, with the workflow of the kit.
export async function openCase(page, contactPath) {
  await page.goto(base + contactPath)
  await follow(page, 'Apri la cartella')
  await write(page, { area: 'disabili', sintesi: 'Presa in carico dallo sportello' })
  await page.locator('main [name=percorso]').first().check()
  await press(page, 'Apri la cartella')
  await see(page, 'aperta', 'Persone con disabilità', 'Presa in carico dallo sportello')
  return path(page)
}

// barthel fills in the Barthel index: every answer the highest but one the lowest.
export async function barthel(page, casePath, scripts) {
  await page.goto(base + casePath)
  await follow(page, 'Valutazioni', page.locator('nav'))
  const field = page.locator('main [name=strumento]')
  const option = await field.locator('option', { hasText: 'Barthel' }).first().getAttribute('value')
  await field.selectOption(option)
  await press(page, 'Compila')
  const names = await page.locator('main form[method=post] input[type=radio]').evaluateAll((all) => [...new Set(all.map((n) => n.name))])
  want(names.length === 10, `the Barthel index has ${names.length} questions, not 10`)
  await askedFor(page, scripts)
  for (const [i, name] of names.entries()) {
    const answers = page.locator(`main [name="${name}"]`)
    await (i === 0 ? answers.first() : answers.last()).check()
  }
  await press(page, 'Salva la bozza')
  await see(page, 'Bozza salvata')
  await press(page, 'Controlla e conferma')
  await see(page, 'Come si calcola', 'non si potranno più modificare')
  await follow(page, 'Torna a modificare')
  await press(page, 'Controlla e conferma')
  await press(page, 'Conferma e blocca')
  await see(page, 'Valutazione confermata e bloccata', 'Totale', 'Punteggio', 'Fascia', 'Risposte e punti', 'Come si calcola')
  return path(page)
}

// askedFor gives the answer that calls for one more question: where scripts run it is there at once and the focus stays,
// elsewhere after a button. Another answer takes it away.
async function askedFor(page, scripts) {
  const cannot = page.locator('main [name="a.walking"][value="0"]')
  const wheelchair = page.locator('main [name="a.wheelchair"]')
  await page.locator('main [name="a.stairs"]').last().check()
  await cannot.focus()
  await page.keyboard.press('Space')
  if (!scripts) return load(page, () => page.getByRole('button', { name: 'Aggiorna le domande' }).click()).then(() => wheelchair.first().waitFor())
  await wheelchair.first().waitFor()
  want(await cannot.evaluate((n) => n.checked && n === document.activeElement), 'the focus has left the question')
  want(await page.locator('main [name="a.stairs"]').last().isChecked(), 'another answer is lost')
  want((await page.getByRole('button', { name: 'Aggiorna le domande' }).count()) === 0, 'the page asks to be sent again')
  await wheelchair.first().check()
  await page.locator('main [name="a.walking"]').last().check()
  await wheelchair.first().waitFor({ state: 'detached' })
}

// note writes a note, keeps it as a draft, signs it and finds it locked.
export async function note(page, casePath, words) {
  await page.goto(`${base}${casePath}/diario`)
  await follow(page, 'Nuova annotazione')
  await write(page, { tipo: 'nota', testo: words, visibilita: 'public' })
  await press(page, 'Salva la bozza')
  await see(page, 'Bozza salvata')
  await press(page, 'Controlla e firma')
  await see(page, words, 'non si potrà più modificare')
  await follow(page, 'Torna a modificare')
  want((await page.locator('main textarea').inputValue()) === words, 'the text is lost on the way back')
  await page.goto(page.url().split('/cartelle/')[0] + '/scrivania')
  await follow(page, /Tutte le bozze/)
  await follow(page, /^Annotazione/)
  await press(page, 'Controlla e firma')
  await press(page, 'Firma e blocca')
  await see(page, 'Annotazione firmata', 'il testo è bloccato', words)
  want((await page.locator('main textarea').count()) === 0, 'a signed note can still be written')
  return path(page)
}

// upload adds a document to the case and downloads it again.
export async function upload(page, casePath, content) {
  await page.goto(`${base}${casePath}/documenti`)
  await page.locator('[name=file]').setInputFiles({ name: 'certificato.txt', mimeType: 'text/plain', buffer: Buffer.from(content) })
  await write(page, { titolo: 'Certificato', sezione: 'documents' })
  await press(page, 'Carica il documento')
  await see(page, 'Documento caricato', 'Certificato', 'certificato.txt')
  const link = await page.getByRole('link', { name: 'Certificato' }).getAttribute('href')
  const answer = await page.request.get(base + link)
  want(answer.status() === 200 && (await answer.text()) === content, 'the document does not come back as it was sent')
}

// whoOpened reads the register of the case: the days in short, then every single time.
export async function whoOpened(page, casePath, who, ...words) {
  await page.goto(base + casePath)
  await follow(page, /Chi l.ha aperta/, page.locator('nav'))
  await see(page, who)
  await follow(page, 'Elenco completo')
  await see(page, who, ...words)
}

// why reads by which rule a case can be seen.
export async function why(page, casePath, ...words) {
  await page.goto(base + casePath)
  await follow(page, 'Perché posso vederla?', page.locator('nav'))
  await see(page, ...words)
}

// menu finds the cases in the menu: behind its button, or without scripts at the foot.
export async function menu(page, scripts) {
  if (scripts) await page.getByRole('button', { name: 'Apri il menu' }).click()
  else await page.getByRole('link', { name: 'Vai al menu a fondo pagina' }).click()
  const link = page.getByRole('link', { name: 'Cartelle', exact: true }).locator('visible=true').first()
  await load(page, () => link.click())
  want(path(page).endsWith('/cartelle'), `the menu leads to ${path(page)}`)
}
