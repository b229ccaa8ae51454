// Command server_go answers reads of one secret from a map, with net/http and nothing else: what an
// extension in Go does once its secrets are in memory. The benchmark of reads compares with it.
package main

import (
	"crypto/subtle"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	prefix      = "/v1/secrets/"
	tokenHeader = "X-Aws-Parameters-Secrets-Token"
	ttl         = 300 // seconds
)

// A secret is a value, and when it was fetched.
type secret struct {
	value     []byte
	etag      string
	fetchedAt time.Time
}

// A server answers from its map; the lock is there as somebody would refresh the values.
type server struct {
	token   []byte
	lock    sync.RWMutex
	secrets map[string]secret
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if subtle.ConstantTimeCompare([]byte(r.Header.Get(tokenHeader)), s.token) != 1 {
		http.Error(w, "the token is wrong", http.StatusForbidden)
		return
	}
	s.lock.RLock()
	found, ok := s.secrets[strings.TrimPrefix(r.URL.Path, prefix)]
	s.lock.RUnlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	age := int(time.Since(found.fetchedAt).Seconds())
	header := w.Header()
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("ETag", found.etag)
	header.Set("Age", strconv.Itoa(age))
	header.Set("Cache-Control", "private, max-age="+strconv.Itoa(max(0, ttl-age)))
	header.Set("Warmkey-State", "fresh")
	w.Write(found.value)
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	value := secret{[]byte(os.Getenv("BENCH_VALUE")), `"1"`, time.Now()}
	log.Fatal(http.Serve(listener, &server{
		token:   []byte(os.Getenv("BENCH_TOKEN")),
		secrets: map[string]secret{os.Getenv("BENCH_ALIAS"): value},
	}))
}
