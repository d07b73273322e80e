package config

import "github.com/spf13/pflag"

// Flags registers the settings that are flags of the command line. Load takes
// them from the same set: only those that a person gave count.
func Flags(fs *pflag.FlagSet) {
	for _, o := range options() {
		if o.flag != "" {
			fs.Var(&flagValue{o: o, text: o.def}, o.flag, o.en)
		}
	}
}

// flagValue is a setting on the command line. It is checked when it is given, so
// that a wrong one is a wrong usage of the command.
type flagValue struct {
	o    option[Config]
	text string
}

// String implements pflag.Value.
func (f *flagValue) String() string { return f.text }

// Type implements pflag.Value.
func (f *flagValue) Type() string {
	if f.o.kind == kindEnum {
		return "word"
	}
	return string(f.o.kind)
}

// Set implements pflag.Value.
func (f *flagValue) Set(text string) error {
	if err := f.o.set(&Config{}, text); err != nil {
		return err
	}
	f.text = text
	return nil
}
