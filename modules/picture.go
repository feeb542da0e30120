package modules

// Picture is a drawing of boxes and lines, in units of its own. What it shows also stands in words beside it. Part of a
// Block.
type Picture struct {
	ID            string
	Title         string // what it shows, for who does not see it
	Width, Height int
	Boxes         []PictureBox
	Lines         []PictureLine
	Notes         []PictureNote
}

// PictureBox is a thing with a name.
type PictureBox struct {
	X, Y, Width, Height int
	First, Last         bool // where everything begins, where something ends
}

// PictureLine goes along a path of the SVG language; the last one to a thing has an arrow.
type PictureLine struct{ Path, Arrow string }

// PictureNote is a line of text.
type PictureNote struct {
	X, Y   int
	Text   string
	Strong bool
}
