package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"
)

// signer signs requests to SSM by Signature Version 4:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
type signer struct{ key, secret, token, region string }

const (
	algorithm = "AWS4-HMAC-SHA256"
	service   = "ssm"
	suffix    = "aws4_request"
	stamp     = "20060102T150405Z"
)

// sign adds what a signature takes to a POST of body to the path / without a query.
func (s signer) sign(request *http.Request, body []byte, now time.Time) {
	moment := now.Format(stamp)
	day := moment[:len("20060102")]
	request.Header.Set("X-Amz-Date", moment)
	// In alphabetical order, as they are signed.
	headers := []string{"content-type", "host", "x-amz-date"}
	if s.token != "" {
		request.Header.Set("X-Amz-Security-Token", s.token)
		headers = append(headers, "x-amz-security-token")
	}
	headers = append(headers, "x-amz-target")

	var canonical strings.Builder
	canonical.WriteString("POST\n/\n\n")
	for _, name := range headers {
		value := request.Header.Get(name)
		if name == "host" {
			value = request.URL.Host
		}
		canonical.WriteString(name + ":" + value + "\n")
	}
	signed := strings.Join(headers, ";")
	canonical.WriteString("\n" + signed + "\n" + digest(body))

	scope := strings.Join([]string{day, s.region, service, suffix}, "/")
	toSign := strings.Join([]string{algorithm, moment, scope, digest([]byte(canonical.String()))}, "\n")
	key := []byte("AWS4" + s.secret)
	for _, part := range []string{day, s.region, service, suffix} {
		key = authenticate(key, part)
	}
	request.Header.Set("Authorization", algorithm+" Credential="+s.key+"/"+scope+
		", SignedHeaders="+signed+", Signature="+hex.EncodeToString(authenticate(key, toSign)))
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func authenticate(key []byte, data string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(data))
	return mac.Sum(nil)
}
