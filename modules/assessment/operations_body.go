package assessment

import (
	"time"

	"github.com/google/uuid"
)

// AssessmentBody is an assessment as lists of the API show it.
type AssessmentBody struct {
	ID          string     `json:"id" format:"uuid" doc:"Id of the assessment"`
	Instrument  string     `json:"instrument" maxLength:"64" doc:"Key of the instrument"`
	Title       string     `json:"title" maxLength:"300" doc:"Title of the instrument"`
	EditionID   string     `json:"item_version_id" format:"uuid" doc:"Version of the instrument that it pins"`
	State       string     `json:"state" enum:"draft,final" doc:"A final one is locked"`
	DoneOn      string     `json:"done_on" format:"date" doc:"Day of the assessment"`
	Score       *float64   `json:"score,omitempty" minimum:"-1000000" maximum:"1000000" doc:"Total; missing for a draft and where a scored question was left out"`
	Min         float64    `json:"score_min" minimum:"-1000000" maximum:"1000000" doc:"Lowest possible total"`
	Max         float64    `json:"score_max" minimum:"-1000000" maximum:"1000000" doc:"Highest possible total"`
	Band        string     `json:"band,omitempty" maxLength:"64" doc:"Key of the band"`
	BandLabel   string     `json:"band_label,omitempty" maxLength:"2000" doc:"Name of the band"`
	Author      string     `json:"author" maxLength:"120" doc:"Who filled it in"`
	FinalisedAt *time.Time `json:"finalised_at,omitempty" doc:"When it was locked"`
	Version     int        `json:"version" minimum:"1" maximum:"2147483647" format:"int32" doc:"Version for optimistic writes"`
}

// ResultBody is an assessment with the way from the answers to the score.
type ResultBody struct {
	AssessmentBody
	Edition   int            `json:"item_version" minimum:"1" maximum:"2147483647" format:"int32" doc:"Number of the instrument's version"`
	Answers   map[string]any `json:"answers" doc:"By key of the question"`
	Meaning   string         `json:"band_meaning,omitempty" maxLength:"5000" doc:"What the band means"`
	Rule      string         `json:"rule" maxLength:"5000" doc:"How the total is made, in words"`
	Missing   []string       `json:"missing,omitempty" maxItems:"500" maxLength:"64" doc:"Keys of scored questions without an answer"`
	Lines     []LineBody     `json:"lines" maxItems:"500" doc:"Points by question"`
	Newer     *uuid.UUID     `json:"newer_item_version_id,omitempty" format:"uuid" doc:"Present version of the instrument, in which the caller's draft may go on"`
	Earlier   []EarlierBody  `json:"earlier" maxItems:"500" doc:"What was answered to earlier versions and has no place in this one, in words"`
	Proposals []ProposalBody `json:"proposals,omitempty" maxItems:"100" doc:"Values suggested for other records; nothing is written there"`
}

// LineBody is what one question gave to the total.
type LineBody struct {
	Key      string   `json:"key" maxLength:"64" doc:"Key of the question"`
	Question string   `json:"question" maxLength:"5000" doc:"Words of the question"`
	Answer   string   `json:"answer,omitempty" maxLength:"20000" doc:"Chosen answer in words"`
	Points   *float64 `json:"points,omitempty" minimum:"-1000000" maximum:"1000000" doc:"Points; missing when not answered"`
}

// ProposalBody is a value that the result suggests; a person decides.
type ProposalBody struct {
	Target string `json:"target" maxLength:"100" doc:"Field of another record, as sina.Mobilita"`
	Name   string `json:"name,omitempty" maxLength:"2000" doc:"The field in words; missing in old editions"`
	Value  string `json:"value" maxLength:"100" doc:"Suggested value"`
	Label  string `json:"label" maxLength:"2000" doc:"The value in words"`
	Reason string `json:"reason" maxLength:"5000" doc:"Why it is suggested"`
}

// InstrumentBody is a published instrument.
type InstrumentBody struct {
	Key       string         `json:"key" maxLength:"64" doc:"Key of the instrument"`
	Title     string         `json:"title" maxLength:"300" doc:"Title"`
	EditionID string         `json:"item_version_id" format:"uuid" doc:"Version that a new assessment pins"`
	Edition   int            `json:"item_version" minimum:"1" maximum:"2147483647" format:"int32" doc:"Number of that version"`
	Min       float64        `json:"score_min" minimum:"-1000000" maximum:"1000000" doc:"Lowest possible total"`
	Max       float64        `json:"score_max" minimum:"-1000000" maximum:"1000000" doc:"Highest possible total"`
	Questions []QuestionBody `json:"questions" maxItems:"500" doc:"Questions in the order of the page"`
}

// QuestionBody is a question of an instrument.
type QuestionBody struct {
	Key          string       `json:"key" maxLength:"64" doc:"Key by which it is answered"`
	Question     string       `json:"question" maxLength:"5000" doc:"Words of the question"`
	Type         string       `json:"type" maxLength:"20" doc:"Kind of answer"`
	Options      []OptionBody `json:"options,omitempty" maxItems:"200" doc:"Answers to choose from"`
	Visible      string       `json:"visible_when,omitempty" maxLength:"2000" doc:"Condition under which it is asked, in CEL"`
	Required     bool         `json:"required" doc:"Must be answered where it is asked"`
	RequiredWhen string       `json:"required_when,omitempty" maxLength:"2000" doc:"Condition under which it must be answered, in CEL"`
}

// OptionBody is an answer to choose.
type OptionBody struct {
	Value  string   `json:"value" maxLength:"100" doc:"What is sent"`
	Label  string   `json:"label" maxLength:"5000" doc:"Words of the answer"`
	Points *float64 `json:"points,omitempty" minimum:"-1000000" maximum:"1000000" doc:"Points it gives"`
}

// ComparedBody is a question in two assessments.
type ComparedBody struct {
	Question   string   `json:"question" maxLength:"5000" doc:"Words of the question"`
	Old        *float64 `json:"old,omitempty" minimum:"-1000000" maximum:"1000000" doc:"Points in the older one"`
	New        *float64 `json:"new,omitempty" minimum:"-1000000" maximum:"1000000" doc:"Points in the newer one"`
	Difference float64  `json:"difference" minimum:"-1000000" maximum:"1000000" doc:"Newer less older"`
}

type assessmentOutput struct {
	ETag string `header:"ETag" maxLength:"20" doc:"Version, as If-Match wants it"`
	Body AssessmentBody
}

type resultOutput struct {
	ETag string `header:"ETag" maxLength:"20" doc:"Version, as If-Match wants it"`
	Body ResultBody
}

type listOutput struct {
	Body struct {
		Items []AssessmentBody `json:"items" maxItems:"50" doc:"Assessments"`
		Next  string           `json:"next,omitempty" maxLength:"200" doc:"Cursor of the next page"`
	}
}

type instrumentsOutput struct {
	Body struct {
		Items []InstrumentBody `json:"items" maxItems:"500" doc:"Instruments"`
	}
}

type comparisonOutput struct {
	Body struct {
		Old        AssessmentBody `json:"old" doc:"The older assessment"`
		New        AssessmentBody `json:"new" doc:"The newer assessment"`
		Lines      []ComparedBody `json:"lines" maxItems:"500" doc:"Question by question"`
		Difference *float64       `json:"difference,omitempty" minimum:"-1000000" maximum:"1000000" doc:"Newer total less older"`
	}
}
