// What a way through the pages costs a person, reckoned and not timed, so that it is the same on every machine: the Keystroke-Level
// Model of Card, Moran and Newell (CACM 23, 1980) for what hands do, and the pace at which Italian is read for what eyes do
// (Trauzettel-Klosinski and Dietz, IOVS 53, 2012: 188 words a minute). Everything that pages say is read once, and nothing twice.
const seconds = { key: 0.28, point: 1.1, press: 0.2, home: 0.4, think: 1.35, word: 60 / 188 }

// watch counts what somebody reads and does in a window from now on. Silent are the pages on which no sentence helps.
export async function watch(page) {
  const spent = { pages: 0, words: 0, clicks: 0, fields: 0, characters: 0, silent: new Set() }
  const read = new Set()
  await page.exposeBinding('spend', (_, what, amount) => {
    spent[what] += amount
  })
  await page.exposeBinding('read', (_, at, lines, helped) => {
    spent.pages++
    if (!helped) spent.silent.add(at)
    for (const line of lines.filter((one) => !read.has(one))) {
      read.add(line)
      spent.words += line.split(/\s+/).filter(Boolean).length
    }
  })
  await page.addInitScript(observe)
  return spent
}

// observe runs in each page.
function observe() {
  const before = new WeakMap()
  const written = (n) => n.matches('textarea, input:not([type=radio], [type=checkbox], [type=file])')
  addEventListener('click', (e) => e.isTrusted && !written(e.target) && window.spend('clicks', 1), true)
  addEventListener('change', (e) => e.target.tagName === 'SELECT' && window.spend('clicks', 2), true)
  addEventListener('input', (e) => {
    if (!written(e.target)) return
    if (!before.has(e.target)) window.spend('fields', 1)
    window.spend('characters', Math.abs(e.target.value.length - (before.get(e.target) ?? e.target.defaultValue.length)))
    before.set(e.target, e.target.value.length)
  }, true)
  addEventListener('DOMContentLoaded', () => {
    const main = document.querySelector('main')
    const helped = [...main.querySelectorAll('p, .form-text, [id$="-aiuto"], [role=status], .callout')].some((n) => n.innerText.trim().split(/\s+/).length > 2)
    const said = [...document.querySelectorAll('main, aside')].flatMap((n) => n.innerText.split('\n'))
    window.read(location.pathname, said, helped)
  })
}

// minutes is what it costs altogether.
export function minutes(...all) {
  const reach = seconds.think + seconds.point + seconds.press
  return all.reduce((sum, s) => sum + s.clicks * reach + s.fields * (reach + 2 * seconds.home) + s.characters * seconds.key + s.words * seconds.word, 0) / 60
}
