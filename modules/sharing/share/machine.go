package share

import (
	"slices"
	"time"
)

// The kinds of share that can be offered.
const (
	Consultation   = "consultation"    // reading for a short time (it: consulenza)
	ServiceRequest = "service_request" // the receiver acts and reports an outcome (it: richiesta di intervento)
	JointCare      = "joint_care"      // the receiver also writes in named sections (it: presa in carico condivisa)
	BreakGlass     = "break_glass"     // opened by the receiver in an emergency; it is never offered (it: accesso in emergenza)
)

// Handover is a kind whose shares show nothing: package handover offers it and takes it.
const Handover = "handover"

// Kinds lists them in the order in which people choose.
var Kinds = []string{Consultation, ServiceRequest, JointCare}

// Outcomes are what can come of a service request.
var Outcomes = []string{"done", "partly", "not_done"}

// Step is an edge of the state machine of shares that ends an offer or a share: who takes it, and from where. Acceptance
// is an edge of its own (Service.Accept). The database holds the same edges (sharing.end_share).
type Step struct {
	Key        string // the verb in the audit, and of the messages
	Path       string // of its page
	Permission string
	From, To   string
	Owner      bool // the owner's side may take it
	Receiver   bool
	Words      bool // it wants a reason or an outcome in words
}

// The steps.
var (
	Refuse   = Step{"refuse", "rifiuta", MayDecide, Offered, Refused, false, true, true}
	Withdraw = Step{"withdraw", "ritira", MayOffer, Offered, Withdrawn, true, false, false}
	Revoke   = Step{"revoke", "revoca", MayOffer, Active, Revoked, true, false, true}
	Close    = Step{"close", "chiudi", MayClose, Active, Closed, true, true, true}
)

// Steps are all of them, in the order in which a page offers them.
var Steps = []Step{Close, Refuse, Withdraw, Revoke}

// Takes tells whether a side may take the step of a share of the kind: what came of a service request is told by the
// body that was to act.
func (st Step) Takes(kind string, owner bool) bool {
	if owner {
		return st.Owner && !(st.Key == Close.Key && kind == ServiceRequest)
	}
	return st.Receiver
}

// Open tells whether the viewer's side may take the step now.
func (st Step) Open(seen Seen, now time.Time) bool {
	return st.Begins(seen.Share, now) && st.Takes(seen.Kind, seen.Mine)
}

// Begins tells whether the share stands where the step begins. What came of a service request is told after its last day
// too; nothing else moves a share that the clock has ended.
func (st Step) Begins(s Share, now time.Time) bool {
	standing := s.Standing(now)
	return standing == st.From || standing == Expired && st.Reports(s.Kind)
}

// Reports tells whether the step says what came of a service request.
func (st Step) Reports(kind string) bool { return st.Key == Close.Key && kind == ServiceRequest }

// Ending is what somebody says with a step.
type Ending struct {
	Words   string // reason or outcome
	Outcome string // of a service request: one of Outcomes

	actor string // the name of who says it
}

// KnownKind tells whether shares of the kind can be offered.
func KnownKind(kind string) bool { return slices.Contains(Kinds, kind) }
