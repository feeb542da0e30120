// The part of the journey about a person and a case, in browsers without JavaScript.
// The share stays, so that other tests find a case that is shared.
import { given, run, Site, want } from './visit.mjs'
import * as share from './share.mjs'
import * as work from './work.mjs'

const { caterina, niece, marker } = given()
const site = await Site.open({ javaScriptEnabled: false })
const slug = 'c_g315'
const at = {}
const davide = () => site.person(slug, 'Davide Errera')

await run(site, {
  'scripts are off': async () => {
    const page = await davide()
    want((await page.locator('noscript *').count()) > 0, 'scripts run: nothing of what stands in for them is there')
  },
  'Davide registers a person': async () => { at.person = await work.register(await davide(), slug, caterina) },
  'Davide is warned of a duplicate': async () => work.registerAgain(await davide(), slug, caterina, at.person),
  'Davide makes a household': async () => work.household(await davide(), at.person, niece),
  'Davide writes down a contact': async () => { at.contact = await work.contact(await davide(), slug, caterina, 'Chiede il trasporto') },
  'Davide opens a case': async () => { at.case = await work.openCase(await davide(), at.contact) },
  'Davide fills in the Barthel index': async () => { at.assessment = await work.barthel(await davide(), at.case) },
  'Davide signs a note': async () => { at.note = await work.note(await davide(), at.case, marker) },
  'Davide uploads a document': async () => work.upload(await davide(), at.case, 'Documento di prova\n'),
  'the case tells who opened it and why': async () => {
    await work.whoOpened(await davide(), at.case, 'Davide Errera', 'Cartella assegnata')
    await work.why(await davide(), at.case, 'Assistente sociale', 'Regola del ruolo')
  },
  'Davide offers identity and assessment': async () => { at.share = await share.offer(await davide(), at.case, 'Mazara del Vallo', 'Valutiamo insieme') },
  'Elena sees a preview without identity and accepts': async () => {
    const page = await site.person('c_f061', 'Elena Asaro')
    await share.preview(page, 'c_f061', at.share, caterina.surname, caterina.code, marker)
    await share.accept(page)
  },
  'Luca reads exactly those sections': async () => {
    const page = await site.person('c_f061', 'Luca Giacalone')
    at.shared = await share.read(page, 'c_f061', caterina, at.assessment)
    await share.wander(page, '/c_f061/scrivania', marker)
  },
  'the menu can be reached on a narrow screen': async () => {
    const page = await davide()
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto(page.url())
    const link = page.getByRole('link', { name: 'Cartelle', exact: true }).first()
    await link.scrollIntoViewIfNeeded()
    want(await link.isVisible(), 'the menu cannot be reached without scripts')
  },
})
