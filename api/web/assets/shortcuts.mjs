// Keyboard shortcuts: an element marked data-shortcut="/" or data-shortcut="g c" is focused (a field) or activated
// (a link, a button) by its keys; "?" opens the dialog that lists them. They never work inside a field, nor with
// Ctrl, Alt or Meta, and can be switched off (WCAG 2.1.4): for the account by data-shortcuts="off" on the body, for
// this browser by the box in the dialog.
const stored = 'staffetta.shortcuts'
const pause = 1_200

const inField = (target) => target.closest?.('input, select, textarea, [contenteditable], dialog')

function isOff() {
  return document.body.dataset.shortcuts === 'off' || window.localStorage.getItem(stored) === 'off'
}

function run(keys) {
  const target = document.querySelector(`[data-shortcut="${CSS.escape(keys)}"]`)
  if (!target) return false
  if (target instanceof HTMLDialogElement) target.showModal()
  else if (target.matches('input, textarea')) target.focus()
  else target.click()
  return true
}

class Keys {
  constructor() {
    this.first = ''
    this.at = 0
  }

  press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.key.length > 1) return
    if (event.defaultPrevented || inField(event.target) || isOff()) return
    const follows = this.first !== '' && event.timeStamp - this.at < pause
    const handled = (follows && run(`${this.first} ${event.key}`)) || run(event.key)
    this.first = handled ? '' : event.key
    this.at = event.timeStamp
    if (handled) event.preventDefault()
  }
}

function startSwitch(box) {
  box.checked = !isOff()
  box.addEventListener('change', () => window.localStorage.setItem(stored, box.checked ? 'on' : 'off'))
}

export function startShortcuts() {
  const keys = new Keys()
  document.addEventListener('keydown', (event) => keys.press(event))
  const box = document.querySelector('[data-shortcuts-switch]')
  if (box) startSwitch(box)
}
