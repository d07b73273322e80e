package main

import (
	"errors"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagError says in one sentence, in the person's language, what is wrong with an
// option. What values a setting takes is said by the setting itself.
func (e *env) flagError(cmd *cobra.Command, err error) error {
	var (
		unknown *pflag.NotExistError
		bare    *pflag.ValueRequiredError
		value   *pflag.InvalidValueError
		number  *strconv.NumError
	)
	what := err.Error()
	switch {
	case errors.As(err, &unknown) && len(unknown.GetSpecifiedName()) > 1:
		what = e.t("flag.unknown", "--"+unknown.GetSpecifiedName())
	case errors.As(err, &unknown):
		what = e.t("flag.unknown", "-"+unknown.GetSpecifiedName())
	case errors.As(err, &bare):
		what = e.t("flag.bare", bare.GetFlag().Name)
	case errors.As(err, &value) && errors.As(err, &number):
		what = e.t("flag.number", value.GetFlag().Name, value.GetValue())
		if value.GetFlag().Value.Type() == "bool" {
			what = e.t("flag.bool", value.GetFlag().Name, value.GetValue())
		}
	case errors.As(err, &value):
		what = e.t("flag.value", value.GetFlag().Name, value.GetValue(), value.Unwrap())
	}
	return e.usage("error.flag", what, cmd.CommandPath())
}
