package policies

import "testing"

// Who chooses a role reads what it is for.
func TestEveryRoleSaysWhatItIsFor(t *testing.T) {
	t.Parallel()
	said := map[string]string{}
	for _, role := range Roles {
		if role.About.It == "" || role.About.En == "" {
			t.Errorf("%s does not say what it is for", role.ID)
		}
		if other, twice := said[role.About.It]; twice {
			t.Errorf("%s says what %s does", role.ID, other)
		}
		said[role.About.It] = role.ID
	}
}
