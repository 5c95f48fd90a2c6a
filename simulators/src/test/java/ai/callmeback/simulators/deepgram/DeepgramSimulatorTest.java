package ai.callmeback.simulators.deepgram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import ai.callmeback.simulators.core.Fault;
import ai.callmeback.simulators.core.FaultKind;
import ai.callmeback.simulators.core.Faults;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.JournalEntry;
import ai.callmeback.simulators.core.JournalQuery;
import ai.callmeback.simulators.speech.MuLaw;
import ai.callmeback.simulators.speech.SpeechCodec;
import ai.callmeback.simulators.tuning.Tuning;
import ai.callmeback.simulators.tuning.TuningSwitch;
import ai.callmeback.simulators.wire.TestSocket;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"simulators.deepgram.idle-timeout=2500ms", "simulators.tuning.stt-latency-millis=0"})
class DeepgramSimulatorTest {
    private static final String FLUX = "/deepgram/v2/listen?model=flux-general-en&encoding=mulaw&sample_rate=8000";
    private static final String NOVA = "/deepgram/v1/listen?model=nova-3&encoding=mulaw&sample_rate=8000"
            + "&interim_results=true&endpointing=300&utterance_end_ms=1000&vad_events=true&punctuate=true";
    private static final String[] KEY = {"Authorization", "Token dg-key"};

    @LocalServerPort
    int port;

    @Autowired
    Journal journal;

    @Autowired
    Faults faults;

    @Autowired
    TuningSwitch tuning;

    @BeforeEach
    void begin() {
        journal.clear();
    }

    @AfterEach
    void leaveNoFaults() {
        faults.clearAll();
        tuning.reset();
    }

    @Test
    void fluxReportsATurnFromStartToEnd() {
        TestSocket socket = connect(FLUX + "&tag=call-1");
        socket.stream(audio(silence(10), say("Yes, tomorrow at nine works."), silence(40)), 640);
        JsonNode end = socket.await(event("EndOfTurn"));

        assertThat(end.path("transcript").asString()).isEqualTo("Yes, tomorrow at nine works.");
        assertThat(end.path("turn_index").asInt()).isZero();
        assertThat(end.path("end_of_turn_confidence").asDouble()).isBetween(0.7, 0.99);
        assertThat(end.path("words").get(1).path("word").asString()).isEqualTo("tomorrow");
        assertThat(end.path("audio_window_start").asDouble()).isEqualTo(0.2);
        List<JsonNode> all = socket.received();
        assertThat(all.getFirst().path("type").asString()).isEqualTo("Connected");
        assertThat(all.get(1).path("event").asString()).isEqualTo("StartOfTurn");
        assertThat(all.get(1).path("transcript").asString()).isNotEmpty();
        assertThat(socket.received(event("Update"))).hasSizeBetween(5, 10);
        for (int i = 0; i < all.size(); i++) {
            assertThat(all.get(i).path("sequence_id").asInt()).isEqualTo(i);
        }
    }

    @Test
    void fluxEndsAFinishedSentenceSoonerThanAnOpenOne() {
        TestSocket socket = connect(FLUX);
        socket.stream(audio(say("All done."), silence(60), say("and then I"), silence(80)), 160);
        await().until(() -> socket.received(event("EndOfTurn")).size() == 2);
        List<JsonNode> ends = socket.received(event("EndOfTurn"));

        double finished =
                ends.get(0).path("audio_window_end").asDouble() - SpeechCodec.durationMillis("All done.") / 1000.0;
        double open = ends.get(1).path("audio_window_end").asDouble()
                - (SpeechCodec.durationMillis("All done.and then I") + 1200) / 1000.0;
        assertThat(finished).isCloseTo(0.301, within(0.03));
        assertThat(open).isCloseTo(0.963, within(0.03));
        assertThat(ends.get(1).path("turn_index").asInt()).isEqualTo(1);
        assertThat(ends.get(1).path("transcript").asString()).isEqualTo("and then I");
    }

    @Test
    void fluxIsEagerAndTakesItBack() {
        TestSocket socket = connect(FLUX + "&eager_eot_threshold=0.4");
        socket.stream(audio(say("I said. "), silence(10), say("And more."), silence(40)), 160);
        socket.await(event("EndOfTurn"));

        assertThat(socket.received(node -> !node.path("event").asString("").matches("Update|")))
                .extracting(node -> node.path("event").asString() + ":"
                        + node.path("transcript").asString())
                .containsExactly(
                        "StartOfTurn:I s",
                        "EagerEndOfTurn:I said.",
                        "TurnResumed:I said. A",
                        "EagerEndOfTurn:I said. And more.",
                        "EndOfTurn:I said. And more.");
    }

    @Test
    void fluxWithThresholdOneEndsByTimeoutOrForce() {
        TestSocket socket = connect(FLUX + "&eot_threshold=1.0&eot_timeout_ms=2000");
        socket.stream(audio(say("Done."), silence(99)), 160);
        socket.send("{\"type\":\"Configure\",\"thresholds\":{\"eot_timeout_ms\":100}}");
        socket.send("{\"type\":\"Configure\",\"thresholds\":{\"eot_timeout_ms\":2500},\"keyterms\":[\"Maria\"]}");
        socket.send("{\"type\":\"ForceEndTurn\"}");
        socket.send("{\"type\":\"ForceEndTurn\"}");
        socket.await(event("EndOfTurn"));
        socket.stream(audio(say("Next."), silence(130)), 160);
        await().until(() -> socket.received(event("EndOfTurn")).size() == 2);

        assertThat(socket.received(type("ConfigureFailure"))).hasSize(1);
        JsonNode success = socket.received(type("ConfigureSuccess")).getFirst();
        assertThat(success.path("thresholds").path("eot_threshold").asDouble()).isEqualTo(1.0);
        assertThat(success.path("keyterms").get(0).asString()).isEqualTo("Maria");
    }

    @Test
    void fluxCloseStreamSendsAnUpdateAndNoEndAndNoStatus() {
        TestSocket socket = connect(FLUX);
        socket.stream(say("Half a sen"), 160);
        socket.send("{\"type\":\"CloseStream\"}");

        assertThat(socket.awaitClose()).isEqualTo(1005);
        assertThat(socket.received(event("EndOfTurn"))).isEmpty();
        assertThat(socket.received().getLast().path("event").asString()).isEqualTo("Update");
        assertThat(socket.received().getLast().path("transcript").asString()).isEqualTo("Half a sen");
    }

    @Test
    void fluxKnowsNoKeepAliveAndRefusesGarbage() {
        for (String message : List.of("{\"type\":\"KeepAlive\"}", "{\"type\":\"Finalize\"}", "{oops", "[]")) {
            TestSocket socket = connect(FLUX);
            socket.send(message);
            assertThat(socket.awaitClose()).isEqualTo(1008);
            assertThat(socket.received(type("Error"))).hasSize(1);
        }
    }

    @Test
    void noiseAndBackgroundTakeNoTurn() {
        TestSocket socket = connect(FLUX);
        socket.stream(
                audio(silence(5), MuLaw.noise(50, -20, new Random(3)), silence(60), say("Ok."), silence(40)), 320);
        socket.await(event("EndOfTurn"));

        assertThat(socket.received(event("StartOfTurn"))).hasSize(1);
        assertThat(socket.received(event("EndOfTurn"))
                        .getFirst()
                        .path("transcript")
                        .asString())
                .isEqualTo("Ok.");
    }

    @Test
    void zeroDelayModeEndsTheTurnAfterTheGivenSilence() {
        tuning.change(new Tuning.Change(true, null, 100, null, null, null, null));
        TestSocket socket = connect(FLUX);
        socket.stream(audio(say("no punctuation at all"), silence(10)), 160);
        JsonNode end = socket.await(event("EndOfTurn"));

        assertThat(end.path("audio_window_end").asDouble())
                .isCloseTo((SpeechCodec.durationMillis("no punctuation at all") + 100) / 1000.0, within(0.001));
    }

    @Test
    void novaSendsInterimsThenFinalThenUtteranceEnd() {
        TestSocket socket = connect(NOVA);
        String text = "Hello there, this is a somewhat longer sentence for you.";
        socket.stream(audio(silence(20), say(text), silence(70)), 160);
        JsonNode end = socket.await(type("UtteranceEnd"));
        JsonNode last = socket.await(node -> node.path("speech_final").asBoolean(false));

        StringBuilder utterance = new StringBuilder();
        for (JsonNode node : socket.received(node -> node.path("is_final").asBoolean(false))) {
            if (!transcript(node).isEmpty()) {
                utterance.append(utterance.isEmpty() ? "" : " ").append(transcript(node));
            }
        }
        assertThat(utterance.toString()).isEqualTo(text);
        assertThat(socket.received(
                        node -> node.has("is_final") && !node.path("is_final").asBoolean()))
                .hasSizeGreaterThan(2);
        assertThat(socket.received(type("SpeechStarted"))
                        .getFirst()
                        .path("timestamp")
                        .asDouble())
                .isEqualTo(0.4);
        double wordsEnd = 0.4 + SpeechCodec.durationMillis(text) / 1000.0;
        assertThat(end.path("last_word_end").asDouble()).isCloseTo(wordsEnd, within(0.002));
        JsonNode word =
                last.path("channel").path("alternatives").get(0).path("words").get(0);
        assertThat(word.path("punctuated_word").asString()).isNotEmpty();
        assertThat(word.path("word").asString()).isLowerCase();
    }

    @Test
    void novaFinalizesOnRequestAndSaysMetadataBeforeClosing() {
        TestSocket socket = connect(NOVA);
        socket.stream(audio(say("Not yet over"), silence(2)), 160);
        socket.send("{\"type\":\"KeepAlive\"}");
        socket.send("{\"type\":\"Finalize\"}");
        JsonNode asked = socket.await(node -> node.path("from_finalize").asBoolean(false));
        socket.send("{\"type\":\"CloseStream\"}");

        assertThat(transcript(asked)).isEqualTo("Not yet over");
        assertThat(socket.awaitClose()).isEqualTo(1000);
        JsonNode metadata = socket.received().getLast();
        assertThat(metadata.path("type").asString()).isEqualTo("Metadata");
        assertThat(metadata.path("duration").asDouble())
                .isEqualTo((SpeechCodec.durationMillis("Not yet over") + 40) / 1000.0);
    }

    @Test
    void novaKeepAliveAloneDoesNotSaveAConnectionWithoutAudio() {
        TestSocket socket = connect(NOVA);
        for (int i = 0; i < 3; i++) {
            socket.send("{\"type\":\"KeepAlive\"}");
        }
        assertThat(socket.awaitClose()).isEqualTo(1011);
        assertThat(socket.closeReason()).contains("net0001");
        assertThat(socket.received().getLast().path("type").asString()).isEqualTo("Metadata");
    }

    @Test
    void linear16IsHeardToo() {
        byte[] muLaw = audio(say("Sixteen bits."), silence(40));
        byte[] linear = new byte[muLaw.length * 4];
        for (int i = 0; i < muLaw.length; i++) {
            int sample = MuLaw.decode(muLaw[i]);
            for (int copy = 0; copy < 2; copy++) {
                linear[4 * i + 2 * copy] = (byte) sample;
                linear[4 * i + 2 * copy + 1] = (byte) (sample >> 8);
            }
        }
        TestSocket socket = connect("/deepgram/v2/listen?model=flux-general-en&encoding=linear16&sample_rate=16000");
        socket.stream(linear, 3200);
        assertThat(socket.await(event("EndOfTurn")).path("transcript").asString())
                .isEqualTo("Sixteen bits.");
    }

    @Test
    void theJournalKnowsTheAudioReceivedAndSoDoesTheUsageApi() throws Exception {
        TestSocket socket = connect(FLUX + "&tag=bill-me");
        socket.stream(audio(say("Count me."), silence(40)), 160);
        socket.await(event("EndOfTurn"));
        // In good order: cut off, it might not have received all that was sent.
        socket.send("{\"type\":\"CloseStream\"}");
        socket.awaitClose();
        String requestId = socket.received().getFirst().path("request_id").asString();
        await().until(() -> !journal.read(JournalQuery.ofCall(requestId)).stream()
                .filter(entry -> entry.kind().equals("session.closed"))
                .toList()
                .isEmpty());

        JournalEntry closed = journal.read(JournalQuery.ofCall(requestId)).getLast();
        int audioMillis = SpeechCodec.durationMillis("Count me.") + 800;
        assertThat(closed.detail()).containsEntry("audioMs", (long) audioMillis);
        HttpResponse<String> answer = get("/deepgram/v1/projects/p1/requests/" + requestId, "Token dg-key");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains(requestId).contains("\"duration\":" + audioMillis / 1000.0);
        assertThat(get("/deepgram/v1/projects/p1/usage/breakdown?grouping=tags", "Token dg-key")
                        .body())
                .contains("bill-me");
        assertThat(get("/deepgram/v1/projects/p1/requests", "").statusCode()).isEqualTo(401);
    }

    @Test
    void refusesWhatTheVendorRefuses() {
        assertThat(TestSocket.refused(uri(FLUX)).statusCode()).isEqualTo(401);
        assertThat(TestSocket.refused(uri(FLUX), "Authorization", "Basic abc").statusCode())
                .isEqualTo(401);
        List<String> bad = List.of(
                FLUX.replace("mulaw", "mp3"),
                FLUX.replace("8000", "44100"),
                FLUX.replace("flux-general-en", "nova-3"),
                FLUX + "&interim_results=true",
                FLUX + "&eot_threshold=0.2",
                FLUX + "&eager_eot_threshold=0.8&eot_threshold=0.6",
                NOVA.replace("nova-3", "flux-general-en"),
                NOVA.replace("&interim_results=true", ""),
                NOVA.replace("encoding=mulaw&", ""));
        for (String path : bad) {
            HttpResponse<?> refused = TestSocket.refused(uri(path), KEY);
            assertThat(refused.statusCode()).as(path).isEqualTo(400);
            assertThat(refused.headers().firstValue("dg-request-id")).isPresent();
            assertThat(refused.headers().firstValue("dg-error")).isPresent();
        }
    }

    @Test
    void acceptsTheKeyAsSubprotocol() {
        TestSocket socket = TestSocket.connect(uri(FLUX), "Sec-WebSocket-Protocol", "dg-key");
        socket.await(type("Connected"));
    }

    @Test
    void takesFaultsAtTheUpgradeAndInTheMiddle() {
        faults.set(Fault.of("deepgram", "listen", FaultKind.HTTP_429, 1));
        assertThat(TestSocket.refused(uri(FLUX), KEY).statusCode()).isEqualTo(429);

        faults.set(new Fault("", "deepgram", "listen", "t7", FaultKind.CLOSE, 0, 1011, 0, 0, 1));
        TestSocket struck = connect(FLUX + "&tag=t7");
        assertThat(struck.awaitClose()).isEqualTo(1011);

        faults.set(new Fault("", "deepgram", "listen", "t8", FaultKind.CLOSE, 150, 0, 0, 0, 1));
        assertThat(connect(FLUX + "&tag=t8").awaitClose()).isEqualTo(1006);

        faults.set(new Fault("", "deepgram", "listen", "t9", FaultKind.SILENT, 0, 0, 0, 0, 1));
        TestSocket silent = connect(FLUX + "&tag=t9");
        TestSocket other = connect(FLUX);
        silent.stream(audio(say("Hello."), silence(40)), 160);
        other.stream(audio(say("Hello."), silence(40)), 160);
        other.await(event("EndOfTurn"));
        assertThat(silent.received()).isEmpty();
        assertThat(silent.isOpen()).isTrue();
    }

    private TestSocket connect(String path) {
        return TestSocket.connect(uri(path), KEY);
    }

    private URI uri(String path) {
        return URI.create("ws://127.0.0.1:" + port + path);
    }

    private HttpResponse<String> get(String path, String authorization) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static java.util.function.Predicate<JsonNode> event(String name) {
        return node -> node.path("event").asString("").equals(name);
    }

    private static java.util.function.Predicate<JsonNode> type(String name) {
        return node -> node.path("type").asString("").equals(name);
    }

    private static String transcript(JsonNode results) {
        return results.path("channel")
                .path("alternatives")
                .get(0)
                .path("transcript")
                .asString();
    }

    private static byte[] say(String text) {
        return SpeechCodec.encode(text).audio();
    }

    private static byte[] silence(int frames) {
        return MuLaw.silence(frames);
    }

    private static byte[] audio(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
