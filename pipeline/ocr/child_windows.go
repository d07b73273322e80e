package ocr

import (
	"errors"
	"os/exec"
)

// confines says that a child can confine itself and become another program: no.
const confines = false

func become(order) error { return errors.New("nothing can be confined here") }

func apart(*exec.Cmd) {}
