// The whole journey of the first delivery, after a body has entered: a practice handed over,
// a case worked, a case shared. Run by browser_test.go against the running program, once in browsers
// that run scripts and once in browsers that do not.
import { given, run, seeNot, Site, want } from './visit.mjs'
import * as handover from './handover.mjs'
import * as share from './share.mjs'
import * as work from './work.mjs'

const { scripts, rosalia, son, marker } = given()
const site = await Site.open({ javaScriptEnabled: scripts })
const slug = 'c_g315'
const at = {}
const davide = () => site.person(slug, 'Davide Errera')
const elena = () => site.person('c_f061', 'Elena Asaro')
const luca = () => site.person('c_f061', 'Luca Giacalone')
const offer = async () => { at.share = await share.offer(await davide(), at.case, 'Mazara del Vallo', 'Valutiamo insieme') }
const preview = async () => {
  await share.preview(await elena(), 'c_f061', at.share, rosalia.surname, rosalia.code, rosalia.mobile, marker, 'Valutiamo insieme')
  await share.accept(await elena())
}

const journey = {
  'scripts run, or what stands in for them is there': async () => {
    const page = await site.guest()
    await page.goto(new URL('/', process.env.STAFFETTA_URL).href)
    want((await page.locator('noscript *').count()) > 0 !== scripts, scripts ? 'scripts do not run' : 'scripts run')
  },
  'Marsala publishes kit 1.0.0': async () => work.publish(await site.person('c_e974', 'Giulia Ferrante')),
  'Pantelleria adopts the kit: dry run, then applied': async () => work.adopt(await site.person(slug, 'Anna Rizzo'), slug),
  'Davide registers a person': async () => { at.person = await work.register(await davide(), slug, rosalia) },
  'Davide is warned of a duplicate': async () => work.registerAgain(await davide(), slug, rosalia, at.person),
  'Davide makes a household': async () => work.household(await davide(), at.person, son),
  'Davide writes down a contact': async () => { at.contact = await work.contact(await davide(), slug, rosalia, 'Chiede un aiuto in casa') },
  'Davide opens a case': async () => { at.case = await work.openCase(await davide(), at.contact) },
  'Davide fills in the Barthel index': async () => { at.assessment = await work.barthel(await davide(), at.case, scripts) },
  'Davide signs a note': async () => { at.note = await work.note(await davide(), at.case, marker) },
  'Davide uploads a document': async () => work.upload(await davide(), at.case, 'Certificato di prova\n'),
  'the case tells who opened it': async () => work.whoOpened(await davide(), at.case, 'Davide Errera', 'Cartella assegnata', 'Ha firmato'),
  'the case tells why it can be seen': async () => work.why(await davide(), at.case, 'Assistente sociale', 'Regola del ruolo', 'Diario'),
  'Chiara proposes an agreement, Elena signs it': async () => {
    await share.propose(await site.person(slug, 'Chiara Valenza'), slug, 'Mazara del Vallo')
    await share.sign(await elena(), 'c_f061', 'Accordo per le valutazioni in comune')
  },
  'Davide offers identity and assessment': offer,
  'Elena sees a preview without identity and accepts': preview,
  'Luca reads exactly those sections': async () => { at.shared = await share.read(await luca(), 'c_f061', rosalia, at.assessment) },
  'the diary appears nowhere': async () => {
    await share.wander(await luca(), '/c_f061/scrivania', marker)
    await share.missing(await luca(), at.shared + '/diario/' + at.note.split('/').pop())
  },
  'the case tells both bodies of the reading': async () => {
    await work.whoOpened(await davide(), at.case, 'Luca Giacalone', 'Mazara del Vallo', 'Condivisione')
    await work.why(await luca(), at.shared, 'Condivisione attiva sotto un accordo', 'Pantelleria', 'Apri l\'accordo', 'Apri la condivisione')
  },
  'Davide revokes: gone at the next request': async () => {
    const reader = await luca()
    await reader.goto(new URL(at.shared, reader.url()).href)
    await share.revoke(await davide(), slug, at.share)
    for (const part of ['', '/valutazioni', '/perche', '/valutazioni/' + at.assessment.split('/').pop()]) await share.missing(reader, at.shared + part)
    await reader.goto(new URL('/c_f061/condivisi', reader.url()).href)
    await seeNot(reader, rosalia.surname)
  },
  'Davide opens a case of the son and signs a note': async () => {
    at.passed = await handover.begin(await davide(), slug, son)
    await work.note(await davide(), at.passed, 'Trasloca a Mazara in primavera')
  },
  'Chiara offers to hand it over to Mazara': async () => {
    at.handover = await handover.offer(await site.person(slug, 'Chiara Valenza'), at.passed, 'Mazara del Vallo', 'Si trasferisce a Mazara')
  },
  'Elena previews the handover and takes the case for Luca': async () => {
    at.taken = await handover.take(await elena(), 'c_f061', at.handover, son, 'Luca Giacalone', 'Si trasferisce a Mazara')
  },
  'Luca works on, Davide keeps the closed case': async () => {
    await handover.own(await luca(), at.taken, 'Trasloca a Mazara in primavera', 'Davide Errera')
    await handover.stub(await davide(), at.passed, 'Trasloca a Mazara in primavera')
    await handover.told(await site.person(slug, 'Chiara Valenza'), at.passed, 'Mazara del Vallo')
  },
  'the menu can be reached on a narrow screen': async () => {
    const page = await davide()
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto(page.url())
    await work.menu(page, scripts)
    await page.setViewportSize({ width: 1280, height: 900 })
  },
}
// The second share stays, so that other tests find a case that is shared.
if (!scripts) Object.assign(journey, { 'Davide offers again': offer, 'Elena accepts again': preview })

await run(site, journey)
