// The fixes of docs/how-to/probe-fixes.md for Go, in one receiver. AUTH is hmac, token, connect, forge or none.
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log"
	"math/big"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path"
	"sort"
	"strings"
	"sync"

	"github.com/golang-jwt/jwt"
)

var (
	secret  []byte
	seen    sync.Map
	waiting = make(chan head, 10000)
)

// Ids stay text.
type head struct {
	Event     string `json:"event"`
	EventType string `json:"eventType"`
	Page      struct {
		ID json.RawMessage `json:"id"`
	} `json:"page"`
}

func isSigned(body []byte, r *http.Request) bool {
	mac := hmac.New(sha256.New, secret)
	mac.Write(body)
	right := "sha256=" + hex.EncodeToString(mac.Sum(nil))
	header := r.Header.Get("X-Hub-Signature")
	return len(r.Header.Values("X-Hub-Signature")) == 1 && hmac.Equal([]byte(header), []byte(right))
}

func hasToken(r *http.Request) bool {
	token := []byte(os.Getenv("TOKEN"))
	return subtle.ConstantTimeCompare([]byte(r.URL.Query().Get("token")), token) == 1
}

// The claim qsh of Connect: the hash of the method, the path below the base URL and the sorted query.
func queryStringHash(r *http.Request) string {
	escape := func(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }
	var pairs []string
	for name, values := range r.URL.Query() {
		var escaped []string
		for _, value := range values {
			escaped = append(escaped, escape(value))
		}
		sort.Strings(escaped)
		if name != "jwt" {
			pairs = append(pairs, escape(name)+"="+strings.Join(escaped, ","))
		}
	}
	sort.Strings(pairs)
	hash := sha256.Sum256([]byte(r.Method + "&" + r.URL.Path + "&" + strings.Join(pairs, "&")))
	return hex.EncodeToString(hash[:])
}

func isFromConnect(token string, r *http.Request) bool {
	parser := jwt.Parser{ValidMethods: []string{"HS256"}}
	claims := jwt.MapClaims{}
	_, err := parser.ParseWithClaims(token, claims, func(*jwt.Token) (interface{}, error) { return secret, nil })
	return err == nil && claims.VerifyExpiresAt(jwt.TimeFunc().Unix(), true) &&
		claims.VerifyIssuer(os.Getenv("CLIENT_KEY"), true) && claims["qsh"] == queryStringHash(r)
}

func isFromForge(token string) bool {
	parser := jwt.Parser{ValidMethods: []string{"RS256"}}
	claims := jwt.MapClaims{}
	_, err := parser.ParseWithClaims(token, claims, keyOf)
	return err == nil && claims.VerifyExpiresAt(jwt.TimeFunc().Unix(), true) &&
		claims.VerifyAudience(os.Getenv("APP_ID"), true) && claims.VerifyIssuer("forge/invocation-token", true)
}

// The key of the JWKS that kid names.
func keyOf(token *jwt.Token) (interface{}, error) {
	response, err := http.Get(os.Getenv("JWKS_URL"))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var set struct{ Keys []struct{ Kid, N, E string } }
	if err := json.NewDecoder(response.Body).Decode(&set); err != nil {
		return nil, err
	}
	for _, key := range set.Keys {
		if key.Kid == token.Header["kid"] {
			n, _ := base64.RawURLEncoding.DecodeString(key.N)
			e, _ := base64.RawURLEncoding.DecodeString(key.E)
			return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}, nil
		}
	}
	return nil, errors.New("unknown kid")
}

func isGenuine(body []byte, r *http.Request) bool {
	_, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	switch os.Getenv("AUTH") {
	case "none":
		return true
	case "token":
		return hasToken(r)
	case "connect":
		return isFromConnect(token, r)
	case "forge":
		return isFromForge(token)
	default:
		return isSigned(body, r)
	}
}

func receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 4<<20))
	if err != nil {
		http.Error(w, "the body is too large", http.StatusRequestEntityTooLarge)
		return
	}
	if r.Method != http.MethodPost {
		http.Error(w, "POST only", http.StatusMethodNotAllowed)
		return
	}
	if r.Header.Get("X-Event-Key") == "diagnostics:ping" {
		return
	}
	if !isGenuine(body, r) {
		http.Error(w, "not genuine", http.StatusUnauthorized)
		return
	}
	if media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); media != "application/json" {
		http.Error(w, "JSON only", http.StatusUnsupportedMediaType)
		return
	}
	var delivery head
	if err := json.Unmarshal(body, &delivery); err != nil {
		http.Error(w, "invalid JSON", http.StatusBadRequest)
		return
	}
	if delivery.Event == "" {
		delivery.Event = path.Base(r.URL.Path)
	}
	if _, known := seen.LoadOrStore(r.Header.Get("X-Atlassian-Webhook-Identifier"), true); !known {
		waiting <- delivery
	}
}

func work() {
	for delivery := range waiting {
		switch delivery.Event {
		case "page_created":
		default:
		}
	}
}

func main() {
	file, err := os.ReadFile(os.Getenv("SECRET_FILE"))
	secret = bytes.TrimSuffix(file, []byte("\n"))
	if err != nil || len(secret) == 0 {
		log.Fatal("the secret is empty")
	}
	go work()
	http.HandleFunc("/hooks", receive)
	http.HandleFunc("/hooks/", receive)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
