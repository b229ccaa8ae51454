// Command extension_go is a Lambda extension that registers, reads one SSM parameter and serves it
// on localhost until SHUTDOWN. The start benchmark measures Warmkey against it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

// run registers first: Lambda starts the runtime when every extension has.
func run(ctx context.Context) error {
	extension, err := register(ctx, os.Getenv("AWS_LAMBDA_RUNTIME_API"), filepath.Base(os.Args[0]))
	if err != nil {
		return err
	}
	value, err := readParameter(ctx, os.Getenv("BENCH_PARAMETER"))
	if err != nil {
		return err
	}
	server, err := serve(os.Getenv("BENCH_PORT"), value)
	if err != nil {
		return err
	}
	defer server.Close()
	return extension.waitForShutdown(ctx)
}

func readParameter(ctx context.Context, name string) (string, error) {
	configuration, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return "", fmt.Errorf("loading the AWS configuration: %w", err)
	}
	output, err := ssm.NewFromConfig(configuration).GetParameter(ctx, &ssm.GetParameterInput{
		Name:           aws.String(name),
		WithDecryption: aws.Bool(true),
	})
	if err != nil {
		return "", fmt.Errorf("reading %s: %w", name, err)
	}
	return aws.ToString(output.Parameter.Value), nil
}

// serve listens before it returns, and answers in the background.
func serve(port, value string) (*http.Server, error) {
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/secrets/BENCH_SECRET", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, value)
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Fatal(err)
		}
	}()
	return server, nil
}
