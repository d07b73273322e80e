// Package speakers says who speaks in a recording: by its channels, where each
// person has one, or by their voices, where the local engine can tell them apart.
// People are numbered, never named: names are given by people.
package speakers
