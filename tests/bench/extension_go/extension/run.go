// Package extension is a Lambda extension that registers, reads SSM parameters and serves them on
// localhost until SHUTDOWN. The benchmarks measure Warmkey against it; how it reads is up to each.
package extension

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Main runs the extension as a program that reaches SSM by connect, which it calls once it has
// registered.
func Main(connect func(context.Context) (Client, error)) {
	if err := run(context.Background(), connect); err != nil {
		log.Fatal(err)
	}
}

// run registers first: Lambda starts the runtime when every extension has.
func run(ctx context.Context, connect func(context.Context) (Client, error)) error {
	registered, err := register(ctx, os.Getenv("AWS_LAMBDA_RUNTIME_API"), filepath.Base(os.Args[0]))
	if err != nil {
		return err
	}
	client, err := connect(ctx)
	if err != nil {
		return err
	}
	aliases, names := parameters(os.Getenv("BENCH_PARAMETERS"))
	values, err := readParameters(ctx, client, names)
	if err != nil {
		return err
	}
	secrets := make(map[string]string, len(names))
	for i, alias := range aliases {
		secrets[alias] = values[names[i]]
	}
	server, err := serve(os.Getenv("BENCH_PORT"), secrets)
	if err != nil {
		return err
	}
	defer server.Close()
	return registered.waitForShutdown(ctx)
}

// parameters takes "ALIAS=NAME,ALIAS=NAME" apart.
func parameters(declared string) (aliases, names []string) {
	for _, each := range strings.Split(declared, ",") {
		alias, name, _ := strings.Cut(each, "=")
		aliases, names = append(aliases, alias), append(names, name)
	}
	return aliases, names
}

// serve listens before it returns, and answers in the background.
func serve(port string, secrets map[string]string) (*http.Server, error) {
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/secrets/{alias}", func(w http.ResponseWriter, r *http.Request) {
		value, known := secrets[r.PathValue("alias")]
		if !known {
			http.NotFound(w, r)
			return
		}
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
