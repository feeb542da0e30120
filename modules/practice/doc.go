// Package practice carries good practice from one body to another: release prepares and publishes numbered kits, catalogue
// shows the published ones, adoption is another body's journey with one, upgrade applies them there. On board both sides see
// how far it has come, and ledger tells what became of each item. This package is their manifest alone: it must hold no rule.
package practice
