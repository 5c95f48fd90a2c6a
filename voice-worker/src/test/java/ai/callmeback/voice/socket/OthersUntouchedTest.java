package ai.callmeback.voice.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.vendors.llm.LlmEvent;
import ai.callmeback.vendors.stt.SttEvent;
import ai.callmeback.voice.call.FakeVendors;
import ai.callmeback.voice.call.TestCall;
import ai.callmeback.voice.recording.Tapes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * One call on the same event loop as all those that misbehave, at the same time: it is greeted, heard and answered to the
 * last sample. What becomes of the others is tested where they are ({@link MediaServerTest}, the tests of vendors).
 */
class OthersUntouchedTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String GREETING = TestCall.brief().greeting() + " ";
    private static final int FLOOD = 20_000;
    private static final int FRAMES = 100;

    private final MediaStage stage = new MediaStage(1, Tapes.none());
    private final MediaPhone onlooker = begin("onlooker");

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void bySocketsThatMisbehave() {
        List<MediaPhone> bad = new ArrayList<>();
        MediaPhone nonsense = begin("nonsense");
        MediaPhone binary = begin("binary");
        MediaPhone oversized = begin("oversized");
        MediaPhone disordered = begin("disordered");
        MediaPhone foreign = begin("foreign");
        for (int i = 0; i < 2 * MediaConnection.MALFORMED_MOST; i++) {
            nonsense.send(i % 2 == 0 ? "{nonsense" : "[]");
            binary.sendBinary();
        }
        oversized.send(" ".repeat(70_000));
        for (int i = FRAMES; i > 0; i--) {
            disordered.media(i).media(i);
            foreign.media(i, "MZ2", (byte) 0x20);
        }
        foreign.send("{\"event\":\"stop\",\"streamSid\":\"MZ2\",\"stop\":{\"callSid\":\"CA1\"}}");
        bad.addAll(List.of(nonsense, binary, oversized));
        bad.add(new MediaPhone(stage.port()).start("onlooker"));
        bad.add(new MediaPhone(stage.port()).start("unknown"));
        bad.add(new MediaPhone(stage.port()).start(""));
        bad.add(new MediaPhone(stage.port())
                .send("{\"event\":\"start\",\"streamSid\":\"MZ1\",\"start\":{\"streamSid\":\"MZ1\",\"callSid\":\"CA1\","
                        + "\"customParameters\":{\"token\":\"l16\"},\"mediaFormat\":{\"encoding\":\"audio/l16\","
                        + "\"sampleRate\":16000}}}"));
        MediaPhone silent = new MediaPhone(stage.port());

        theOnlookerIsServed();

        bad.forEach(phone -> assertThat(phone.closeReason()).isNotEmpty());
        assertThat(silent.closeReason()).isEqualTo("1008 no start");
        assertThat(disordered.isOpen()).isTrue();
        assertThat(foreign.isOpen()).isTrue();
        assertThat(stage.calls.count()).isEqualTo(3);
    }

    @Test
    void byVendorsThatFlood() {
        stage.mind.answers = said -> said.startsWith("Flood")
                ? Collections.nCopies(FLOOD, new LlmEvent.Delta("And on and on it goes, you know. "))
                : List.of(new LlmEvent.Delta("You said " + said + "."));
        begin("ears");
        FakeVendors.Ears ears = stage.ears.getLast();
        begin("mind");
        FakeVendors.Ears ofMind = stage.ears.getLast();
        int voicesBefore = stage.voices.size();
        begin("voice");
        FakeVendors.Ears ofVoice = stage.ears.getLast();
        stage.onLoop(() -> {
            stage.voices.subList(voicesBefore, stage.voices.size()).forEach(voice -> voice.timesOver = 500);
            say(ofMind, "Flood me");
            say(ofVoice, "Speak to me");
            ears.starts("and");
        });
        for (int batch = 0; batch < FLOOD / 100; batch++) {
            stage.onLoop(() -> {
                for (int i = 0; i < 100; i++) {
                    ears.hear(new SttEvent.Update(0, "and on and on", 0));
                }
            });
        }
        theOnlookerIsServed();
        assertThat(stage.calls.count()).isEqualTo(4);
    }

    @Test
    void byVendorsThatTrickle() {
        stage.slowMind.trickleMillis = 500;
        stage.slowMind.answers = said -> Arrays.stream("Well I think that this will do".split(" "))
                .<LlmEvent>map(word -> new LlmEvent.Delta(word + " "))
                .toList();
        begin("ears");
        FakeVendors.Ears ears = stage.ears.getLast();
        begin("mind");
        FakeVendors.Ears ofMind = stage.ears.getLast();
        int voicesBefore = stage.voices.size();
        begin("voice");
        FakeVendors.Ears ofVoice = stage.ears.getLast();
        stage.onLoop(() -> {
            stage.voices.subList(voicesBefore, stage.voices.size()).forEach(voice -> voice.trickleMillis = 200);
            say(ofMind, "Drop by drop, so drop by drop");
            say(ofVoice, "Speak to me");
            // And never a word more.
            ears.starts("so");
        });
        theOnlookerIsServed();
        assertThat(stage.slowMind.requests).isNotEmpty();
        assertThat(stage.calls.count()).isEqualTo(4);
    }

    private MediaPhone begin(String token) {
        int before = stage.ears.size();
        MediaPhone phone = new MediaPhone(stage.port()).start(token);
        await().atMost(LONG).until(() -> phone.count("media") > 0 && stage.ears.size() > before);
        return phone;
    }

    /** Its greeting whole, all of its sound heard, its question answered. */
    private void theOnlookerIsServed() {
        FakeVendors.Ears ears = stage.ears.getFirst();
        for (int i = 1; i <= FRAMES; i++) {
            onlooker.media(i);
        }
        await().atMost(LONG).until(() -> ears.audioBytes >= FRAMES * MediaPhone.FRAME_BYTES);
        assertThat(ears.audioBytes).isEqualTo(FRAMES * MediaPhone.FRAME_BYTES);
        await().atMost(LONG).until(() -> onlooker.words().length() >= GREETING.length());
        stage.onLoop(() -> say(ears, "How are you"));
        String all = GREETING + "You said How are you. ";
        await().atMost(LONG).until(() -> onlooker.words().length() >= all.length());
        assertThat(onlooker.words()).isEqualTo(all);
        assertThat(onlooker.isOpen()).isTrue();
    }

    private static void say(FakeVendors.Ears ears, String words) {
        ears.starts(words);
        ears.says(words);
    }
}
