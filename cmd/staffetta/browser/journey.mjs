// The whole journey of the first delivery: a practice handed over, a case worked, a
// case shared. Run by browser_test.go against the running program.
import { given, run, seeNot, Site } from './visit.mjs'
import * as share from './share.mjs'
import * as work from './work.mjs'

const { users, rosalia, son, marker } = given()
const site = await Site.open()
const slug = 'c_g315'
const at = {}

await run(site, {
  'Marsala publishes kit 1.0.0': async () => work.publish(await site.person('c_e974', 'Giulia Ferrante')),
  'Pantelleria begins to enter': async () => work.begin(await site.guest(), 'Anna Rizzo'),
  'Pantelleria resumes in another browser and goes live': async () => work.resume(await site.guest(), 'Anna Rizzo', users),
  'Pantelleria adopts the kit: dry run, then applied': async () => work.adopt(await site.person(slug, 'Anna Rizzo'), slug),
  'Davide registers a person': async () => { at.person = await work.register(await site.person(slug, 'Davide Errera'), slug, rosalia) },
  'Davide is warned of a duplicate': async () => work.registerAgain(await site.person(slug, 'Davide Errera'), slug, rosalia, at.person),
  'Davide makes a household': async () => work.household(await site.person(slug, 'Davide Errera'), at.person, son),
  'Davide writes down a contact': async () => { at.contact = await work.contact(await site.person(slug, 'Davide Errera'), slug, rosalia, 'Chiede un aiuto in casa') },
  'Davide opens a case': async () => { at.case = await work.openCase(await site.person(slug, 'Davide Errera'), at.contact) },
  'Davide fills in the Barthel index': async () => { at.assessment = await work.barthel(await site.person(slug, 'Davide Errera'), at.case) },
  'Davide signs a note': async () => { at.note = await work.note(await site.person(slug, 'Davide Errera'), at.case, marker) },
  'Davide uploads a document': async () => work.upload(await site.person(slug, 'Davide Errera'), at.case, 'Certificato di prova\n'),
  'the case tells who opened it': async () => work.whoOpened(await site.person(slug, 'Davide Errera'), at.case, 'Davide Errera', 'Cartella assegnata', 'Ha firmato'),
  'the case tells why it can be seen': async () => work.why(await site.person(slug, 'Davide Errera'), at.case, 'Assistente sociale', 'Regola del ruolo', 'Diario'),
  'Chiara proposes an agreement, Elena signs it': async () => {
    await share.propose(await site.person(slug, 'Chiara Valenza'), slug, 'Mazara del Vallo')
    await share.sign(await site.person('c_f061', 'Elena Asaro'), 'c_f061', 'Accordo per le valutazioni in comune')
  },
  'Davide offers identity and assessment': async () => { at.share = await share.offer(await site.person(slug, 'Davide Errera'), at.case, 'Mazara del Vallo', 'Valutiamo insieme') },
  'Elena sees a preview without identity and accepts': async () => {
    const page = await site.person('c_f061', 'Elena Asaro')
    await share.preview(page, 'c_f061', at.share, rosalia.surname, rosalia.code, rosalia.mobile, marker, 'Valutiamo insieme')
    await share.accept(page)
  },
  'Luca reads exactly those sections': async () => { at.shared = await share.read(await site.person('c_f061', 'Luca Giacalone'), 'c_f061', rosalia, at.assessment) },
  'the diary appears nowhere': async () => {
    const page = await site.person('c_f061', 'Luca Giacalone')
    await share.wander(page, '/c_f061/scrivania', marker)
    await share.missing(page, at.shared + '/diario/' + at.note.split('/').pop())
  },
  'the case tells both bodies of the reading': async () => {
    await work.whoOpened(await site.person(slug, 'Davide Errera'), at.case, 'Luca Giacalone', 'Mazara del Vallo', 'Condivisione')
    await work.why(await site.person('c_f061', 'Luca Giacalone'), at.shared, 'Condivisione attiva sotto un accordo', 'Pantelleria', 'Apri l\'accordo', 'Apri la condivisione')
  },
  'Davide revokes: gone at the next request': async () => {
    const reader = await site.person('c_f061', 'Luca Giacalone')
    await reader.goto(new URL(at.shared, reader.url()).href)
    await share.revoke(await site.person(slug, 'Davide Errera'), slug, at.share)
    for (const part of ['', '/valutazioni', '/perche', '/valutazioni/' + at.assessment.split('/').pop()]) await share.missing(reader, at.shared + part)
    await reader.goto(new URL('/c_f061/condivisi', reader.url()).href)
    await seeNot(reader, rosalia.surname)
  },
})
