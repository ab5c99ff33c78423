// The best peer we know: a throw-away gateway on net/http and franz-go. POST /produce/{topic}/{key} waits for
// the delivery report and answers a constant text: no ids, no JSON, no checks. Idempotent, acks=all.
package main

import (
	"io"
	"log"
	"net/http"
	"os"

	"github.com/twmb/franz-go/pkg/kgo"
)

func main() {
	client, err := kgo.NewClient(kgo.SeedBrokers(os.Args[2]), kgo.RequiredAcks(kgo.AllISRAcks()), kgo.ProducerLinger(0),
		kgo.RecordPartitioner(kgo.StickyKeyPartitioner(nil)), kgo.MaxBufferedRecords(100000))
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("POST /produce/{topic}/{key}", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), 400)
			return
		}
		done := make(chan error, 1)
		client.Produce(r.Context(), &kgo.Record{Topic: r.PathValue("topic"), Key: []byte(r.PathValue("key")), Value: body},
			func(_ *kgo.Record, err error) { done <- err })
		if err := <-done; err != nil {
			http.Error(w, err.Error(), 502)
			return
		}
		io.WriteString(w, "ok\n")
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
