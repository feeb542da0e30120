// Looks at every page that it is given: axe at two widths, no errors of the console,
// no sideways scroll, the skip link first, links inside the page with targets.
import AxeBuilder from '@axe-core/playwright'
import { base, choose, given, Site } from './visit.mjs'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
// What WCAG 1.4.12 lets readers set.
const spacing = '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }'

const site = await Site.open({ bypassCSP: true })
const faults = []
let looked = 0

for (const visitor of given()) {
  const page = await entered(visitor)
  for (const one of visitor.pages) await look(page, one, `${visitor.name || 'guest'} ${one.path}`)
  await page.context().close()
}
for (const fault of [...faults, ...site.faults]) console.log(`FAIL ${fault}`)
console.log(`${looked} pages looked at, ${faults.length + site.faults.length} faults`)
await site.close()
process.exitCode = faults.length + site.faults.length > 0 ? 1 : 0

// entered is a window of somebody signed in, or of a guest.
async function entered({ slug, name, way }) {
  const page = await site.guest()
  if (name) {
    await page.goto(`${base}/${slug}/accedi`)
    await choose(page, name, way)
  }
  return page
}

async function look(page, { path, whole }, where) {
  looked++
  const fail = (what) => faults.push(`${where}: ${what}`)
  await page.setViewportSize({ width: 1280, height: 900 })
  const answer = await page.goto(base + path, { waitUntil: whole ? 'networkidle' : 'load' })
  if (answer.status() !== 200) return fail(`status ${answer.status()}`)
  await structure(page, fail)
  if (whole) await axe(page, '1280', fail)
  await width(page, 1280, fail)
  await page.setViewportSize({ width: 390, height: 844 })
  if (whole) await axe(page, '390', fail)
  await width(page, 390, fail)
  if (!whole) return
  await page.setViewportSize({ width: 320, height: 844 })
  await width(page, 320, fail)
  await page.addStyleTag({ content: spacing })
  await width(page, 320, (what) => fail(`with text spacing ${what}`))
}

async function axe(page, at, fail) {
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
  for (const v of violations) fail(`axe at ${at}: ${v.id} (${v.impact}) ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(' | ')}`)
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
  const broken = await page.evaluate(() => [...document.querySelectorAll('a[href^="#"]')].map((a) => a.getAttribute('href')).filter((h) => h !== '#' && !document.getElementById(decodeURIComponent(h.slice(1)))))
  for (const href of broken) fail(`the link ${href} has no target`)
  if ((await page.locator('h1').count()) !== 1) fail('not one h1')
  await page.evaluate(() => document.activeElement?.blur())
  await page.keyboard.press('Tab')
  const first = await page.evaluate(() => document.activeElement?.getAttribute('href') ?? document.activeElement?.outerHTML.slice(0, 80))
  const skips = first?.startsWith('#') && (await page.evaluate((h) => document.querySelector(h) !== null, first))
  if (!skips) fail(`the first Tab reaches ${first}, not a skip link with a target`)
}
