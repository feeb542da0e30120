// Cuts the style sheet of bootstrap-italia to what templates use and adds our own.
import { readFile } from 'node:fs/promises'
import { transform } from 'lightningcss'
import { PurgeCSS } from 'purgecss'
import { packageFile, source } from './paths.mjs'

// Classes that scripts set and markup never names.
const safelist = {
  standard: [
    /^is-/, /^show/, /^collaps/, /^modal/, /^offcanvas/, /^active/, /^htmx-/, /^focus/,
    /^bg-(primary|secondary|success|info|warning|danger)$/,
  ],
  greedy: [/data-focus/],
}

// Classes in markup that are hooks of scripts or of the official models, and have no style of their own.
const unstyled = new Set(['has-megamenu', 'custom-navbar-toggler', 'it-nav-wrapper', 'solo-script'])

async function packageStyles() {
  const css = await readFile(packageFile('bootstrap-italia/dist/css/bootstrap-italia.min.css'), 'utf8')
  return css.replace(/^\uFEFF/, '').replace(/@font-face\{font-family:VideoJS[^}]*\}/, '')
}

const words = (content) => content.match(/[A-Za-z0-9_:/.-]+/g) ?? []

// buildStyles returns the one style sheet, minified.
export async function buildStyles(templates, script) {
  const purged = await new PurgeCSS().purge({
    content: [
      ...templates.map(({ text }) => ({ raw: text, extension: 'html' })),
      { raw: script, extension: 'js' },
    ],
    css: [{ raw: await packageStyles() }],
    defaultExtractor: words,
    safelist,
    variables: true,
    keyframes: true,
  })
  const own = await readFile(source('app.css'), 'utf8')
  const code = Buffer.from(`${purged[0].css}\n${own}`)
  return transform({ filename: 'ui.css', code, minify: true, errorRecovery: true, targets: { chrome: 90 << 16, safari: 14 << 16, firefox: 90 << 16 } }).code
}

// checkClasses refuses a class that a template uses and no rule knows: the cut removes silently, a typing error shows nothing.
export function checkClasses(templates, css) {
  const known = new Set([...css.toString().matchAll(/\.((?:[A-Za-z0-9_-]|\\.)+)/g)].map(([, name]) => name.replaceAll('\\', '')))
  const missing = templates.flatMap(({ name, text }) =>
    classesOf(text).filter((word) => !known.has(word) && !unstyled.has(word)).map((word) => `${name}: ${word}`),
  )
  if (missing.length > 0) throw new Error(`classes without a rule:\n  ${[...new Set(missing)].join('\n  ')}`)
}

function classesOf(text) {
  const attributes = [...text.matchAll(/\bclass="((?:\{\{.*?\}\}|[^"])*)"/g)].map(([, value]) => value)
  return attributes.flatMap((value) => value.replace(/\{\{.*?\}\}/g, ' ').split(/\s+/).filter(Boolean))
}
