// Looks at every page that it is given: axe at two widths, no errors of the console,
// no sideways scroll, the skip link first, links inside the page with targets. Some
// pages are the answers to a form that was sent unfinished.
import { availableParallelism } from 'node:os'
import AxeBuilder from '@axe-core/playwright'
import { base, choose, given, load, Site } from './visit.mjs'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
// What WCAG 1.4.12 lets readers set.
const spacing = '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }'

const site = await Site.open({ bypassCSP: true })
const faults = []
const entries = new Map()
let looked = 0
let whole = 0

// Several windows at a time: while one waits for the program, another looks.
const work = given().flatMap((visitor) => pieces(visitor.pages, 12).map((pages) => ({ ...visitor, pages })))
await Promise.all(Array.from({ length: availableParallelism() + 1 }, async () => {
  for (let next = work.shift(); next; next = work.shift()) await visit(next)
}))
for (const fault of [...faults, ...site.faults]) console.log(`FAIL ${fault}`)
console.log(`${looked} pages looked at, ${whole} of them with axe, in ${Math.round(performance.now() / 1000)} s, ${faults.length + site.faults.length} faults`)
await site.close()
process.exitCode = faults.length + site.faults.length > 0 ? 1 : 0

function pieces(all, size) {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))
}

async function visit(visitor) {
  const page = await entered(visitor)
  for (const one of visitor.pages) await look(page, one, `${visitor.name || 'guest'} ${one.path}${one.form ? ' refused' : ''}`)
  await page.context().close()
}

// entered is a window of somebody signed in, or of a guest. People sign in once.
async function entered(visitor) {
  const key = `${visitor.slug} ${visitor.name}`
  if (!entries.has(key)) entries.set(key, visitor.name ? enter(visitor) : {})
  return site.guest({ storageState: await entries.get(key) })
}

async function enter({ slug, name, way }) {
  const page = await site.guest()
  await page.goto(`${base}/${slug}/accedi`)
  await choose(page, name, way)
  const state = await page.context().storageState()
  await page.context().close()
  return state
}

async function look(page, one, where) {
  looked++
  const fail = (what) => faults.push(`${where}: ${what}`)
  await page.setViewportSize({ width: 1280, height: 900 })
  const answer = await open(page, one)
  if (answer.status() !== (one.form ? 422 : 200)) return fail(`status ${answer.status()}`)
  if (one.form && !(await page.evaluate(() => document.activeElement.matches('[data-error-summary]')))) fail('the focus is not on the errors')
  await structure(page, fail)
  const axe = one.whole ? await axeIn(page, fail) : () => {}
  await axe('1280')
  await width(page, 1280, fail)
  await page.setViewportSize({ width: 390, height: 844 })
  await axe('390')
  await width(page, 390, fail)
  if (!one.whole) return
  whole++
  await page.setViewportSize({ width: 320, height: 844 })
  await width(page, 320, fail)
  await page.addStyleTag({ content: spacing })
  await width(page, 320, (what) => fail(`with text spacing ${what}`))
}

// open opens a page, or sends a form to it, and waits until its fonts are there.
async function open(page, { path, form }) {
  page.refusable = form !== null
  const answer = form ? await send(page, path, form) : await page.goto(base + path)
  await page.evaluate(() => document.fonts.ready.then(() => {}))
  return answer
}

async function send(page, path, values) {
  await page.goto(`${base}/robots.txt`) // of the same site, from which forms may be sent
  const answer = page.waitForResponse((r) => r.request().method() === 'POST')
  await load(page, () => page.evaluate(({ path, values }) => {
    const form = Object.assign(document.createElement('form'), { method: 'post', action: path })
    for (const [name, all] of Object.entries(values)) for (const value of all) form.append(Object.assign(document.createElement('input'), { name, value }))
    document.body.append(form)
    form.submit()
  }, { path, values }))
  return answer
}

// axeIn puts axe into the page, once for all widths. The builder's own analyze would
// do so anew each time, and in a second page, which takes longer than to look.
async function axeIn(page, fail) {
  await page.evaluate(new AxeBuilder({ page }).script())
  return async (at) => {
    const violations = await page.evaluate(async (values) => {
      const found = await window.axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] })
      return found.violations.map((v) => `${v.id} (${v.impact}) ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(' | ')}`)
    }, tags)
    for (const violation of violations) fail(`axe at ${at}: ${violation}`)
  }
}

async function width(page, at, fail) {
  const found = await page.evaluate(() => {
    const most = document.documentElement.scrollWidth
    const wide = [...document.querySelectorAll('main *')].filter((n) => n.getBoundingClientRect().right > innerWidth + 1)
    return { most, wide: wide.slice(0, 2).map((n) => n.tagName + '.' + n.className) }
  })
  if (found.most > at) fail(`${found.most} wide at ${at}: ${found.wide}`)
}

// structure wants one heading, the skip link first, and a target for every link inside.
async function structure(page, fail) {
  const { broken, headings, about, hidden } = await page.evaluate(() => {
    document.body.tabIndex = -1
    document.body.focus() // where Tab begins
    document.body.removeAttribute('tabindex')
    const inside = [...document.querySelectorAll('a[href^="#"]')].map((a) => a.getAttribute('href'))
    return {
      broken: inside.filter((h) => h !== '#' && !document.getElementById(decodeURIComponent(h.slice(1)))),
      headings: document.querySelectorAll('h1').length,
      about: document.querySelector('meta[name=description]')?.content,
      hidden: document.querySelector('meta[name=robots]') !== null,
    }
  })
  for (const href of broken) fail(`the link ${href} has no target`)
  if (headings !== 1) fail('not one h1')
  if (!hidden && !about) fail('search engines do not read what it is about')
  await page.keyboard.press('Tab')
  const { first, skips } = await page.evaluate(() => {
    const first = document.activeElement?.getAttribute('href') ?? document.activeElement?.outerHTML.slice(0, 80)
    return { first, skips: first?.startsWith('#') && document.querySelector(first) !== null }
  })
  if (!skips) fail(`the first Tab reaches ${first}, not a skip link with a target`)
}
