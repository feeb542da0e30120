// Command bare serves the list of cases with as little as possible around the query: the yardstick of `make bench`. It
// knows no sessions and no permissions and must never serve anybody.
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"staffetta/cmd/staffetta/bench/yardstick"
	"staffetta/policies/audit"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := serve(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bare:", err)
		os.Exit(1)
	}
}

// serve prints its address on standard output once it listens.
func serve(ctx context.Context) error {
	db, err := yardstick.OpenDoors(ctx, os.Getenv("DATABASE_URL"), os.Getenv("STAFFETTA_KEY_FILE"))
	if err != nil {
		return err
	}
	defer db.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	recorder := audit.NewRecorder(ctx, db)
	server := &http.Server{Handler: yardstick.Handler(db, recorder), ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Close() // the measuring is over
	}()
	fmt.Println(listener.Addr())
	if err := server.Serve(listener); err != http.ErrServerClosed {
		return fmt.Errorf("serve: %w", err)
	}
	<-recorder.Stopped()
	return nil
}
