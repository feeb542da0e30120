// Keeps the draft of a form marked data-draft: sends its fields to data-draft-url at the first key, every ten seconds, when a
// field is left and when the page is, if something changed. The server answers 200 with {"version": n} (optional), 409 when somebody else changed
// the same text (as JSON, {"why": "…"} is said in its place), 401 when the session ended. Messages are in the markup, in the element marked data-draft-status.
const interval = 10_000

const clock = (form) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { hour: '2-digit', minute: '2-digit', timeZone: form.dataset.timeZone || 'Europe/Rome' })

function fieldsOf(form) {
  const fields = [...new FormData(form)].filter(([, value]) => typeof value === 'string')
  return new URLSearchParams(fields).toString()
}

class Draft {
  constructor(form) {
    this.form = form
    this.status = form.querySelector('[data-draft-status]')
    this.saved = fieldsOf(form)
    this.stopped = false
    this.sending = null
    this.waiting = false
    form.addEventListener('input', () => this.save(), { once: true })
    form.addEventListener('focusout', () => this.save())
    window.addEventListener('pagehide', () => this.save())
    form.addEventListener('submit', (event) => this.submit(event))
    window.addEventListener('pageshow', (event) => event.persisted && (this.stopped = false))
    setInterval(() => this.save(), interval)
  }

  save() {
    const fields = fieldsOf(this.form)
    this.waiting = false
    if (this.stopped || fields === this.saved) return
    if (this.sending) {
      this.waiting = true
      return
    }
    this.sending = this.send(fields)
      .then((response) => this.answer(response, fields))
      .catch(() => this.say('failed'))
      .finally(() => this.rest())
  }

  // What was to be saved while another save was on its way follows it, because it names the version which that one made.
  rest() {
    this.sending = null
    if (this.waiting) this.save()
  }

  // A save that is on its way is awaited: the form must name the version that it makes, or it would be in conflict
  // with itself.
  submit(event) {
    this.stopped = true
    if (!this.sending) return
    event.preventDefault()
    const { submitter } = event
    this.sending.then(() => this.form.requestSubmit(submitter))
  }

  // A save outlives its page, as far as browsers allow that: up to 64 KiB.
  send(body) {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' }
    return fetch(this.form.dataset.draftUrl, { method: 'POST', body, headers, redirect: 'manual', keepalive: body.length < 60_000 })
  }

  async answer(response, fields) {
    if (response.ok) {
      this.saved = fields
      await this.takeVersion(response)
      this.say('saved', clock(this.form).format(new Date()))
      return
    }
    if (response.status === 409 && response.headers.get('Content-Type')?.includes('json')) {
      this.stopped = true
      const { why } = await response.json()
      if (this.status) this.status.textContent = why
      return
    }
    const ended = response.status === 401 || response.type === 'opaqueredirect'
    this.stopped = response.status === 409
    this.say(this.stopped ? 'conflict' : ended ? 'expired' : 'failed')
  }

  // The next save must name the version this one made; the change itself is not something to save.
  async takeVersion(response) {
    if (!response.headers.get('Content-Type')?.includes('json')) return
    const { version } = await response.json()
    const field = this.form.elements.namedItem('version')
    if (version === undefined || !field) return
    const before = fieldsOf(this.form) === this.saved
    field.value = version
    if (before) this.saved = fieldsOf(this.form)
  }

  say(kind, detail = '') {
    if (this.status) this.status.textContent = `${this.status.dataset[kind] ?? ''} ${detail}`.trim()
  }
}

export function startDrafts() {
  for (const form of document.querySelectorAll('form[data-draft]')) new Draft(form)
}
