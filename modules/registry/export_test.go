package registry

// CandidatesSQL is what the tests ask the planner about.
const CandidatesSQL = candidatesSQL

// DrawName and DrawTypo draw for the tests that need the database.
var (
	DrawName = drawName
	DrawTypo = drawTypo
)

// NearNamesSQL is the query for the names near those of a search, with its arguments.
func NearNamesSQL(tenant int32, text string) (string, []any) {
	return nearNamesSQL(tenant, readWords(text))
}
