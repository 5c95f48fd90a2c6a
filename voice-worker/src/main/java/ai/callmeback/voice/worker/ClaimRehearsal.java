package ai.callmeback.voice.worker;

import ai.callmeback.db.call.Greetings;
import ai.callmeback.db.call.MediaRehearsal;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.conversation.Brief;
import ai.callmeback.domain.conversation.JournalEvent;
import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.voice.socket.MediaClaims;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Takes over calls that do not exist, many at once, before the worker is known to anybody: a hand-over brings a worker all
 * calls of another at once. A connection that has to be made first, a function the database has yet to plan and a long
 * journal that is mapped by code never run before cost each of them part of a second, and together more than a claim has.
 * All of it is {@linkplain MediaRehearsal rolled back}.
 */
final class ClaimRehearsal {
    private static final Logger LOG = LoggerFactory.getLogger(ClaimRehearsal.class);
    private static final int AT_ONCE = 16;
    private static final int ROUNDS = 4;
    /** No round is begun after this; one that hangs is left after {@link #DEADLINE}. */
    private static final Duration ENOUGH = Duration.ofSeconds(3);

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private static final int TURNS = 12;
    private static final int MARKS = 8;
    private static final String WORDS = "That is a good thing to do on an afternoon like this one, ";

    private final MediaRehearsal rehearsal;
    private final DatabaseClaims claims;
    private final String incarnation;
    private final InstantSource clock;

    ClaimRehearsal(MediaRehearsal rehearsal, DatabaseClaims claims, String incarnation, InstantSource clock) {
        this.rehearsal = rehearsal;
        this.claims = claims;
        this.incarnation = incarnation;
        this.clock = clock;
    }

    /** Returns after {@link #DEADLINE} at the latest; what fails is logged and holds nothing up. */
    void play() {
        long began = System.nanoTime();
        AtomicInteger granted = new AtomicInteger();
        Flux.range(0, ROUNDS)
                .takeWhile(round -> System.nanoTime() - began < ENOUGH.toNanos())
                .concatMap(round -> Flux.range(0, AT_ONCE).flatMap(call -> takeOver(), AT_ONCE))
                .filter(MediaClaims.Claim.Granted.class::isInstance)
                .doOnNext(claim -> granted.incrementAndGet())
                .then()
                .timeout(DEADLINE)
                .doOnError(error -> LOG.info("claims not rehearsed: {}", error.toString()))
                .onErrorComplete()
                .block();
        LOG.info(
                "rehearsed {} of {} claims in {} ms",
                granted,
                ROUNDS * AT_ONCE,
                Duration.ofNanos(System.nanoTime() - began).toMillis());
    }

    private Mono<MediaClaims.Claim> takeOver() {
        CallId call = new CallId(UUID.randomUUID());
        Instant now = clock.instant();
        Greetings.Greeting ahead = ahead();
        return rehearsal
                .play(incarnation, brief(call, now), journal(call, now.plusMillis(1)), ahead, now)
                .map(outcome -> claims.answer(outcome, ahead, "rehearsal"));
    }

    private static Brief brief(CallId call, Instant preparedAt) {
        return new Brief(
                call,
                1,
                new Brief.Voice("rehearsal", "Voice", "rehearsal", "{}", ""),
                new Brief.Mind(WORDS.repeat(30), new BigDecimal("0.7"), 200, ""),
                WORDS,
                "",
                WORDS,
                WORDS,
                WORDS,
                List.of(WORDS),
                List.of(WORDS),
                900,
                "",
                preparedAt);
    }

    private static Greetings.Greeting ahead() {
        List<Integer> times = ends(WORDS.length());
        return new Greetings.Greeting(
                new byte[4 * 8000], new Greetings.Alignment(WORDS, times, Collections.nCopies(WORDS.length(), 60)));
    }

    /** Turns of both, and one the persona was in the middle of. */
    private static List<JournalEvent> journal(CallId call, Instant at) {
        List<JournalEvent> lines = new ArrayList<>();
        for (int turn = 1; turn <= TURNS; turn += 2) {
            add(lines, call, at, JournalKind.USER_PARTIAL, turn, WORDS, List.of(), null);
            add(lines, call, at, JournalKind.USER_SAID, turn, WORDS, List.of(), null);
            boolean open = turn + 1 == TURNS;
            add(lines, call, at, JournalKind.AGENT_PLANNED, turn + 1, WORDS, ends(WORDS.length()), null);
            for (int mark = 1; mark <= MARKS; mark++) {
                add(lines, call, at, JournalKind.AGENT_HEARD, turn + 1, "", List.of(), mark * 200);
            }
            if (!open) {
                add(lines, call, at, JournalKind.AGENT_SAID, turn + 1, WORDS, List.of(), null);
            }
        }
        return lines;
    }

    private static void add(
            List<JournalEvent> lines,
            CallId call,
            Instant at,
            JournalKind kind,
            int turn,
            String text,
            List<Integer> charEndMs,
            @Nullable Integer heardMs) {
        lines.add(new JournalEvent(
                call, 1, lines.size() + 1, at, kind, turn, 0, text, charEndMs, heardMs, false, null, null));
    }

    private static List<Integer> ends(int characters) {
        return IntStream.rangeClosed(1, characters).mapToObj(i -> i * 60).toList();
    }
}
