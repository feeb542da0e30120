package registry

// CandidatesSQL is what the tests ask the planner about.
const CandidatesSQL = candidatesSQL

// DrawName and DrawTypo draw for the tests that need the database.
var (
	DrawName = drawName
	DrawTypo = drawTypo
)
