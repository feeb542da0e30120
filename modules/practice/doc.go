// Package practice carries good practice from one body to another: it prepares and publishes numbered kits of what a
// body really uses, shows the catalogue of published ones, and applies a kit to another body in one transaction.
// It must not interpret the content of an item (package kit does), nor read the persons of any registry: whether a
// name is that of one, the registry tells who may see persons, and anybody else learns of a whole kit whether one is in it.
package practice
