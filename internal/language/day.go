package language

import "time"

// Rome is where days begin and end.
var Rome = loadRome()

func loadRome() *time.Location {
	location, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		return time.FixedZone("CET", 3600) // a system without time zones
	}
	return location
}
