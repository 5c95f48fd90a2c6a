package ai.callmeback.api.call;

import ai.callmeback.db.call.CallEvents;
import ai.callmeback.domain.CallId;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.api.PostgresqlResult;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Wrapped;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Tells event streams that their call has something new. One connection of the process listens for all; a notification
 * carries no data and may be lost with its connection, so a stream looks for itself at every heartbeat too, and all are
 * woken when the connection is made anew. A stream that is busy keeps one wake-up, not a queue of them.
 */
@Component
class CallEventHub implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(CallEventHub.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);

    private final ConnectionFactory connections;
    private final Map<CallId, Set<FluxSink<Boolean>>> waiting = new ConcurrentHashMap<>();
    private volatile Disposable listening = reactor.core.Disposables.disposed();

    CallEventHub(ConnectionFactory connections) {
        this.connections = connections;
    }

    /** An item whenever the call may have something new. */
    Flux<Boolean> wakeUps(CallId call) {
        return Flux.create(
                sink -> {
                    waiting.compute(call, (id, sinks) -> {
                        Set<FluxSink<Boolean>> all = sinks == null ? ConcurrentHashMap.newKeySet() : sinks;
                        all.add(sink);
                        return all;
                    });
                    sink.onDispose(() -> waiting.computeIfPresent(call, (id, sinks) -> {
                        sinks.remove(sink);
                        return sinks.isEmpty() ? null : sinks;
                    }));
                },
                FluxSink.OverflowStrategy.LATEST);
    }

    @Override
    public void start() {
        listening = Flux.usingWhen(connections.create(), this::listen, Connection::close)
                .doOnNext(this::wake)
                .then(Mono.error(new IllegalStateException("the listening connection was closed")))
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_RETRY)
                        .maxBackoff(LONGEST_RETRY)
                        .doBeforeRetry(retry ->
                                log.warn("listening again: {}", retry.failure().toString())))
                .subscribe();
    }

    private Flux<String> listen(Connection connection) {
        PostgresqlConnection postgres = connection instanceof Wrapped<?> pooled
                ? pooled.unwrap(PostgresqlConnection.class)
                : (PostgresqlConnection) connection;
        return postgres.createStatement("listen " + CallEvents.CHANNEL)
                .execute()
                .flatMap(PostgresqlResult::getRowsUpdated)
                .then(Mono.fromRunnable(this::wakeAll))
                .thenMany(postgres.getNotifications())
                .mapNotNull(notification -> notification.getParameter());
    }

    private void wake(String payload) {
        try {
            waiting.getOrDefault(CallId.parse(payload), Set.of()).forEach(sink -> sink.next(true));
        } catch (IllegalArgumentException e) {
            log.warn("a notification that names no call");
        }
    }

    private void wakeAll() {
        waiting.values().forEach(sinks -> sinks.forEach(sink -> sink.next(true)));
    }

    @Override
    public void stop() {
        listening.dispose();
        waiting.values().forEach(sinks -> sinks.forEach(FluxSink::complete));
    }

    @Override
    public boolean isRunning() {
        return !listening.isDisposed();
    }
}
