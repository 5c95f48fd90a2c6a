package ai.callmeback.simulators.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.simulators.core.Fault;
import ai.callmeback.simulators.core.FaultKind;
import ai.callmeback.simulators.speech.SpeechCodec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Media Streams in virtual time: pacing, playback, marks and clear. */
class MediaStreamTest {
    private static final byte[] SECOND = new byte[8_000];

    private final VirtualExchange world = new VirtualExchange();

    @Test
    void inboundFramesComeEveryTwentyMillisecondsWithoutDrift() {
        VirtualExchange.Socket socket = world.stream();
        world.time.advance(Duration.ofMinutes(10));
        List<JsonNode> media = socket.event("media");
        long first = socket.receivedAtNanos.get(socket.received.indexOf(media.get(0)));
        long last = socket.receivedAtNanos.get(socket.received.indexOf(media.get(media.size() - 1)));
        assertThat(last - first).isEqualTo((media.size() - 1) * 20_000_000L);
        JsonNode thousandth = media.get(999).get("media");
        assertThat(thousandth.get("chunk").asString()).isEqualTo("1000");
        assertThat(thousandth.get("timestamp").asString()).isEqualTo("19980");
        assertThat(thousandth.get("track").asString()).isEqualTo("inbound");
        assertThat(Base64.getDecoder().decode(thousandth.get("payload").asString()))
                .hasSize(160);
        assertThat(socket.event("start").get(0).get("sequenceNumber").asString())
                .isEqualTo("1");
        assertThat(media.get(0).get("sequenceNumber").asString()).isEqualTo("2");
    }

    @Test
    void aStallIsMadeUpForAndNoFrameIsLeftOut() {
        VirtualExchange.Socket socket = world.stream();
        int before = socket.event("media").size();
        world.time.stall(Duration.ofMillis(500));
        world.time.advance(Duration.ofMillis(500));
        assertThat(socket.event("media").size() - before).isEqualTo(50);
    }

    @Test
    void marksAreEchoedWhenPlaybackReachesThem() {
        VirtualExchange.Socket socket = world.stream();
        socket.audio(SECOND);
        socket.mark("one");
        socket.audio(SECOND);
        socket.mark("two");
        world.time.advance(Duration.ofMillis(980));
        assertThat(socket.marks()).isEmpty();
        world.time.advance(Duration.ofMillis(60));
        assertThat(socket.marks()).containsExactly("one");
        world.time.advance(Duration.ofMillis(1_000));
        assertThat(socket.marks()).containsExactly("one", "two");
    }

    @Test
    void aMarkBehindNothingIsEchoedAtOnce() {
        VirtualExchange.Socket socket = world.stream();
        socket.mark("now");
        assertThat(socket.marks()).containsExactly("now");
    }

    @Test
    void clearDropsAudioAndEchoesPendingMarksInOrder() {
        VirtualExchange.Socket socket = world.stream();
        socket.audio(
                SpeechCodec.encode("This is a long sentence that will be cut.").audio());
        socket.mark("one");
        socket.audio(SECOND);
        socket.mark("two");
        world.time.advance(Duration.ofMillis(500));
        socket.clear();
        socket.mark("sentinel");
        assertThat(socket.marks()).containsExactly("one", "two", "sentinel");
        world.time.advance(Duration.ofSeconds(2));
        assertThat(world.entries("heard").get(0).detail())
                .containsEntry("interrupted", true)
                .extractingByKey("text")
                .asString()
                .startsWith("This i")
                .hasSizeLessThan(12);
        assertThat(world.entries("underrun")).isEmpty();
    }

    @Test
    void aDryBufferInsideSpeechIsAnUnderrun() {
        VirtualExchange.Socket socket = world.stream();
        byte[] speech = SpeechCodec.encode("One two three four").audio();
        socket.audio(Arrays.copyOf(speech, 3_200));
        world.time.advance(Duration.ofMillis(600));
        socket.audio(Arrays.copyOfRange(speech, 3_200, speech.length));
        world.time.advance(Duration.ofSeconds(3));
        assertThat(world.entries("underrun")).hasSize(1);
        assertThat((Long) world.entries("underrun").get(0).detail().get("gapMillis"))
                .isBetween(160L, 220L);
        assertThat(world.entries("heard").get(0).detail()).containsEntry("text", "One two three four");
    }

    @Test
    void aLostFrameIsNoticed() {
        VirtualExchange.Socket socket = world.stream();
        byte[] speech = SpeechCodec.encode("One two three four").audio();
        socket.audio(Arrays.copyOf(speech, 1_600));
        socket.audio(Arrays.copyOfRange(speech, 1_760, speech.length));
        world.time.advance(Duration.ofSeconds(3));
        assertThat(world.entries("frames.lost")).hasSize(1);
    }

    @Test
    void aSlowReaderLosesInboundAudioAndIsWarned() {
        VirtualExchange.Socket socket = world.stream();
        int before = socket.event("media").size();
        socket.writable = false;
        world.time.advance(Duration.ofSeconds(1));
        socket.writable = true;
        world.time.advance(Duration.ofMillis(20));
        List<JsonNode> media = socket.event("media");
        assertThat(media).hasSizeBetween(before + 1, before + 2);
        long gapMillis = Long.parseLong(
                        media.get(before).get("media").get("timestamp").asString())
                - Long.parseLong(
                        media.get(before - 1).get("media").get("timestamp").asString());
        assertThat(gapMillis).isGreaterThan(1_000);
        assertThat(world.entries("stream.warning")).hasSize(1);
        assertThat(world.entries("stream.warning").get(0).detail()).containsEntry("code", 31930);
    }

    @Test
    void binaryFramesAreRefused() {
        VirtualExchange.Socket socket = world.stream();
        socket.listener.binary(160);
        assertThat(world.entries("stream.warning").get(0).detail()).containsEntry("code", 31950);
    }

    @Test
    void aDoubledFrameIsNoticed() {
        VirtualExchange.Socket socket = world.stream();
        byte[] speech = SpeechCodec.encode("One two three four").audio();
        socket.audio(Arrays.copyOf(speech, 1_760));
        socket.audio(Arrays.copyOfRange(speech, 1_600, speech.length));
        world.time.advance(Duration.ofSeconds(3));
        assertThat(world.entries("frames.repeated")).hasSize(1);
    }

    @Test
    void aClearOfAnEmptyBufferCutsNothing() {
        VirtualExchange.Socket socket = world.stream();
        byte[] speech = SpeechCodec.encode("All of it.").audio();
        socket.audio(speech);
        world.time.advance(Duration.ofMillis(speech.length / 8 + 100));
        socket.clear();
        world.time.advance(Duration.ofSeconds(2));
        assertThat(world.entries("heard").get(0).detail())
                .containsEntry("interrupted", false)
                .containsEntry("text", "All of it.");
    }

    @Test
    void aSilentSocketNeitherSendsNorPlaysButStaysOpen() {
        VirtualExchange.Socket socket = world.stream();
        world.faults.set(Fault.of("twilio", "media", FaultKind.SILENT, 1));
        world.time.advance(Duration.ofMillis(100));
        int before = socket.received.size();
        socket.audio(SECOND);
        socket.mark("never");
        world.time.advance(Duration.ofSeconds(5));
        assertThat(socket.received).hasSize(before);
        assertThat(socket.closed).isFalse();
    }

    @Test
    void theVendorCanDropTheSocket() {
        VirtualExchange.Socket socket = world.stream();
        world.faults.set(Fault.of("twilio", "media", FaultKind.CLOSE, 1).onlyFor(VirtualExchange.TO));
        world.time.advance(Duration.ofMillis(100));
        assertThat(socket.closed).isTrue();
        assertThat(world.exchange.newestFirst().get(0).status()).isEqualTo(CallStatus.COMPLETED);
    }
}
