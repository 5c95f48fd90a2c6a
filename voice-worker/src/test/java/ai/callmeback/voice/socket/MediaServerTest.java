package ai.callmeback.voice.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.voice.recording.Tapes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real sockets against a server with four loops: each way to misbehave has its outcome, and no other call is touched. */
class MediaServerTest {
    static {
        // A loaded machine is slow, not wrong.
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }

    private final MediaStage stage = new MediaStage(4, Tapes.none());
    private final Map<String, Integer> claims = stage.claims;
    private final LiveCalls calls = stage.calls;

    @AfterEach
    void close() {
        stage.close();
    }

    private MediaPhone phone() {
        return new MediaPhone(stage.port());
    }

    @Test
    void eachCallStaysOnOneOfFourLoops() {
        List<MediaPhone> phones = java.util.stream.IntStream.range(0, 32)
                .mapToObj(i -> phone().start("good-" + i))
                .toList();
        await().until(() -> phones.stream().allMatch(phone -> phone.count("media") > 3 && phone.count("mark") > 0));
        phones.forEach(phone -> phone.media(1).media(2));
        phones.forEach(MediaPhone::stop);
        await().until(() -> stage.over.size() == 32);
        assertThat(stage.threads.values()).allMatch(used -> used.size() == 1);
        assertThat(stage.threads.values().stream()
                        .flatMap(Set::stream)
                        .distinct()
                        .count())
                .isBetween(2L, 4L);
        await().until(() -> calls.count() == 0);
    }

    @Test
    void anUnknownAndAStaleTokenAreClosedNormallyAndNoTokenToo() {
        assertThat(phone().start("unknown").closeReason()).isEqualTo("1000 unknown token");
        assertThat(phone().start("stale").closeReason()).isEqualTo("1000 stale");
        assertThat(phone().start("").closeReason()).isEqualTo("1000 no token");
        assertThat(phone().start("unavailable").closeReason()).isEqualTo("1013 try another worker");
        assertThat(calls.count()).isZero();
    }

    @Test
    void aSecondSocketForACallIsTurnedAwayAndTheFirstTalksOn() {
        MediaPhone first = phone().start("good-1");
        await().until(() -> first.count("media") > 0);
        assertThat(phone().start("good-1").closeReason()).isEqualTo("1000 stale");
        long before = first.count("mark");
        await().until(() -> first.count("media") > 3 || first.count("mark") > before);
        assertThat(calls.count()).isEqualTo(1);
    }

    @Test
    void wrongAudioIsRefused() {
        MediaPhone phone = phone();
        phone.send("{\"event\":\"start\",\"streamSid\":\"MZ1\",\"start\":{\"streamSid\":\"MZ1\",\"callSid\":\"CA1\","
                + "\"customParameters\":{\"token\":\"good-1\"},\"mediaFormat\":{\"encoding\":\"audio/l16\","
                + "\"sampleRate\":16000}}}");
        assertThat(phone.closeReason()).startsWith("1003");
        assertThat(claims).isEmpty();
    }

    @Test
    void malformedAndBinaryMessagesAreSwallowedTwentyEndTheSocket() {
        MediaPhone phone = phone().start("good-1");
        await().until(() -> phone.count("media") > 0);
        for (int i = 0; i < MediaConnection.MALFORMED_MOST - 1; i++) {
            phone.send(i % 2 == 0 ? "{nonsense" : "[]");
        }
        long before = phone.count("mark");
        await().until(() -> phone.count("mark") > before || phone.count("media") > 4);
        assertThat(calls.count()).isEqualTo(1);
        phone.sendBinary();
        assertThat(phone.closeReason()).isEqualTo("1008 malformed");
        await().until(() -> calls.count() == 0);
    }

    @Test
    void anOversizedMessageEndsItsOwnSocketOnly() {
        MediaPhone other = phone().start("good-1");
        MediaPhone phone = phone().start("good-2");
        await().until(() -> phone.count("media") > 0 && other.count("media") > 0);
        phone.send(" ".repeat(70_000));
        await().until(() -> calls.count() == 1);
        assertThat(other.isOpen()).isTrue();
    }

    @Test
    void repeatedAndOvertakenMediaIsHeardOnceAndASecondStartIgnored() {
        MediaPhone phone = phone().start("good-1");
        await().until(() -> phone.count("media") > 0);
        for (int i = 1; i <= 40; i++) {
            phone.media(i).media(i).media(Math.max(1, i - 3));
        }
        phone.start("good-2");
        await().until(() -> stage.ears.getFirst().audioBytes >= 40 * MediaPhone.FRAME_BYTES);
        long before = phone.count("media");
        await().until(() -> phone.count("media") > before || phone.count("mark") > 1);
        assertThat(stage.ears.getFirst().audioBytes).isEqualTo(40 * MediaPhone.FRAME_BYTES);
        assertThat(claims).containsOnlyKeys("good-1");
        assertThat(calls.count()).isEqualTo(1);
    }

    /** Guard: {@code StreamSid} in the reader. Without it what belongs to another call would be heard here, or end this one. */
    @Test
    void framesOfAnotherStreamAreNotHeardAndEndNothing() {
        MediaPhone phone = phone().start("good-1");
        await().until(() -> phone.count("media") > 0);
        for (int i = 1; i <= 40; i++) {
            phone.media(i, "MZ2", (byte) 0xFF);
        }
        phone.send("{\"event\":\"stop\",\"streamSid\":\"MZ2\",\"stop\":{\"callSid\":\"CA2\"}}");
        for (int i = 1; i <= 40; i++) {
            phone.media(i);
        }
        await().until(() -> stage.ears.getFirst().audioBytes >= 40 * MediaPhone.FRAME_BYTES);
        long before = phone.count("media");
        await().until(() -> phone.count("media") > before || phone.count("mark") > 1);
        assertThat(stage.ears.getFirst().audioBytes).isEqualTo(40 * MediaPhone.FRAME_BYTES);
        assertThat(calls.count()).isEqualTo(1);
        assertThat(phone.isOpen()).isTrue();
    }

    @Test
    void aSocketBeyondTheCapacityIsSentToTheNextWorkerBeforeItClaims() {
        List<MediaPhone> phones = java.util.stream.IntStream.range(0, 40)
                .mapToObj(i -> phone().start("good-" + i))
                .toList();
        await().until(() -> calls.count() == 40);
        assertThat(phone().start("good-99").closeReason()).isEqualTo("1013 full");
        assertThat(claims).doesNotContainKey("good-99");
        assertThat(phones).allMatch(MediaPhone::isOpen);
    }

    @Test
    void aSocketThatNeverSaysStartIsClosed() {
        assertThat(phone().closeReason()).isEqualTo("1008 no start");
    }

    /** Guard: {@link Admission}. Without it the second call is claimed and begun by a loop that has no time for it. */
    @Test
    void aCallThatALateLoopHasNoTimeForIsSentToTheNextWorkerBeforeItClaims() {
        try (MediaStage late = new MediaStage(1, Tapes.none())) {
            late.keepLate(40);
            MediaPhone first = new MediaPhone(late.port()).start("good-1");
            MediaPhone second = new MediaPhone(late.port()).start("good-2");
            assertThat(CompletableFuture.anyOf(first.closed, second.closed)
                            .orTimeout(20, TimeUnit.SECONDS)
                            .join())
                    .isEqualTo("1013 busy");
            assertThat(late.claims).hasSize(1);
        }
    }
}
