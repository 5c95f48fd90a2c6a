package ai.callmeback.voice.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.db.recording.SoundChunk;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.CallId;
import ai.callmeback.voice.call.CallSetup;
import ai.callmeback.voice.call.TestCall;
import ai.callmeback.voice.loop.CallLoop;
import io.netty.channel.DefaultEventLoop;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From tapes to the database, on a real one: who is recorded, what is kept of it, and what is lost when. */
class TapeWriterTest {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final byte USER = 0x11;
    private static final byte AGENT = 0x22;

    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private final RecordedCalls calls = new RecordedCalls(DB);
    private final MockTicker ticker = Ticker.newMockTicker();
    private final DefaultEventLoop thread = new DefaultEventLoop();
    private final CallLoop loop = new CallLoop(thread, ticker);
    private final TapeWriter writer = calls.writer(() -> START.plusNanos(ticker.nanoTime()));

    @AfterEach
    void close() {
        writer.close();
        var unused = thread.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    @Test
    void whoHasNotAgreedIsNotRecordedAndWhoHasIsWithEachSideInItsChannel() {
        writer.start();
        CallId silent = calls.withoutConsent();
        CallId agreed = calls.withConsent();
        Leg unheard = new Leg(silent, 1);
        Leg heard = new Leg(agreed, 1);
        await().atMost(LONG).until(() -> {
            unheard.talk(100);
            heard.talk(100);
            return calls.places(agreed).size() >= 2;
        });
        unheard.close();
        heard.close();
        writer.close();

        assertThat(calls.places(silent)).isEmpty();
        assertThat(samplesOf(calls.side(agreed, true))).containsOnly((int) USER, -1);
        assertThat(samplesOf(calls.side(agreed, false))).containsOnly((int) AGENT, -1);
        assertThat(writer.dropped()).isZero();
    }

    @Test
    void theNextLegOfACallAddsToWhatTheOneBeforeHasLeft() {
        writer.start();
        CallId call = calls.withConsent();
        Leg first = new Leg(call, 1);
        await().atMost(LONG).until(() -> {
            first.talk(100);
            return !calls.places(call).isEmpty();
        });
        // Its worker died: nobody closes this tape.
        List<SoundChunk.Place> before = calls.places(call);
        Leg second = new Leg(call, 2);
        await().atMost(LONG).until(() -> {
            second.talk(100);
            return calls.places(call).stream().anyMatch(place -> place.mediaLeg() == 2);
        });
        second.close();
        writer.close();

        assertThat(calls.places(call))
                .containsAll(before)
                .isSortedAccordingTo((a, b) -> a.startsAt().compareTo(b.startsAt()));
        assertThat(calls.places(call)).extracting(SoundChunk.Place::mediaLeg).contains(1, 2);
    }

    @Test
    void consentThatIsTakenBackBetweenTwoLegsEndsTheRecordingAndKeepsWhatThereIs() {
        writer.start();
        CallId call = calls.withConsent();
        Leg first = new Leg(call, 1);
        await().atMost(LONG).until(() -> {
            first.talk(100);
            return !calls.places(call).isEmpty();
        });
        calls.recordings.decide(call, null).block();
        List<SoundChunk.Place> before = calls.places(call);
        first.talk(400);
        first.close();
        Leg second = new Leg(call, 2);
        second.talk(400);
        second.close();
        writer.close();

        assertThat(calls.places(call)).isEqualTo(before);
        assertThat(writer.dropped())
                .as("nothing was lost: it was not to be kept")
                .isZero();
    }

    /** Guard: the bound of the queue. Without it a database that is away fills the memory of a worker that holds calls. */
    @Test
    void whatNobodyTakesWaitsUpToABoundAndThenTheNewestIsDropped() {
        CallId call = calls.withConsent();
        Leg leg = new Leg(call, 1);
        await().atMost(LONG).until(() -> {
            leg.beepInEachStretch(20);
            return writer.dropped() >= 3;
        });
        long dropped = writer.dropped();
        writer.start();
        await().atMost(LONG).until(() -> calls.places(call).size() == TapeWriter.MOST_WAITING);
        int first = calls.places(call).getFirst().number();
        assertThat(calls.places(call))
                .extracting(SoundChunk.Place::number)
                .as("the oldest, without a hole")
                .isEqualTo(IntStream.range(first, first + TapeWriter.MOST_WAITING)
                        .boxed()
                        .toList());
        assertThat(writer.dropped()).isEqualTo(dropped);
    }

    @Test
    void aStretchTheDatabaseRefusesFiveTimesIsLostAndTheNextIsKept() {
        CallId call = calls.withConsent();
        Leg leg = new Leg(call, 1);
        DB.execute("alter table recording_chunks rename to chunks_away");
        try {
            writer.start();
            await().atMost(LONG).until(() -> {
                leg.talk(100);
                return writer.dropped() > 0;
            });
        } finally {
            DB.execute("alter table chunks_away rename to recording_chunks");
        }
        await().atMost(LONG).until(() -> {
            leg.talk(100);
            return !calls.places(call).isEmpty();
        });
    }

    private static List<Integer> samplesOf(byte[] sound) {
        return IntStream.range(0, sound.length)
                .map(i -> sound[i])
                .distinct()
                .boxed()
                .toList();
    }

    /** A leg of a call; its sound is sent by the clock of the test. */
    private final class Leg {
        private final byte[] user = new byte[160];
        private final byte[] agent = new byte[160];
        private final Tape tape;
        private long timestamp;

        Leg(CallId call, int leg) {
            Arrays.fill(user, USER);
            Arrays.fill(agent, AGENT);
            CallSetup first = TestCall.setup(call);
            tape = writer.open(
                    loop,
                    new CallSetup(
                            call,
                            1,
                            leg,
                            first.callSid(),
                            first.brief(),
                            List.of(),
                            List.of(),
                            0,
                            leg > 1,
                            null,
                            300,
                            0));
        }

        /** Both sides speak, 20 ms a frame. */
        void talk(int frames) {
            onLoop(() -> {
                for (int i = 0; i < frames; i++) {
                    tape.heard(timestamp, user, user.length);
                    tape.said(agent, 0, agent.length);
                    timestamp += 20;
                    ticker.advanceMillis(20);
                }
            });
        }

        /** So many stretches with a frame each. */
        void beepInEachStretch(int stretches) {
            onLoop(() -> {
                for (int i = 0; i < stretches; i++) {
                    tape.heard(timestamp, user, user.length);
                    timestamp += 2_000;
                    ticker.advanceMillis(2_000);
                }
            });
        }

        void close() {
            onLoop(tape::close);
        }

        private void onLoop(Runnable task) {
            var unused = thread.submit(task).syncUninterruptibly();
        }
    }
}
