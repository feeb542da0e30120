import { Site } from './visit.mjs'
const site = await Site.open()
const go = async (who, slug, path, shot) => {
  const page = await site.person(slug, who)
  await page.goto(`${process.env.STAFFETTA_URL}/${slug}${path}`)
  console.log(`=== ${who} ${path} -> ${page.url()}`)
  console.log(await page.locator('main').innerText())
  console.log('LINKS', (await page.locator('main a').evaluateAll(a => a.map(x => x.innerText.trim() + ' -> ' + x.getAttribute('href')))).slice(0, 40).join('\n      '))
  if (shot) await page.screenshot({ path: `/tmp/h3shots/${shot}.png`, fullPage: true })
}
for (const [who, slug, path, shot] of JSON.parse(process.argv[2])) await go(who, slug, path, shot)
await site.close()
