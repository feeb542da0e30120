package modules

import "staffetta/internal/language"

// Topic is the short help of a page, and of those below it that have none of their own (it: aiuto). The manual is made of them.
type Topic struct {
	At    string // where the page is: "/cartelle/{case}/diario"
	Title language.Text
	Text  language.Text // what the page is for and what to mind, in a few sentences
}
