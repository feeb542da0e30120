package intake

import "time"

// rome is where days begin and end.
var rome = loadRome()

func loadRome() *time.Location {
	location, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		return time.FixedZone("CET", 60*60) // without a zone database a day is at most an hour off
	}
	return location
}

// startOfDay is the midnight before an instant, in Italy.
func startOfDay(at time.Time) time.Time {
	at = at.In(rome)
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, rome)
}
