package kit

import (
	"bytes"
	_ "embed" // the shared definitions
)

//go:embed schema/common.json
var commonFile []byte

// CommonSchema holds the definitions that the schemas of all kinds may refer to, as urn:staffetta:kit:common#/$defs/text.
func CommonSchema() []byte { return bytes.Clone(commonFile) }
