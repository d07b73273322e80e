//go:build !unix

package main

import "time"

func cpu() time.Duration { return 0 }

func threadCPU() time.Duration { return 0 }
