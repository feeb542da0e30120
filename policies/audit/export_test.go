package audit

// VerifyIn is Verify within a transaction, in which a test has done harm.
var VerifyIn = verify

// Choose picks countersigners.
var Choose = choose

// Message is what a countersignature signs.
func Message(c Countersignature) []byte { return c.message() }

// NamedSQL writes what a link covers of an event.
const NamedSQL = namedSQL
