package language

import "time"

// Rome is where days begin and end.
var Rome = loadRome()

// Day is the day of an instant in Italy as dates come from the database, midnight UTC.
func Day(at time.Time) time.Time {
	y, m, d := at.In(Rome).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func loadRome() *time.Location {
	location, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		return time.FixedZone("CET", 3600) // a system without time zones
	}
	return location
}
