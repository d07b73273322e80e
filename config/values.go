package config

import (
	"errors"
	"fmt"
	"math"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // time zones also where the system has no table of them

	"github.com/robfig/cron/v3"
)

// mask stands for a secret in what Show writes. It is refused as a value, so
// that a shown configuration cannot be saved and used with it.
const mask = "********"

// set reads the text of a setting into what holds it. The error says what is
// allowed, not which setting it is.
func (o *option[T]) set(target *T, text string) error {
	if o.secret && text == mask {
		return errors.New("this is not the secret but what `guidang config show` prints in its place")
	}
	switch field := o.field(target).(type) {
	case *string:
		text, err := o.text(text)
		if err == nil {
			*field = text
		}
		return err
	case *int:
		n, err := o.number(text)
		if err == nil {
			*field = int(n)
		}
		return err
	case *int64:
		n, err := o.number(text)
		if err == nil {
			*field = n
		}
		return err
	case *bool:
		b, err := parseBool(text)
		if err == nil {
			*field = b
		}
		return err
	case *time.Duration:
		d, err := time.ParseDuration(text)
		if err != nil || d < 0 {
			return errors.New("allowed is a time such as 500ms, 2s, 1m30s, 1h")
		}
		*field = d
		return nil
	case *[]string:
		*field = (*field)[:0:0]
		for line := range strings.SplitSeq(text, "\n") {
			if line = strings.TrimSuffix(line, "\r"); line != "" {
				*field = append(*field, line)
			}
		}
		return nil
	}
	return fmt.Errorf("the setting has a type that the table does not know")
}

// text checks a setting that is kept as text.
func (o *option[T]) text(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	switch o.kind {
	case kindEnum:
		if i := slices.IndexFunc(o.allowed, func(a string) bool { return strings.EqualFold(a, text) }); i >= 0 {
			return o.allowed[i], nil
		}
		return "", fmt.Errorf("allowed are %s", strings.Join(o.allowed, ", "))
	case kindCron:
		if strings.HasPrefix(text, "TZ=") || strings.HasPrefix(text, "CRON_TZ=") {
			return "", errors.New("the time zone has a setting of its own, time_zone")
		}
		if _, err := cron.ParseStandard(text); err != nil {
			return "", fmt.Errorf("allowed is a cron expression, minute hour day month weekday, such as \"30 1 * * *\" (%w)", err)
		}
	case kindZone:
		if _, err := time.LoadLocation(text); err != nil {
			return "", errors.New("allowed is Local, UTC or a name such as Asia/Shanghai")
		}
	case kindAddress:
		_, port, err := net.SplitHostPort(text)
		if n, e := strconv.ParseUint(port, 10, 16); err != nil || e != nil || n > math.MaxUint16 {
			return "", errors.New("allowed is host:port such as 127.0.0.1:8080 or :8080")
		}
	case kindURL:
		if u, err := url.Parse(text); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return "", errors.New("allowed is an address that begins with http:// or https://")
		}
	case kindPath:
		if strings.ContainsRune(text, 0) {
			return "", errors.New("a path holds no zero byte")
		}
	case kindString, kindInt, kindSize, kindDuration, kindBool, kindList: // any text, or read elsewhere
	}
	return text, nil
}

// number reads a number or a size and checks how small it may be.
func (o *option[T]) number(text string) (int64, error) {
	parse, what := parseInt, "a whole number"
	if o.kind == kindSize {
		parse, what = parseSize, "a size such as 500KB, 64MB, 1GiB, or a number of bytes"
	}
	n, err := parse(text)
	switch {
	case err != nil:
		return 0, fmt.Errorf("allowed is %s", what)
	case n < o.least:
		return 0, fmt.Errorf("allowed is %s of at least %d", what, o.least)
	}
	return n, nil
}

func parseInt(text string) (int64, error) {
	return strconv.ParseInt(strings.ReplaceAll(text, "_", ""), 10, 64)
}

func parseBool(text string) (bool, error) {
	switch strings.ToLower(text) {
	case "yes", "true", "on", "1", "是":
		return true, nil
	case "no", "false", "off", "0", "否":
		return false, nil
	}
	return false, errors.New("allowed are yes and no")
}

// units of sizes: those with "i" and the bare letters by 1,024, as ls -h and dd
// have them; those with "B" alone by 1,000, as disks are sold.
var units = []struct {
	name string
	size int64
}{
	{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10},
	{"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3},
	{"T", 1 << 40}, {"G", 1 << 30}, {"M", 1 << 20}, {"K", 1 << 10}, {"B", 1},
}

func parseSize(text string) (int64, error) {
	text = strings.ReplaceAll(strings.TrimSpace(text), "_", "")
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && n >= 0 {
		return n, nil
	}
	for _, u := range units {
		if len(text) <= len(u.name) || !strings.EqualFold(text[len(text)-len(u.name):], u.name) {
			continue
		}
		number := strings.TrimSpace(text[:len(text)-len(u.name)])
		if strings.Trim(number, "0123456789.") != "" {
			break // ParseFloat knows more than people write: 0x1p3, Inf
		}
		f, err := strconv.ParseFloat(number, 64)
		if err != nil || f*float64(u.size) >= math.MaxInt64 {
			break
		}
		return int64(f * float64(u.size)), nil
	}
	return 0, errors.New("not a size")
}

// formatSize writes a size in the unit that leaves it exact and shortest.
func formatSize(n int64) string {
	least, unit := n, ""
	for _, u := range units {
		if n%u.size == 0 && n/u.size < least && len(u.name) > 1 {
			least, unit = n/u.size, u.name
		}
	}
	return strconv.FormatInt(least, 10) + unit
}
