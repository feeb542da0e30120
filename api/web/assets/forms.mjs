// Small help around forms: the error summary takes the focus, a form is sent once.

function focusErrors(scope) {
  scope.querySelector?.('[data-error-summary]')?.focus()
}

// A second click while the first request is on its way is ignored. The buttons are disabled a tick later, because a
// disabled button would not send its own name and value. A form that answers with a file says data-repeat.
function sendOnce(event) {
  const form = event.target
  if (event.defaultPrevented || form.hasAttribute('data-repeat')) return
  if (form.dataset.sent) {
    event.preventDefault()
    return
  }
  form.dataset.sent = 'true'
  setTimeout(() => setBusy(form, true))
}

function setBusy(form, busy) {
  for (const button of form.querySelectorAll('button[type="submit"]')) button.disabled = busy
}

// The browser may show this page again with Back, exactly as it was left: the form must be usable.
function allowAgain() {
  for (const form of document.querySelectorAll('form[data-sent]')) {
    delete form.dataset.sent
    setBusy(form, false)
  }
}

// Part of a form is asked for again while it is filled in. An answer that is not the form - the session ended, the
// network is gone - changes nothing and leads nowhere: what was typed stays, and sending the form tells what is wrong.
function keepForm(event) {
  const { sourceElement, response } = event.detail.ctx
  if (sourceElement.closest('form') && response.status !== 200 && response.status !== 422) event.preventDefault()
}

export function startForms() {
  focusErrors(document)
  document.addEventListener('submit', sendOnce)
  window.addEventListener('pageshow', allowAgain)
  document.addEventListener('htmx:before:response', keepForm)
  document.addEventListener('htmx:after:swap', (event) => focusErrors(event.target))
}
