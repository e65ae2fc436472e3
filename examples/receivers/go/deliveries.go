package main

// Takes each delivery once, and works on it after the response, in any order.
//
// Confluence may send a delivery twice, and sends deliveries in any order. All of this is in memory: a restart loses it, and with
// it deliveries that got a 200. In production use two tables: `known`, with the identity as its unique key, and `pages`.

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"log"
	"sort"
	"strings"
	"sync"
	"time"
)

const mostKnown = 100_000

type delivery struct {
	event string
	body  []byte
}

type page struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	IsDeleted bool   `json:"isDeleted"`
	Time      int64  `json:"time"`
}

type deliveries struct {
	mutex sync.Mutex
	known map[[32]byte]bool
	order [][32]byte // of known, the oldest first
	queue chan delivery
	pages map[string]page
	done  int
}

func newDeliveries() *deliveries {
	d := &deliveries{known: map[[32]byte]bool{}, queue: make(chan delivery, 10_000), pages: map[string]page{}}
	go d.work()
	return d
}

var (
	errInvalid = errors.New("the body is not a JSON object with an event, and the URL has no event")
	errFull    = errors.New("too many deliveries wait")
)

// add takes a delivery, unless it is known already.
func (d *deliveries) add(body []byte, eventInURL string) error {
	// Members stay as received: a float64 cannot hold all ids.
	members, err := object(body)
	if err != nil {
		return errInvalid
	}
	if payload, err := object(members["payload"]); err == nil {
		members = payload // an example of Atlassian shows Forge's deliveries so
	}
	delete(members, "retryContext") // in Forge's retries only
	event := eventInURL
	for _, member := range []string{"eventType", "event"} {
		_ = json.Unmarshal(members[member], &event)
	}
	if event == "" {
		return errInvalid
	}
	text, err := json.Marshal(members)
	if err != nil {
		return errInvalid
	}
	// Not the identifier in a header: no signature covers it.
	identity := sha256.Sum256([]byte(event + " " + string(text)))
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.known[identity] {
		return nil
	}
	select {
	case d.queue <- delivery{event, text}:
	default:
		return errFull
	}
	d.known[identity] = true
	d.order = append(d.order, identity)
	if len(d.order) > mostKnown {
		delete(d.known, d.order[0])
		d.order = d.order[1:]
	}
	return nil
}

func object(body []byte) (map[string]json.RawMessage, error) {
	var members map[string]json.RawMessage
	err := json.Unmarshal(body, &members)
	if err == nil && members == nil {
		err = errInvalid // null
	}
	return members, err
}

func (d *deliveries) work() {
	for delivery := range d.queue {
		if err := d.handle(delivery); err != nil {
			log.Printf("cannot handle %s: %v", delivery.event, err)
		}
	}
}

// Your work. Ignore an event without a branch: it is new, or does not matter to you.
func (d *deliveries) handle(delivery delivery) error {
	type content struct {
		ID    json.RawMessage // a number or a text
		Title string
	}
	var body struct {
		Page, Content    content
		Timestamp        int64
		EventCreatedDate time.Time
	}
	if err := json.Unmarshal(delivery.body, &body); err != nil {
		return err
	}
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.done++
	switch {
	case strings.HasPrefix(delivery.event, "page_"):
		d.savePage(delivery.event, strings.Trim(string(body.Page.ID), `"`), body.Page.Title, body.Timestamp)
	case strings.HasSuffix(delivery.event, ":page"): // of Forge: avi:confluence:updated:page
		id := strings.Trim(string(body.Content.ID), `"`)
		d.savePage(delivery.event, id, body.Content.Title, body.EventCreatedDate.UnixMilli())
	}
	return nil
}

// Keeps the newest. A deleted page stays: an older update may still arrive.
func (d *deliveries) savePage(event, id, title string, time int64) {
	if known, ok := d.pages[id]; ok && known.Time >= time {
		return
	}
	isDeleted := false
	for _, action := range []string{"trashed", "removed", "deleted"} {
		isDeleted = isDeleted || strings.Contains(event, action)
	}
	d.pages[id] = page{id, title, isDeleted, time}
}

// For cfwh probe --state.
func (d *deliveries) state() any {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	pages := []page{}
	for _, page := range d.pages {
		pages = append(pages, page)
	}
	sort.Slice(pages, func(i, j int) bool { return pages[i].ID < pages[j].ID })
	return map[string]any{"done": d.done, "pages": pages}
}
