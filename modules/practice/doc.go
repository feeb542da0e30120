// Package practice carries good practice from one body to another: release prepares and publishes numbered kits, catalogue
// shows the published ones, adoption is another body's journey with one, upgrade applies them there. This package is their manifest alone: it must hold no rule.
package practice
