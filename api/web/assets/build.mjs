// Builds everything a browser loads into api/web/dist: one script, one style sheet, the fonts, the icons
// that templates name, and the licences of what is inside. It needs `npm ci --ignore-scripts` first, uses
// no network, and fails when a budget, an icon name or a class name does not hold.
import { gzipSync } from 'node:zlib'
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { fontNames, bundledFonts, output, packageFile, source } from './paths.mjs'
import { collectLicences } from './licences.mjs'
import { checkClasses, buildStyles } from './styles.mjs'
import { buildSprites } from './sprites.mjs'
import { readTemplates } from './markup.mjs'

// Largest size in bytes after gzip (fonts are already compressed). The sum leaves 25 KB to the HTML of a 150 KB page.
const budgets = { 'ui.css': 20_000, 'ui.js': 26_000, 'script with htmx': 40_000, 'sprites.svg': 8_000, 'all together': 125_000 }

async function emptyOutput() {
  await mkdir(output, { recursive: true })
  const old = (await readdir(output)).filter((name) => name !== '.gitkeep')
  await Promise.all(old.map((name) => rm(join(output, name), { recursive: true })))
}

async function buildScript() {
  const result = await build({
    entryPoints: [source('ui.mjs')],
    outfile: join(output, 'ui.js'),
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2020',
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
  })
  return Object.keys(result.metafile.inputs)
}

async function copyFiles() {
  await mkdir(join(output, 'fonts'))
  const fonts = Object.entries(fontNames).map(([weight, name]) =>
    cp(bundledFonts(name), join(output, 'fonts', `titillium-${weight}.woff2`)),
  )
  const own = ['favicon.svg', 'noscript.css'].map((name) => cp(source(name), join(output, name)))
  const htmx = cp(packageFile('htmx.org/dist/htmx.min.js'), join(output, 'htmx.js'))
  await Promise.all([...fonts, ...own, htmx])
}

async function measure() {
  const gz = async (name) => gzipSync(await readFile(join(output, name))).length
  const fonts = await Promise.all(Object.keys(fontNames).map(async (w) => (await readFile(join(output, `fonts/titillium-${w}.woff2`))).length))
  const sizes = { 'ui.css': await gz('ui.css'), 'ui.js': await gz('ui.js'), 'sprites.svg': await gz('sprites.svg') }
  sizes['script with htmx'] = sizes['ui.js'] + (await gz('htmx.js'))
  sizes['all together'] = sizes['ui.css'] + sizes['script with htmx'] + sizes['sprites.svg'] + fonts.reduce((a, b) => a + b, 0)
  return sizes
}

function enforce(sizes) {
  const over = Object.entries(budgets).filter(([name, limit]) => sizes[name] > limit)
  for (const [name, limit] of Object.entries(budgets)) {
    console.log(`${name.padEnd(18)} ${String(sizes[name]).padStart(7)} of ${limit} bytes`)
  }
  if (over.length > 0) throw new Error(`over budget: ${over.map(([name]) => name).join(', ')}`)
}

async function main() {
  await emptyOutput()
  const templates = await readTemplates()
  const inputs = await buildScript()
  const script = await readFile(join(output, 'ui.js'), 'utf8')
  const css = await buildStyles(templates, script)
  await writeFile(join(output, 'ui.css'), css)
  await writeFile(join(output, 'sprites.svg'), await buildSprites(templates))
  await copyFiles()
  await writeFile(join(output, 'licenze.txt'), await collectLicences(inputs))
  checkClasses(templates, css)
  enforce(await measure())
}

try {
  await main()
} catch (error) {
  console.error(`assets: ${error.message}`)
  process.exitCode = 1
}
