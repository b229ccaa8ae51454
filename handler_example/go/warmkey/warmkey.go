// Package warmkey reads secrets from the Warmkey layer's endpoint on localhost.
package warmkey

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"time"
)

// One read may have to wait for the prefetch, which has 5 s by default.
var client = &http.Client{Timeout: 30 * time.Second}

// Error is why the endpoint gives no secret, from its problem document (RFC 9457).
type Error struct {
	Alias  string `json:"-"`
	Status int    `json:"-"` // the HTTP status: 404 where nothing is declared by this alias
	Detail string `json:"detail"`
	Hint   string `json:"hint"` // what to do about it; maybe empty
}

func (e *Error) Error() string {
	message := fmt.Sprintf("secret %q: status %d: %s", e.Alias, e.Status, e.Detail)
	if e.Hint != "" {
		message += " (" + e.Hint + ")"
	}
	return message
}

// Get reads a secret by its alias. The layer has it in memory and renews it when its time is up:
// call Get wherever the secret is needed, rather than keep what it returned.
func Get(ctx context.Context, alias string) (string, error) {
	response, err := ask(ctx, "/v1/secrets/"+url.PathEscape(alias))
	if err != nil {
		return "", fmt.Errorf("secret %q: is Warmkey's layer attached? %w", alias, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body) // to its end, so that the connection is used again
	if err != nil {
		return "", fmt.Errorf("secret %q: %w", alias, err)
	}
	if response.StatusCode != http.StatusOK {
		refusal := &Error{Alias: alias, Status: response.StatusCode}
		_ = json.Unmarshal(body, refusal) // where it is no problem document, the status must do
		return "", refusal
	}
	return string(body), nil
}

func ask(ctx context.Context, path string) (*http.Response, error) {
	port, official := os.Getenv("WARMKEY_PORT"), os.Getenv("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT")
	address := "http://127.0.0.1:" + cmp.Or(port, official, "2773") + path
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	token := cmp.Or(os.Getenv("WARMKEY_TOKEN"), os.Getenv("AWS_SESSION_TOKEN"),
		os.Getenv("AWS_CONTAINER_AUTHORIZATION_TOKEN"))
	request.Header.Set("X-Aws-Parameters-Secrets-Token", token)
	return client.Do(request)
}
