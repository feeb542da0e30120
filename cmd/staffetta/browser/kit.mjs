// What people do with the items of a kit: read and change them, and answer what a newer kit asks.
import { base, follow, load, press, see, seeNot, want, write } from './visit.mjs'

// edit changes an item in its editor and puts the new version to use.
export async function edit(page, slug, item, reason, change) {
  await page.goto(`${base}/${slug}/kit`)
  await follow(page, new RegExp(`^${item.split('/')[1]} `))
  await follow(page, 'Modifica')
  await change(page)
  await press(page, 'Salva la bozza', page.locator('.barra-salva'))
  await see(page, 'Bozza salvata')
  await seeNot(page, 'ci sono parti da correggere')
  await follow(page, 'Vai alla pubblicazione')
  await write(page, { motivo: reason })
  await press(page, 'Pubblica')
  await see(page, 'Nuova versione in uso')
}

// reads reads an item as it is in use at a body.
export async function reads(page, slug, item, words, gone) {
  await page.goto(`${base}/${slug}/kit/${item}`)
  await see(page, ...words)
  await seeNot(page, ...gone)
}

// drop opens the entries of an editor one within the other, and takes the last one out.
export async function drop(page, ...titles) {
  let at = page.locator('main')
  for (const title of titles) {
    at = at.locator('details.voce', { has: page.locator(':scope > summary', { hasText: title }) }).first()
    await at.locator(':scope > summary').click()
  }
  await load(page, () => at.getByRole('button', { name: `Elimina ${titles.at(-1)}` }).click())
}

// add puts a blank entry into a list of an editor.
export const add = (page, list) => load(page, () => page.locator('main').getByRole('button', { name: `Aggiungi ${list}` }).click())

// conflict is the part of a dry run that asks about an item.
const conflict = (page, key) => page.locator('main section.foglio', { has: page.getByRole('heading', { name: new RegExp(`^${key} `) }) })

// columns are the headings of a conflict's places, and the first of its rows.
export async function columns(page, key) {
  const sheet = conflict(page, key)
  for (const name of ['Tieni il nostro', 'Prendi dal kit', 'Unisci']) {
    want(await sheet.getByRole('radio', { name: new RegExp(`^${name}`) }).first().isVisible(), `${key} cannot be answered by "${name}"`)
  }
  return [(await sheet.locator('thead th').allInnerTexts()).join(' | '), await sheet.locator('tbody tr').first().innerText()]
}

// answer decides about an item that both sides changed.
export async function answer(page, key, name, reason) {
  const sheet = conflict(page, key)
  await sheet.getByRole('radio', { name: new RegExp(`^${name}`) }).first().check()
  if (reason) await sheet.getByRole('textbox', { name: 'Motivo' }).first().fill(reason)
}

// settle decides about a place of it, which is shown once both are to be united.
export async function settle(page, key, name) {
  const points = conflict(page, key).locator('details').last()
  if (!(await points.evaluate((n) => n.open))) await points.locator('summary').first().click()
  await points.getByRole('radio', { name }).first().check()
}
