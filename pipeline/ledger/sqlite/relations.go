package sqlite

import (
	"context"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"strings"

	"guidang/pipeline/ledger"
)

// Relations implements ledger.Relating.
func (l *Ledger) Relations(ctx context.Context, ids []string) (map[string]ledger.Relation, error) {
	list, err := json.Marshal(sumStarts(ids))
	if err != nil {
		return nil, err
	}
	out := map[string]ledger.Relation{}
	err = each(ctx, l.read, func(row scanner) error {
		var c, mail ledger.Content
		var r ledger.Relation
		var sum, mailSum []byte
		if err := row.Scan(&sum, &mailSum, &r.Message, &r.Chain, &r.Ordinal, &r.Branch); err != nil {
			return err
		}
		copy(c.Sum[:], sum)
		if len(mailSum) > 0 {
			copy(mail.Sum[:], mailSum)
			r.Mail = mail.DocumentID()
		}
		if r != (ledger.Relation{}) {
			out[c.DocumentID()] = r
		}
		return nil
	}, `SELECT c.sum, COALESCE(w.sum, x''), COALESCE(m.message, 0), COALESCE(v.chain, 0), COALESCE(v.ordinal, 0), COALESCE(v.branch, 0)
		FROM json_each($1) j JOIN contents c ON `+sumStartsWith+` JOIN items i ON i.id=c.canonical
		LEFT JOIN contents w ON w.id=i.within AND w.kind='mail' LEFT JOIN mails m ON m.content=c.id LEFT JOIN versions v ON v.content=c.id`, string(list))
	return out, err
}

// sumStarts are the beginnings of the sums that document ids are made of, in
// hexadecimal, as sumStartsWith takes them.
func sumStarts(ids []string) []string {
	starts := make([]string, 0, len(ids))
	for _, id := range ids {
		if raw, err := base32.StdEncoding.DecodeString(strings.ToUpper(id[:len(id)/8*8])); err == nil && len(raw) == sumStart {
			starts = append(starts, hex.EncodeToString(raw))
		}
	}
	return starts
}

// sumStartsWith joins contents c to a list of sumStarts, j.
const sumStartsWith = `c.sum BETWEEN unhex(j.value || '0000000000000000000000000000000000') AND unhex(j.value || 'ffffffffffffffffffffffffffffffffff')`

// sumStart is how many whole bytes of a sum the first 24 characters of a document
// id hold.
const sumStart = 15
