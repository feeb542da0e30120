// A kit moves on, and who adopted it follows: Marsala publishes a new release, Pantelleria reads what it would change, keeps
// its own words where both changed the same, goes back and forward again.
import { base, follow, given, press, run, see, seeNot, Site, want, write } from './visit.mjs'
import { justify } from './work.mjs'

const { scripts, own, theirs } = given()
const site = await Site.open({ javaScriptEnabled: scripts })
const slug = 'c_g315'
const giulia = () => site.person('c_e974', 'Giulia Ferrante')
const anna = () => site.person(slug, 'Anna Rizzo')
const kit = /Centro d.informazione territoriale/

// tryKit opens the dry run from the list of adoptions.
async function tryKit(page) {
  await page.goto(`${base}/${slug}/adozioni`)
  await follow(page, kit)
  await follow(page, 'Prova il kit')
}

// service reads what the citizen reads.
async function service(page, ...words) {
  await page.goto(`${base}/${slug}/servizi/SV-01`)
  await see(page, ...words)
}

// answer chooses how to settle the one conflict.
async function answer(page, name, within = page.locator('main')) {
  await within.getByRole('radio', { name, exact: true }).first().check()
}

await run(site, {
  'Giulia publishes kit 1.1.0': async () => {
    const page = await giulia()
    await page.goto(`${base}/c_e974/pratiche`)
    await follow(page, kit)
    await follow(page, 'Prepara un kit da pubblicare')
    want((await page.locator('[name=release]').inputValue()) === '1.1.0', 'the next release is not 1.1.0')
    await press(page, 'Controlla il kit')
    await justify(page)
    await press(page, 'Pubblica il kit')
    await see(page, 'Il kit 1.1.0 è pubblicato')
  },
  'Anna reads what the new kit would change, in three columns': async () => {
    const page = await anna()
    await tryKit(page)
    await see(page, 'La prova non cambia nulla', 'Conflitti da decidere', own, theirs.summary)
  },
  'Anna unites: our words, the rest of the kit': async () => {
    const page = await anna()
    await tryKit(page)
    await answer(page, /^Unisci/)
    await page.locator('main [name^="field.service/SV-01#"]').first().check()
    await write(page, { 'reason.service/SV-01': 'Da noi lo sportello è sull’isola' })
    await press(page, 'Applica il kit')
    await see(page, 'Kit 1.1.0 applicato')
    await service(page, own, theirs.description)
  },
  'Anna goes back': async () => {
    const page = await anna()
    await page.goto(`${base}/${slug}/adozioni`)
    await follow(page, kit)
    await follow(page, 'Che cosa è stato applicato')
    await page.locator('main a[href$="/ritorno"]').first().click()
    await see(page, 'Tornare indietro?', '1.0.0')
    await press(page, 'Torna indietro')
    await see(page, 'Fatto')
    await service(page, own)
    await seeNot(page, theirs.description)
  },
  'and forward again': async () => {
    const page = await anna()
    await tryKit(page)
    await answer(page, /^Unisci/)
    await page.locator('main [name^="field.service/SV-01#"]').first().check()
    await press(page, 'Applica il kit')
    await see(page, 'Kit 1.1.0 applicato')
    await service(page, own, theirs.description)
  },
})
