// Package practice carries good practice from one body to another: release prepares and publishes numbered kits, catalogue
// shows the published ones, adoption applies them elsewhere. This package is their manifest alone: it must hold no rule.
package practice
