package taxcode

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// oddValues are the values that the letters A to Z, and likewise the digits 0 to 9, have in the first, third, … place.
var oddValues = [26]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23}

// Build makes the sixteen characters from the data of birth, without omocodia. The code of the birthplace has to be one
// of the register; any sex but Female counts as Male. The five parameters are the five data that the law names.
func Build(surname, name string, birth time.Time, sex, belfiore string) string {
	day := birth.Day()
	if sex == Female {
		day += 40
	}
	text := fmt.Sprintf("%s%s%02d%c%02d%s", surnameLetters(surname), nameLetters(name), birth.Year()%100,
		months[birth.Month()-1], day, strings.ToUpper(belfiore))
	return text + string(checkCharacter(text))
}

// checkCharacter computes the sixteenth character from capital letters and digits.
func checkCharacter(text string) byte {
	sum := 0
	for i := range len(text) {
		value := int(text[i]) - 'A'
		if value < 0 {
			value = int(text[i]) - '0'
		}
		if i%2 == 0 {
			value = oddValues[value]
		}
		sum += value
	}
	return 'A' + byte(sum%26)
}

// checkDigit computes the eleventh digit as for a VAT number, partita IVA.
func checkDigit(digits string) byte {
	sum := 0
	for i := range len(digits) {
		value := int(digits[i] - '0')
		if i%2 == 1 {
			value = value*2/10 + value*2%10
		}
		sum += value
	}
	return '0' + byte((10-sum%10)%10)
}

// surnameLetters are the first three consonants, then vowels, then X.
func surnameLetters(surname string) string {
	consonants, vowels := separate(surname)
	return (consonants + vowels + "XXX")[:3]
}

// nameLetters are as those of the surname, but of four or more consonants the second is left out.
func nameLetters(name string) string {
	consonants, vowels := separate(name)
	if len(consonants) > 3 {
		consonants = consonants[:1] + consonants[2:]
	}
	return (consonants + vowels + "XXX")[:3]
}

// ligatures are letters that have no accent to take away; the municipal registers write them so.
var ligatures = strings.NewReplacer("ß", "SS", "Æ", "AE", "Œ", "OE", "Ø", "O", "Ł", "L", "Đ", "D", "Ð", "D", "Þ", "TH")

func separate(text string) (consonants, vowels string) {
	for _, r := range norm.NFD.String(ligatures.Replace(strings.ToUpper(text))) {
		switch {
		case unicode.Is(unicode.Mn, r) || !isLetter(r):
		case strings.ContainsRune("AEIOU", r):
			vowels += string(r)
		default:
			consonants += string(r)
		}
	}
	return consonants, vowels
}
