// Package warmkey reads secrets from the Warmkey layer's endpoint on localhost.
package warmkey

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

var (
	// The endpoint turns connections away beyond 512: further reads wait for one of these.
	transport = &http.Transport{MaxConnsPerHost: 64, MaxIdleConnsPerHost: 64, DialContext: dial}
	// One read may have to wait for the prefetch, which has 5 s by default.
	client = &http.Client{Timeout: 30 * time.Second, Transport: transport}
	// A function that takes on another role may put that one's token into its environment.
	started = token()
)

const neither = ": neither the token that this process started with nor its current one is accepted"

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
	status, body, err := ask(ctx, alias, started)
	current := token()
	changed := status == http.StatusForbidden && current != started
	if changed {
		status, body, err = ask(ctx, alias, current)
	}
	if err != nil {
		return "", fmt.Errorf("secret %q: is Warmkey's layer attached? %w", alias, err)
	}
	if status != http.StatusOK {
		refusal := &Error{Alias: alias, Status: status}
		_ = json.Unmarshal(body, refusal) // where it is no problem document, the status must do
		if changed && status == http.StatusForbidden {
			refusal.Detail += neither
		}
		return "", refusal
	}
	return string(body), nil
}

func ask(ctx context.Context, alias, token string) (int, []byte, error) {
	port, official := os.Getenv("WARMKEY_PORT"), os.Getenv("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT")
	address := "http://127.0.0.1:" + cmp.Or(port, official, "2773") + "/v1/secrets/" + url.PathEscape(alias)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("X-Aws-Parameters-Secrets-Token", token)
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body) // to its end, so that the connection is used again
	return response.StatusCode, body, err
}

// A sidecar may listen on a Unix socket instead.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	if path := os.Getenv("WARMKEY_SOCKET"); path != "" {
		network, address = "unix", path
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

func token() string {
	return cmp.Or(trimmed("WARMKEY_TOKEN"), trimmed("AWS_SESSION_TOKEN"),
		trimmed("AWS_CONTAINER_AUTHORIZATION_TOKEN"))
}

func trimmed(name string) string { return strings.TrimSpace(os.Getenv(name)) }
