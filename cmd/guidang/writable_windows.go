package main

import "os"

// writable says whether a folder may be written to. Windows keeps rights in
// lists that only the system evaluates, so a file is made there and is gone with
// its handle.
func writable(dir string) error {
	f, err := os.CreateTemp(dir, "guidang-*")
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Remove(f.Name())
}
