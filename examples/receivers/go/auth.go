package main

// Is a request from your Confluence? One function for each sender: copy the one that you need.
// It needs the standard library only. With github.com/golang-jwt/jwt/v5 and a key set for it, token.go is shorter.
//
// Environment: SENDER is spec, datacenter, cloud, connect or forge; checks has the variables of each.

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"log"
	"net/http"
	"net/url"
	"os"
	"sort"
	"strings"
)

var sender = getenv("SENDER", "spec")

type check struct {
	authenticate func(request *http.Request, body []byte) error
	required     []string
}

var checks = map[string]check{
	"spec":       {checkSignature, []string{"WEBHOOK_SECRET"}},
	"datacenter": {checkSignature, []string{"WEBHOOK_SECRET"}},
	"cloud":      {checkURLToken, []string{"WEBHOOK_TOKEN"}},
	"connect":    {checkConnect, []string{"CONNECT_CLIENT_KEY", "CONNECT_SHARED_SECRET"}},
	"forge":      {checkForge, []string{"FORGE_APP_ID"}},
}

// authenticator returns the check of the sender. An error of the check means that the request is not from your Confluence,
// unless it is errNoKeys.
func authenticator() func(*http.Request, []byte) error {
	chosen, ok := checks[sender]
	if !ok {
		log.Fatalf("no sender %q", sender)
	}
	for _, name := range chosen.required {
		if os.Getenv(name) == "" {
			log.Fatalf("set %s", name) // an empty secret would accept everybody
		}
	}
	return chosen.authenticate
}

func getenv(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

func isSame(given, expected string) bool {
	return subtle.ConstantTimeCompare([]byte(given), []byte(expected)) == 1
}

func hmacSHA256(secret string, message []byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(message)
	return mac.Sum(nil)
}

// The published document, and Data Center: HMAC-SHA256 of the body. JSON that was parsed and written again has another one.
func checkSignature(request *http.Request, body []byte) error {
	expected := "sha256=" + hex.EncodeToString(hmacSHA256(os.Getenv("WEBHOOK_SECRET"), body))
	given := request.Header.Values("X-Hub-Signature")
	if len(given) != 1 || !isSame(given[0], expected) {
		return errors.New("X-Hub-Signature is missing or wrong")
	}
	return nil
}

// Data Center's button "Test connection" sends this without a signature, also when there is a secret.
func isConnectionTest(request *http.Request, body []byte) bool {
	isPing := request.Header.Get("X-Event-Key") == "diagnostics:ping" && string(body) == `{"test": true}`
	return sender == "datacenter" && isPing
}

// Confluence Cloud signs nothing: register the URL with ?token=…, and keep the token out of logs.
func checkURLToken(request *http.Request, _ []byte) error {
	given := request.URL.Query()["token"]
	if len(given) != 1 || !isSame(given[0], os.Getenv("WEBHOOK_TOKEN")) {
		return errors.New("the token in the URL is missing or wrong")
	}
	return nil
}

// A Connect app: a token signed with the secret of the installation, for one method, path and query.
func checkConnect(request *http.Request, _ []byte) error {
	// One entry for each installation. Your callback for "installed" stores them.
	sharedSecrets := map[string]string{os.Getenv("CONNECT_CLIENT_KEY"): os.Getenv("CONNECT_SHARED_SECRET")}
	token, err := readToken("JWT", request)
	if err != nil {
		return err
	}
	secret, ok := sharedSecrets[token.claims.Issuer]
	if !ok {
		return errors.New("no installation has this client key")
	}
	if err := token.verifyHS256(secret); err != nil {
		return err
	}
	if !isSame(token.claims.QueryStringHash, queryStringHash(request)) {
		return errors.New("the token is for another request")
	}
	return nil
}

// https://developer.atlassian.com/cloud/confluence/understanding-jwt-for-connect-apps/
func queryStringHash(request *http.Request) string {
	encode := func(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }
	var parameters []string
	for name, values := range request.URL.Query() {
		if name == "jwt" {
			continue
		}
		for i, value := range values {
			values[i] = encode(value)
		}
		sort.Strings(values)
		parameters = append(parameters, encode(name)+"="+strings.Join(values, ","))
	}
	sort.Slice(parameters, func(i, j int) bool {
		one, _, _ := strings.Cut(parameters[i], "=")
		other, _, _ := strings.Cut(parameters[j], "=")
		return one < other
	})
	// The path of the app's base URL is not covered.
	path := strings.TrimPrefix(request.URL.EscapedPath(), os.Getenv("CONNECT_BASE_PATH"))
	path = "/" + strings.ReplaceAll(strings.Trim(path, "/"), "&", "%26")
	digest := sha256.Sum256([]byte(request.Method + "&" + path + "&" + strings.Join(parameters, "&")))
	return hex.EncodeToString(digest[:])
}

// A Forge app's remote backend: a token that Atlassian signs for your app.
func checkForge(request *http.Request, _ []byte) error {
	token, err := readToken("Bearer", request)
	if err != nil {
		return err
	}
	if err := token.verifyRS256(&forgeKeys); err != nil {
		return err
	}
	if token.claims.Issuer != "forge/invocation-token" || !token.isFor(os.Getenv("FORGE_APP_ID")) {
		return errors.New("the token is for another app")
	}
	return nil
}
