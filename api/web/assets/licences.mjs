// Gathers the licence texts of what is inside the built files: minifying strips the notices.
import { readFile, readdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { bundledFonts, packageFile } from './paths.mjs'

// Packages whose files are copied or cut without passing through the bundler.
const copied = ['bootstrap-italia', 'htmx.org']

function packagesOf(inputs) {
  const names = inputs.map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]).filter(Boolean)
  return [...new Set([...copied, ...names])].sort()
}

async function packageLicence(name) {
  const about = JSON.parse(await readFile(packageFile(`${name}/package.json`), 'utf8'))
  const file = (await readdir(packageFile(name))).find((entry) => /^licen[cs]e/i.test(entry))
  if (!file) throw new Error(`${name} has no licence file`)
  return entry(`${name} ${about.version} (${about.license})`, await readFile(packageFile(`${name}/${file}`), 'utf8'))
}

const entry = (title, text) => `${title}\n${'-'.repeat(title.length)}\n\n${text.trim()}\n`

// collectLicences returns one text naming every package inside the bundle, the fonts included.
export async function collectLicences(inputs) {
  const packages = await Promise.all(packagesOf(inputs).map(packageLicence))
  const fonts = await readFile(`${dirname(bundledFonts('regular'))}/OFL.txt`, 'utf8')
  return [...packages, entry('Titillium Web (OFL-1.1)', fonts)].join('\n\n')
}
