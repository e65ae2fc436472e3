// A receiver of Confluence webhooks with Go's standard library.
//
//	SENDER=spec WEBHOOK_SECRET=… go run .
package main

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"mime"
	"net/http"
	"os"
	"strings"
	"time"
)

const largestBody = 4 << 20 // bytes

func main() {
	deliveries := newDeliveries()
	receive := receiver(authenticator(), deliveries)
	// Confluence Cloud does not name the event in the body: register a URL for each event.
	http.HandleFunc("/hooks", receive)
	http.HandleFunc("/hooks/", receive)
	if os.Getenv("SHOW_STATE") != "" { // for cfwh probe --state, never in production
		http.HandleFunc("/state", func(w http.ResponseWriter, _ *http.Request) {
			_ = json.NewEncoder(w).Encode(deliveries.state())
		})
	}
	server := http.Server{
		Addr:              "127.0.0.1:" + getenv("PORT", "3000"),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
	}
	log.Fatal(server.ListenAndServe())
}

func receiver(authenticate func(*http.Request, []byte) error, deliveries *deliveries) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		// Read what is refused, too, so that the connection can be used again.
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestBody))
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", "POST")
			http.Error(w, "POST only", http.StatusMethodNotAllowed)
			return
		}
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
			return
		} else if err != nil {
			http.Error(w, "the body is cut off", http.StatusBadRequest)
			return
		}
		if isConnectionTest(r, body) {
			return
		}
		if err := authenticate(r, body); errors.Is(err, errNoKeys) {
			http.Error(w, err.Error(), http.StatusInternalServerError) // Forge tries again
			return
		} else if err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		if media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); media != "application/json" {
			http.Error(w, "the body must be application/json", http.StatusUnsupportedMediaType)
			return
		}
		event := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/hooks"), "/")
		if err := deliveries.add(body, event); errors.Is(err, errFull) {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		} else if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	}
}
