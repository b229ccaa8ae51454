package extension

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

const (
	identifierHeader = "Lambda-Extension-Identifier"
	nameHeader       = "Lambda-Extension-Name"
)

// registered is an extension that has registered: a client of Lambda's Extensions API.
type registered struct {
	api        string
	identifier string
}

// register tells Lambda that the extension called name is there. Only SHUTDOWN interests it.
func register(ctx context.Context, host, name string) (*registered, error) {
	api := "http://" + host + "/2020-01-01/extension"
	body := strings.NewReader(`{"events":["SHUTDOWN"]}`)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, api+"/register", body)
	if err != nil {
		return nil, err
	}
	request.Header.Set(nameHeader, name)
	response, _, err := exchange(request)
	if err != nil {
		return nil, err
	}
	return &registered{api: api, identifier: response.Header.Get(identifierHeader)}, nil
}

// waitForShutdown asks for events, which also says that initialisation is done.
func (e *registered) waitForShutdown(ctx context.Context) error {
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, e.api+"/event/next", nil)
		if err != nil {
			return err
		}
		request.Header.Set(identifierHeader, e.identifier)
		_, body, err := exchange(request)
		if err != nil {
			return err
		}
		var event struct {
			EventType string `json:"eventType"`
		}
		if err := json.Unmarshal(body, &event); err != nil {
			return fmt.Errorf("reading an event: %w", err)
		}
		if event.EventType == "SHUTDOWN" {
			return nil
		}
	}
}

// exchange sends a request and reads the answer to its end, so that the connection is used again.
func exchange(request *http.Request) (*http.Response, []byte, error) {
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, nil, fmt.Errorf("%s: %s: %s", request.URL.Path, response.Status, body)
	}
	return response, body, nil
}
