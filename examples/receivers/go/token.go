package main

// JSON Web Tokens (RFC 7519), as far as Confluence sends them.

import (
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"sync"
	"time"
)

var (
	errToken  = errors.New("the token is not valid")
	errNoKeys = errors.New("the public keys cannot be fetched")
)

type token struct {
	signed    string // the part that is signed
	signature []byte
	header    struct {
		Algorithm string `json:"alg"`
		KeyID     string `json:"kid"`
	}
	claims struct {
		Issuer          string          `json:"iss"`
		Audience        json.RawMessage `json:"aud"`
		ExpiresAt       float64         `json:"exp"`
		NotBefore       float64         `json:"nbf"`
		QueryStringHash string          `json:"qsh"`
	}
}

// readToken reads the token after this scheme in Authorization. It is not verified yet.
func readToken(scheme string, request *http.Request) (*token, error) {
	given, text, _ := strings.Cut(request.Header.Get("Authorization"), " ")
	parts := strings.Split(text, ".")
	if given != scheme || len(parts) != 3 {
		return nil, fmt.Errorf("no Authorization: %s", scheme)
	}
	token := &token{signed: parts[0] + "." + parts[1]}
	var err error
	if token.signature, err = base64.RawURLEncoding.DecodeString(parts[2]); err != nil {
		return nil, errToken
	}
	for i, part := range []any{&token.header, &token.claims} {
		text, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil || json.Unmarshal(text, part) != nil {
			return nil, errToken
		}
	}
	return token, nil
}

// The algorithm is ours to choose, never the token's.
func (t *token) verifyHS256(secret string) error {
	if t.header.Algorithm != "HS256" || !hmac.Equal(t.signature, hmacSHA256(secret, []byte(t.signed))) {
		return errToken
	}
	return t.checkTimes()
}

func (t *token) verifyRS256(keys *keySet) error {
	if t.header.Algorithm != "RS256" {
		return errToken
	}
	key, err := keys.find(t.header.KeyID)
	if err != nil {
		return err
	}
	digest := sha256.Sum256([]byte(t.signed))
	if rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], t.signature) != nil {
		return errToken
	}
	return t.checkTimes()
}

func (t *token) checkTimes() error {
	now := float64(time.Now().Unix())
	if t.claims.ExpiresAt <= now || t.claims.NotBefore > now {
		return errToken
	}
	return nil
}

func (t *token) isFor(audience string) bool {
	var one string
	var several []string
	if json.Unmarshal(t.claims.Audience, &one) == nil {
		several = []string{one}
	} else if json.Unmarshal(t.claims.Audience, &several) != nil {
		return false
	}
	for _, given := range several {
		if given == audience {
			return true
		}
	}
	return false
}

var forgeKeys = keySet{url: getenv("FORGE_JWKS_URL", "https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json")}

// keySet fetches the public keys at a URL, and fetches them again when a key is unknown, at most every 30 s.
type keySet struct {
	url     string
	mutex   sync.Mutex
	keys    map[string]*rsa.PublicKey
	fetched time.Time
}

func (s *keySet) find(id string) (*rsa.PublicKey, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.keys[id] == nil && time.Since(s.fetched) > 30*time.Second {
		if err := s.fetch(); err != nil {
			return nil, err
		}
	}
	if key := s.keys[id]; key != nil {
		return key, nil
	}
	return nil, errToken
}

func (s *keySet) fetch() error {
	client := http.Client{Timeout: 3 * time.Second}
	response, err := client.Get(s.url)
	if err != nil {
		return errNoKeys
	}
	defer response.Body.Close()
	var set struct {
		Keys []struct {
			Type     string `json:"kty"`
			ID       string `json:"kid"`
			Modulus  string `json:"n"`
			Exponent string `json:"e"`
		} `json:"keys"`
	}
	if response.StatusCode != http.StatusOK || json.NewDecoder(response.Body).Decode(&set) != nil {
		return errNoKeys
	}
	keys := map[string]*rsa.PublicKey{}
	for _, key := range set.Keys {
		modulus, err := base64.RawURLEncoding.DecodeString(key.Modulus)
		exponent, err2 := base64.RawURLEncoding.DecodeString(key.Exponent)
		if key.Type == "RSA" && err == nil && err2 == nil {
			e := new(big.Int).SetBytes(exponent).Int64()
			keys[key.ID] = &rsa.PublicKey{N: new(big.Int).SetBytes(modulus), E: int(e)}
		}
	}
	s.keys, s.fetched = keys, time.Now()
	return nil
}
