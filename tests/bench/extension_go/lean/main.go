// Command lean is the extension without an SDK: net/http, crypto/tls and a signer of its own.
package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"warmkey/tests/bench/extension_go/extension"
)

func main() {
	extension.Main(connect)
}

// client calls SSM's JSON API.
type client struct {
	url    string
	signer signer
}

func connect(context.Context) (extension.Client, error) {
	region := os.Getenv("AWS_REGION")
	return &client{
		url: cmp.Or(
			os.Getenv("AWS_ENDPOINT_URL_SSM"),
			os.Getenv("AWS_ENDPOINT_URL"),
			"https://ssm."+region+".amazonaws.com",
		) + "/",
		signer: signer{
			key:    os.Getenv("AWS_ACCESS_KEY_ID"),
			secret: os.Getenv("AWS_SECRET_ACCESS_KEY"),
			token:  os.Getenv("AWS_SESSION_TOKEN"),
			region: region,
		},
	}, nil
}

type parameter struct{ Name, Value string }

func (c *client) GetParameter(ctx context.Context, name string) (map[string]string, error) {
	input := struct {
		Name           string
		WithDecryption bool
	}{name, true}
	var output struct{ Parameter parameter }
	if err := c.call(ctx, "GetParameter", input, &output); err != nil {
		return nil, err
	}
	return map[string]string{name: output.Parameter.Value}, nil
}

func (c *client) GetParameters(ctx context.Context, names []string) (map[string]string, error) {
	input := struct {
		Names          []string
		WithDecryption bool
	}{names, true}
	var output struct {
		Parameters        []parameter
		InvalidParameters []string
	}
	if err := c.call(ctx, "GetParameters", input, &output); err != nil {
		return nil, err
	}
	if len(output.InvalidParameters) > 0 {
		return nil, fmt.Errorf("no parameters: %v", output.InvalidParameters)
	}
	values := make(map[string]string, len(names))
	for _, each := range output.Parameters {
		values[each.Name] = each.Value
	}
	return values, nil
}

// call makes one call; input and output are its JSON.
func (c *client) call(ctx context.Context, action string, input, output any) error {
	body, err := json.Marshal(input)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-amz-json-1.1")
	request.Header.Set("X-Amz-Target", "AmazonSSM."+action)
	c.signer.sign(request, body, time.Now().UTC())
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s: %s", action, response.Status, answer)
	}
	return json.Unmarshal(answer, output)
}
