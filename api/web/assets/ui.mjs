// The one script of every page. Everything here enhances pages that work without it: no text for people
// (it comes from the markup), no eval, no inline handler.
import init from 'bootstrap-italia/dist/plugins/init.js'
import NavBarCollapsible from 'bootstrap-italia/dist/plugins/navbar-collapsible.js'
import Collapse from 'bootstrap-italia/dist/plugins/collapse.js'
import Modal from 'bootstrap-italia/dist/plugins/modal.js'
import Offcanvas from 'bootstrap-italia/dist/plugins/offcanvas.js'
import Tab from 'bootstrap-italia/dist/plugins/tab.js'
import { startDrafts } from './draft.mjs'
import { startForms } from './forms.mjs'
import { startShortcuts } from './shortcuts.mjs'

// Naming the plugins keeps them: the package declares itself free of side effects, so a bare import is dropped.
window.bootstrap = { init, NavBarCollapsible, Collapse, Modal, Offcanvas, Tab }

startForms()
startDrafts()
startShortcuts()
