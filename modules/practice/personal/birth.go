package personal

import (
	"regexp"
	"strings"
)

const (
	monthNames = `(?:gen(?:naio)?|feb(?:braio)?|mar(?:zo)?|apr(?:ile)?|mag(?:gio)?|giu(?:gno)?|lug(?:lio)?|ago(?:sto)?|set(?:tembre)?|ott(?:obre)?|nov(?:embre)?|dic(?:embre)?` +
		`|jan(?:uary)?|february|march|april|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|november|dec(?:ember)?)`
	dayName  = `(?:0?[1-9]|[12][0-9]|3[01])`
	yearName = `(?:19|20)[0-9]{2}`
	// day is one of the ways in which people write a day.
	day = `(?:` + dayName + ` ?[./-] ?(?:0?[1-9]|1[0-2]) ?[./-] ?` + yearName +
		`|` + yearName + `-(?:0[1-9]|1[0-2])-` + dayName +
		`|(?i:` + dayName + `(?:°|º|st|nd|rd|th)? (?:of )?` + monthNames + `\.?,? ` + yearName + `)` +
		`|(?i:` + monthNames + ` ` + dayName + `(?:st|nd|rd|th)?,? ` + yearName + `))`
	// person is a run of words as names are written.
	person = `\p{Lu}[\p{L}'’]+(?: (?:de |di |da |del |della |lo |la |li )?\p{Lu}[\p{L}'’]+){1,3}`
)

var (
	afterBirth = regexp.MustCompile(`(?i:\b(?:nat[oa]|nascita|born|birth|d\.?o\.?b\.?)\b)[^\n;]{0,60}?\b` + day + `\b`)
	besideName = regexp.MustCompile(person + `[ ,(]{1,3}(?:il |del |classe )?` + day + `\b`)
	beforeName = regexp.MustCompile(`\b` + day + `[ ,)]{1,3}` + person)
)

// rangeWord makes of a day the beginning or the end of a time, as in "children born after 1 January 2020".
var rangeWord = regexp.MustCompile(`(?i)\b(?:dopo|prima|dal|entro|fino|tra|fra|after|before|from|since|until|between)\b`)

// isBirth tells the day of a birth from days between which somebody is born.
func isBirth(match string) bool { return !rangeWord.MatchString(match) }

// hasGivenName tells a person from an office or a law beside which a day stands as well.
func hasGivenName(match string) bool {
	for word := range strings.FieldsFuncSeq(match, func(r rune) bool { return strings.ContainsRune(" ,()", r) }) {
		if givenNames[strings.ToLower(word)] {
			return true
		}
	}
	return false
}

// givenNames are those that people in Italy have most often.
var givenNames = func() map[string]bool {
	names := map[string]bool{}
	for name := range strings.FieldsSeq(`
		giuseppe giovanni antonio mario luigi francesco angelo vincenzo pietro salvatore carlo franco domenico bruno paolo michele
		giorgio aldo sergio luciano andrea roberto marco stefano alessandro matteo lorenzo davide simone luca gabriele riccardo
		edoardo tommaso federico filippo leonardo nicola emanuele fabio claudio alberto enrico gianluca massimo maurizio raffaele
		gaetano rosario calogero ignazio vito leoluca gaspare baldassare diego alessio daniele mattia samuele giacomo cristian
		christian alfio carmelo sebastiano nunzio agostino ernesto umberto ugo renato gino piero dario valerio mauro ivan omar
		antonino gioacchino benedetto damiano adriano nicolò mohamed mohammed ahmed ali youssef ion andrei
		maria anna giuseppina rosa angela giovanna teresa lucia carmela caterina francesca antonietta carla elena concetta rita
		margherita franca paola laura giulia chiara sara martina sofia aurora alice ginevra emma giorgia greta beatrice valentina
		federica alessandra silvia elisa ilaria serena daniela barbara monica simona cristina patrizia donatella antonella
		rosalia agata provvidenza crocifissa ninfa pina pinuccia enza vincenza ignazia rosaria graziella marianna
		mariangela luisa elisabetta eleonora roberta claudia manuela sabrina stefania michela nicoletta veronica noemi irene
		nicole camilla matilde bianca miriam antonina benedetta loredana lorena emilia adriana fatima aicha ioana john mary james`) {
		names[name] = true
	}
	return names
}()
