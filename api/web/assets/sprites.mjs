// Cuts the icon sheet down to the icons that templates name.
import { readFile } from 'node:fs/promises'
import { packageFile } from './paths.mjs'

const symbolPattern = /<symbol[^>]*\bid="([^"]+)"[\s\S]*?<\/symbol>/g

// buildSprites keeps the symbols named as it-… in a template, and refuses a call of icon with an unknown name.
export async function buildSprites(templates) {
  const sheet = await readFile(packageFile('bootstrap-italia/dist/svg/sprites.svg'), 'utf8')
  const symbols = new Map([...sheet.matchAll(symbolPattern)].map((match) => [match[1], match[0]]))
  refuseUnknown(templates, symbols)
  const named = new Set(templates.flatMap(({ text }) => text.match(/\bit-[a-z0-9-]+/g) ?? []))
  const kept = [...symbols].filter(([id]) => named.has(id)).map(([, markup]) => markup)
  return `<svg xmlns="http://www.w3.org/2000/svg">${kept.join('')}</svg>\n`
}

function refuseUnknown(templates, symbols) {
  for (const { name, text } of templates) {
    for (const [, id] of text.matchAll(/\bicon "([^"]+)"/g)) {
      if (!symbols.has(id)) throw new Error(`${name}: there is no icon ${id}`)
    }
  }
}
