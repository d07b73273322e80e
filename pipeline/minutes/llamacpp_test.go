package minutes

import (
	"net/http"
	"strings"
	"testing"
)

// What llama.cpp's own server (of October 2026) sent for our request with
// SmolLM2-135M, a model too small for the task: the schema is enforced, so the
// form is right, and the words are not the meeting's. While it loads it answers 503.
const (
	llamaLoading = `{"error":{"message":"Loading model","type":"unavailable_error","code":503}}`
	llamaFirst   = `{"choices":[{"finish_reason":"stop","index":0,"message":{"role":"assistant","content":"{\n  \"topics\": [\n    {\n      \"topic\" : 1,\n      \"title\" : \"Gateway Review\",\n      \"summary\" : \"This is a review.\",\n      \"evidence\" : [\n         \n                    ]\n       },\n         {\n           \"topic\" : 2,\n           \"title\" : \"Topics\",\n           \"summary\" : \"The gateways have been reviewed in detail today.\",\n           \"evidence\" : [\n              \n              ]\n             }\n            ],\n\n            \"key_points\" : [\n                {\n                  \"text\" : \"We made it easy and we're going to keep making it easier!\",\"evidence\" : [\n                    ]\n                   },\n                    {\"text\":\"It's not just about us, it's about everyone!\",\n                 \"evidence\" : []}],\n\n                \"decisions\" : [],\n                \"risks\" : [],\n                \"open_questions\" : [\n                     ],\n\n                    \"actions\" : [\n                     ]\n\n       }"}}],"created":1795676655,"model":"SmolLM2-135M-Instruct.Q4_1.gguf","system_fingerprint":"b0-unknown","object":"chat.completion","usage":{"completion_tokens":220,"prompt_tokens":626,"total_tokens":846,"prompt_tokens_details":{"cached_tokens":0}},"id":"chatcmpl-eLi3lsIsZQrOS1snN6GXdcyVfUc0fVPA","timings":{"cache_n":0,"prompt_n":626,"prompt_ms":6901.995,"prompt_per_token_ms":11.025551118210862,"prompt_per_second":90.69841400928283,"predicted_n":220,"predicted_ms":14840.775,"predicted_per_token_ms":67.76609589041095,"predicted_per_second":14.756641752199599}}`
	llamaSecond  = `{"choices":[{"finish_reason":"stop","index":0,"message":{"role":"assistant","content":"{\"topics\":[],\"key_points\":[],\"decisions\":[],\"risks\":[],\"open_questions\":[],\"actions\":[]}"}}],"created":1795676665,"model":"SmolLM2-135M-Instruct.Q4_1.gguf","system_fingerprint":"b0-unknown","object":"chat.completion","usage":{"completion_tokens":51,"prompt_tokens":863,"total_tokens":914,"prompt_tokens_details":{"cached_tokens":629}},"id":"chatcmpl-2"}`
)

// gateway is the meeting that was sent.
func gateway() []string {
	return []string{
		"Anna: Let's begin. Today we review the gateway project and the release date.",
		"Ben: The payment gateway tests are done, but the audit log is still slow, about 400 milliseconds a write.",
		"Anna: We agreed to release on March 20 with the audit log switched off for small customers.",
		"Ben: I will send the load test report to the customer by Friday.",
		"Carl: There is a risk that the bank certificate is late, they need two more weeks.",
		"Anna: Carl, please ask the bank for the certificate before March 10. Thanks everybody.",
	}
}

func TestLlamaServer(t *testing.T) {
	t.Parallel()
	f := newFakeChat(t, func(n int, a asked, w http.ResponseWriter) {
		if a.mode() != "json_schema" || a.MaxTokens == 0 {
			t.Errorf("asked in mode %s, %d tokens", a.mode(), a.MaxTokens)
		}
		switch n {
		case 1, 2:
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte(llamaLoading))
		case 3:
			_, _ = w.Write([]byte(llamaFirst))
		default:
			_, _ = w.Write([]byte(llamaSecond))
		}
	})
	m, err := maker(t, f, nil).Make(t.Context(), talk(gateway()...), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if m.MadeBy.Method != "offline" || len(m.Decisions) != 1 || len(m.Actions) != 2 || len(m.Risks) != 1 {
		t.Errorf("%+v", m)
	}
	if len(m.Checks.Fallback) != 1 || !strings.HasPrefix(m.Checks.Fallback[0], "utterances 1 to 6: the answer cannot be used") || strings.Contains(m.Checks.Fallback[0], "easier") {
		t.Errorf("%q", m.Checks.Fallback)
	}
	if len(f.log) != 4 || !strings.Contains(f.log[3].user(), "cannot be used") {
		t.Errorf("%d requests", len(f.log))
	}
}
