package flow

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"staffetta/modules"
)

// The measures of a drawing, in its own units.
const (
	boxWidth   = 200
	inHeight   = 26 // of the place where steps come in
	stepHeight = 48 // of a step that goes out
	gap        = 14 // between two states
	textAt     = boxWidth + 16
	laneAt     = 600 // of the first lane
	laneWidth  = 14
	boxLetters = 24 // of a line in a box
	letters    = 58 // of a line beside it
)

// Words are what a drawing says, in the language of a page.
type Words struct {
	Title string
	State func(State) string
	Step  func(Transition) string
	Who   func(Transition) string
}

// Draw lays a workflow out: a box for each state, one below the other in the order of the content; beside it the steps that
// lead out, with who may take them; on the right a lane for each state that steps lead to, which goes into its box. The same
// content always gives the same drawing.
func (w *Workflow) Draw(words Words) *modules.Picture {
	d := &drawing{Picture: modules.Picture{ID: "disegno", Title: words.Title}, words: words, in: map[string]int{}, lanes: map[string]*lane{}}
	at := 4
	for _, state := range w.States {
		d.in[state.Key] = at + inHeight/2
		at += inHeight + stepHeight*max(1, len(w.From(state.Key))) + gap
	}
	for _, transition := range w.Transitions {
		if target, known := d.in[transition.To]; known && d.lanes[transition.To] == nil {
			d.lanes[transition.To] = &lane{x: laneAt + laneWidth*len(d.lanes), top: target, bottom: target}
		}
	}
	for _, state := range w.States {
		d.state(w, state)
	}
	for _, state := range w.States {
		d.enter(state)
	}
	d.Width, d.Height = laneAt+laneWidth*(len(d.lanes)+1), at
	return &d.Picture
}

// drawing is a picture that is being laid out.
type drawing struct {
	modules.Picture
	words Words
	in    map[string]int   // height at which steps come into a state
	lanes map[string]*lane // by the state that they lead to
}

// lane is what all steps to one state have in common.
type lane struct{ x, top, bottom int }

func (d *drawing) state(w *Workflow, state State) {
	top, steps := d.in[state.Key]-inHeight/2, w.From(state.Key)
	height := inHeight + stepHeight*max(1, len(steps))
	d.Boxes = append(d.Boxes, modules.PictureBox{X: 2, Y: top, Width: boxWidth - 2, Height: height - 4, First: state.Initial, Last: state.Final})
	for i, line := range wrap(d.words.State(state), boxLetters) {
		d.Notes = append(d.Notes, modules.PictureNote{X: 14, Y: top + 26 + i*18, Text: line, Strong: true})
	}
	for i, step := range steps {
		y := top + inHeight + stepHeight*i + stepHeight - 12
		d.Notes = append(d.Notes,
			modules.PictureNote{X: textAt, Y: y - 21, Text: clip(d.words.Step(step)), Strong: true},
			modules.PictureNote{X: textAt, Y: y - 6, Text: clip(d.words.Who(step))})
		if lane := d.lanes[step.To]; lane != nil {
			d.Lines = append(d.Lines, modules.PictureLine{Path: fmt.Sprintf("M%d %dH%d", boxWidth, y, lane.x)})
			lane.top, lane.bottom = min(lane.top, y), max(lane.bottom, y)
		}
	}
}

// enter draws the lane of a state into its box.
func (d *drawing) enter(state State) {
	lane := d.lanes[state.Key]
	if lane == nil {
		return
	}
	y := d.in[state.Key]
	d.Lines = append(d.Lines, modules.PictureLine{
		Path:  fmt.Sprintf("M%d %dV%dM%d %dH%d", lane.x, lane.top, lane.bottom, lane.x, y, boxWidth+8),
		Arrow: fmt.Sprintf("M%d %dl9 -5v10z", boxWidth, y),
	})
}

// wrap breaks a text into at most two lines.
func wrap(text string, width int) []string {
	var lines []string
	for word := range strings.FieldsSeq(text) {
		last := len(lines) - 1
		switch {
		case last >= 0 && utf8.RuneCountInString(lines[last]+" "+word) <= width:
			lines[last] += " " + word
		case last == 1:
			lines[1] = cut(lines[1]+" "+word, width)
			return lines
		default:
			lines = append(lines, cut(word, width))
		}
	}
	return lines
}

func clip(text string) string { return cut(text, letters) }

// cut shortens a text to what a line holds; the list beside the drawing has all of it.
func cut(text string, width int) string {
	if utf8.RuneCountInString(text) <= width {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:width-1])) + "…"
}
