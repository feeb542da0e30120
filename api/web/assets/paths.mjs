// Where the build reads and writes.
import { fileURLToPath } from 'node:url'
import { dirname, join } from 'node:path'

const here = dirname(fileURLToPath(import.meta.url))

export const root = join(here, '..', '..', '..')
export const output = join(here, '..', 'dist')
export const source = (name) => join(here, name)
export const packageFile = (name) => join(root, 'node_modules', name)

// Weight in CSS → name of the weight in the package's files.
export const fontNames = { 400: 'regular', 600: '600', 700: '700' }
export const bundledFonts = (name) =>
  packageFile(`bootstrap-italia/dist/fonts/Titillium_Web/titillium-web-v10-latin-ext_latin-${name}.woff2`)
