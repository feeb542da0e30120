// Measures the pages of a running demo with Lighthouse, as a phone sees them: of each shape of address one page that somebody below
// reaches by links. A page below its goal is measured twice more, and the median counts. A page takes about 14 s; nothing else is to run.
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import lighthouse from '../../../bin/lighthouse/node_modules/lighthouse/core/index.js'
import { base, choose } from './visit.mjs'

const people = [
  ['c_g315'], ['c_g315', 'Davide Errera'], ['c_g315', 'Anna Rizzo'], ['c_e974', 'Ida Vella'], ['piattaforma', 'Salvo Catalano'],
]
const goals = { performance: 95, accessibility: 100, 'best-practices': 100, seo: 100 }
const heaviest = 150 // kilobytes that a page may weigh
const only = new RegExp(process.env.STAFFETTA_PAGES || '')
const port = 9223
const patterns = (await readFile(new URL('../routes.golden', import.meta.url), 'utf8')).split('\n')
  .filter((line) => line.startsWith('GET'))
  .map((line) => line.split(/\s+/)[1])
  .map((pattern) => ({ pattern, fits: new RegExp(`^${pattern.replace('{$}', '').replaceAll(/{[^}]+}/g, '[^/]+')}$`) }))
  .sort((a, b) => a.pattern.split('{').length - b.pattern.split('{').length)
const known = new Set()
let measured = 0
let below = 0

for (const person of people) await measureFor(...person)
console.log(`${measured} pages, ${below} below their goals`)
process.exitCode = below ? 1 : 0

// measureFor measures what one person reaches, in a browser of their own that Lighthouse shares with the person who signed in.
async function measureFor(slug, name) {
  const profile = join(tmpdir(), `lighthouse-${process.pid}`)
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage', `--remote-debugging-port=${port}`],
  })
  const page = await context.newPage()
  const paths = await reached(page, slug, name)
  await page.close()
  for (const path of paths) await judge(path)
  await context.close()
  await rm(profile, { recursive: true, force: true })
}

// reached are the pages of new shapes at most three links away from where somebody begins.
async function reached(page, slug, name) {
  await page.goto(`${base}/${slug}${name ? '/accedi' : ''}`)
  if (name) await choose(page, name, 'Operatori')
  const found = []
  const passed = new Set()
  let edge = [new URL(page.url()).pathname]
  for (let depth = 0; depth <= 3; depth++) {
    const next = []
    for (const path of edge) {
      if (passed.has(shape(path)) || (slug === 'piattaforma' ? path.startsWith('/c_') : !path.startsWith(`/${slug}`))) continue
      passed.add(shape(path))
      const answer = await page.goto(base + path).catch(() => null) // a file is saved, not shown
      if (answer?.status() !== 200 || !answer.headers()['content-type']?.startsWith('text/html') || new URL(page.url()).pathname !== path) continue
      if (!known.has(shape(path))) found.push(path)
      known.add(shape(path))
      next.push(...await page.locator('a[href]').evaluateAll((links) => links.map((l) => new URL(l.href)).filter((u) => u.origin === location.origin).map((u) => u.pathname)))
    }
    edge = next
  }
  console.log(`${found.length} pages of ${name || slug}`)
  return found.filter((path) => only.test(path))
}

// shape is the address as the list of routes has it, the one with the fewest parts left open that fits.
function shape(path) {
  const own = path.replace(/^\/c_\w+/, '') || '/'
  return patterns.find((p) => p.fits.test(own))?.pattern ?? own
}

async function judge(path) {
  measured++
  let runs = [await measure(path)]
  if (faultsOf(runs[0]).length) runs = [...runs, await measure(path), await measure(path)]
  const result = Object.fromEntries(Object.keys(runs[0]).map((k) => [k, runs.map((r) => r[k]).sort((a, b) => a - b)[runs.length >> 1]]))
  const faults = faultsOf(result)
  if (faults.length) below++
  console.log(`${faults.length ? 'BELOW' : 'ok   '} ${Object.values(result).map((n) => String(n).padStart(4)).join('')}  ${path} ${faults.join(', ')}`)
}

function faultsOf(result) {
  const low = Object.keys(goals).filter((k) => result[k] < goals[k])
  return result.kilobytes > heaviest ? [...low, 'kilobytes'] : low
}

// measure measures a page once; one time in 25 the browser records nothing, and is asked again. What search engines may not read is not
// judged for them.
async function measure(path, again = true) {
  const { lhr } = await lighthouse(base + path, { port, onlyCategories: Object.keys(goals), logLevel: 'error' })
  if (lhr.runtimeError && again) return measure(path, false)
  if (lhr.runtimeError) throw new Error(`${path}: ${lhr.runtimeError.message}`)
  const scores = Object.fromEntries(Object.entries(lhr.categories).map(([k, c]) => [k, Math.round(c.score * 100)]))
  if (lhr.audits['is-crawlable'].score === 0) scores.seo = 100
  return { ...scores, kilobytes: Math.round(lhr.audits['total-byte-weight'].numericValue / 1024) }
}
