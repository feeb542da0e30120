// Reads the templates that the style sheet and the icons are cut to.
import { readFile, readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { root } from './paths.mjs'

async function listHTML(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.html'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
}

async function templateFolders() {
  const modules = await readdir(join(root, 'modules'), { withFileTypes: true }).catch(() => [])
  const own = modules.filter((entry) => entry.isDirectory()).map((entry) => `modules/${entry.name}/templates`)
  return ['api/web/templates', 'onboarding/templates', ...own].map((path) => join(root, path))
}

// readTemplates gives every template as { name, text }, its name relative to the repository.
export async function readTemplates() {
  const files = (await Promise.all((await templateFolders()).map(listHTML))).flat().sort()
  return Promise.all(files.map(async (path) => ({ name: relative(root, path), text: await readFile(path, 'utf8') })))
}
