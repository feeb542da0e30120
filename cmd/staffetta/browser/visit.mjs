// Browsers, people and clicks that the scripts beside this file share.
import { chromium } from 'playwright-core'

export const base = need('STAFFETTA_URL')

export function need(name) {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run the browser tests with "make test"`)
  return value
}

// given is what the Go test hands over as JSON.
export const given = () => JSON.parse(need('STAFFETTA_GIVEN'))

// Site is a browser in which people of the demo work, each in a context of their own.
export class Site {
  static async open(options = {}) {
    const site = new Site()
    site.browser = await chromium.launch({
      executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    })
    site.options = options
    site.people = new Map()
    site.faults = []
    return site
  }

  // guest is a fresh browser window. Errors of its console are kept.
  async guest(options = {}) {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'it-IT', ...this.options, ...options })
    context.setDefaultTimeout(30_000)
    context.setDefaultNavigationTimeout(60_000)
    const page = await context.newPage()
    page.on('console', (m) => m.type() === 'error' && this.complain(page, m.text()))
    page.on('pageerror', (e) => this.complain(page, String(e)))
    page.on('response', (r) => r.status() >= 500 && this.faults.push(`${r.status()} ${r.url()}`))
    return page
  }

  // complain keeps an error of the console, unless the page itself is the answer to
  // something that must not work, which the console reports as an error, too.
  complain(page, text) {
    if (page.refusable && /status of (403|404|409|410|413|422)/.test(text)) return
    this.faults.push(`${page.url()}: ${text}`)
  }

  // person is somebody signed in at a body; the same window is found again.
  async person(slug, name) {
    const key = `${slug} ${name}`
    if (!this.people.has(key)) this.people.set(key, await this.signIn(slug, name))
    return this.people.get(key)
  }

  async signIn(slug, name) {
    const page = await this.guest()
    await page.goto(`${base}/${slug}/accedi`)
    await choose(page, name, 'Operatori')
    return page
  }

  async close() {
    await this.browser.close()
  }
}

// choose takes a way to sign in and then a person at the demo provider.
export async function choose(page, name, way) {
  await load(page, () => page.getByRole('link', { name: new RegExp(`Entra con .*${way}`) }).click())
  await load(page, () => page.getByRole('button', { name }).click())
}

// load does something that leads to another page and waits for it.
export async function load(page, act) {
  const loaded = page.waitForEvent('load', { timeout: 60_000 })
  loaded.catch(() => {}) // when the act fails, its error tells more
  await act()
  await loaded
}

export const press = (page, name, within = page.locator('main')) =>
  load(page, () => within.getByRole('button', { name, exact: true }).first().click())

export const follow = (page, name, within = page.locator('main')) =>
  load(page, () => within.getByRole('link', { name }).first().click())

// enter follows the first link of the first row that says all of the words.
export function enter(page, ...words) {
  const row = words.reduce((rows, word) => rows.filter({ hasText: word }), page.locator('main').getByRole('row'))
  return load(page, () => row.first().getByRole('link').first().click())
}

// turn goes where a menu or the list of a case's pages leads.
export const turn = (page, name) => follow(page, name, page.locator('nav'))

// pick chooses among buttons or boxes by the words beside them.
export async function pick(page, role, ...names) {
  for (const name of names) await page.locator('main').getByRole(role, { name }).first().check()
}

// gone wants that a page does not exist for who asks, in a window beside the one in which they work.
export async function gone(page, at) {
  const window = await page.context().newPage()
  const answer = await window.goto(base + at)
  await window.close()
  if (answer.status() !== 404) throw new Error(`${at} answers ${answer.status()}, not 404`)
}

// write fills in fields by their names.
export async function write(page, values) {
  for (const [name, value] of Object.entries(values)) {
    const field = page.locator(`main [name="${name}"]`)
    const kind = await field.first().evaluate((n) => (n.tagName === 'SELECT' ? 'select' : n.type))
    if (kind === 'select') await field.first().selectOption(value)
    else if (kind === 'radio' || kind === 'checkbox') for (const one of [value].flat()) await page.locator(`main [name="${name}"][value="${one}"]`).check()
    else await field.first().fill(value)
  }
}

export const text = (page) => page.locator('main').innerText()

export async function see(page, ...words) {
  const shown = (await text(page)).toLowerCase()
  for (const word of words) {
    if (!shown.includes(word.toLowerCase())) throw new Error(`${page.url()} does not show "${word}":\n${shown}`)
  }
}

export async function seeNot(page, ...words) {
  const shown = (await page.content()).toLowerCase()
  for (const word of words) {
    if (shown.includes(word.toLowerCase())) throw new Error(`${page.url()} shows "${word}"`)
  }
}

export function want(condition, what) {
  if (!condition) throw new Error(what)
}

export const path = (page) => new URL(page.url()).pathname

// run runs the steps of a script, tells how long each took and exits non-zero on
// the first that fails, with a picture of every open window.
export async function run(site, steps) {
  let failed = false
  for (const [name, step] of Object.entries(steps)) {
    const began = Date.now()
    try {
      await step()
      console.log(`ok   ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`)
    } catch (error) {
      failed = true
      console.log(`FAIL ${name}: ${error.stack}`)
      await picture(site)
      break
    }
  }
  for (const fault of site.faults) console.log(`FAIL console: ${fault}`)
  await site.close()
  process.exitCode = failed || site.faults.length > 0 ? 1 : 0
}

async function picture(site) {
  const dir = process.env.STAFFETTA_ARTIFACTS
  let n = 0
  for (const context of site.browser.contexts()) {
    for (const page of context.pages()) {
      console.log(`     window ${n}: ${page.url()}`)
      if (dir) await page.screenshot({ path: `${dir}/window-${n}.png`, fullPage: true }).catch(() => {})
      n++
    }
  }
}
