package ai.callmeback.simulators.elevenlabs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.simulators.core.Fault;
import ai.callmeback.simulators.core.FaultKind;
import ai.callmeback.simulators.core.Faults;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.JournalEntry;
import ai.callmeback.simulators.core.JournalQuery;
import ai.callmeback.simulators.speech.Hearing;
import ai.callmeback.simulators.speech.SpeechCodec;
import ai.callmeback.simulators.tuning.Tuning;
import ai.callmeback.simulators.tuning.TuningSwitch;
import ai.callmeback.simulators.wire.Json;
import ai.callmeback.simulators.wire.TestSocket;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"simulators.tuning.tts-first-audio-millis=30", "simulators.tuning.tts-speed=20"})
class ElevenLabsSimulatorTest {
    private static final String VOICE = "/elevenlabs/v1/text-to-speech/pNInz6obpgDQGcFmaJgB";
    private static final String QUERY = "?model_id=eleven_flash_v2_5&output_format=ulaw_8000&sync_alignment=true";
    private static final String MULTI = VOICE + "/multi-stream-input" + QUERY;
    private static final String SINGLE = VOICE + "/stream-input" + QUERY;
    private static final String[] KEY = {"xi-api-key", "el-key"};

    @LocalServerPort
    int port;

    @Autowired
    Journal journal;

    @Autowired
    Faults faults;

    @Autowired
    TuningSwitch tuning;

    @Autowired
    TtsAccount account;

    @BeforeEach
    void begin() {
        journal.clear();
        account.reset();
    }

    @AfterEach
    void leaveNoFaults() {
        faults.clearAll();
        tuning.reset();
    }

    @Test
    void aContextSaysItsTextWithAlignmentsRelativeToEachChunk() {
        TestSocket socket = connect(MULTI);
        String text = "Sure, let me check that for you right away, Zoë. ";
        socket.send(init("t1"));
        socket.send(say("t1", text));
        socket.send("{\"context_id\":\"t1\",\"flush\":true}");
        socket.send("{\"context_id\":\"t1\",\"close_context\":true}");
        socket.await(ElevenLabsSimulatorTest::isLast);

        List<JsonNode> chunks = socket.received(node -> node.path("audio").isString());
        assertThat(chunks).hasSizeBetween(3, 10);
        ByteArrayOutputStream audio = new ByteArrayOutputStream();
        StringBuilder aligned = new StringBuilder();
        for (JsonNode chunk : chunks) {
            assertThat(contextOf(chunk)).isEqualTo("t1");
            aligned.append(checkAlignment(chunk));
            audio.writeBytes(Base64.getDecoder().decode(chunk.path("audio").asString()));
        }
        Hearing hearing = SpeechCodec.decode(audio.toByteArray());
        assertThat(hearing.text()).isEqualTo(text);
        assertThat(hearing.faults().none()).isTrue();
        assertThat(aligned.toString()).isEqualTo(text);
        assertThat(chunks.stream()
                        .map(chunk -> chunk.path("audio").asString().length())
                        .distinct()
                        .count())
                .isGreaterThan(1);
    }

    @Test
    void withoutAFlushNothingIsGeneratedBeforeTheScheduleAsksForIt() {
        TestSocket socket = connect(MULTI);
        socket.send(init("t1"));
        socket.send(say("t1", "Too short to start with. "));
        socket.send("{\"context_id\":\"t1\",\"close_context\":true}");
        socket.await(ElevenLabsSimulatorTest::isLast);
        assertThat(socket.received(node -> node.path("audio").isString())).isEmpty();
        assertThat(kinds("generation")).isEmpty();

        socket.send(init("t2"));
        socket.send(say("t2", "x".repeat(119) + " and so it begins "));
        socket.await(node -> node.path("audio").isString());
        assertThat(kinds("generation").getFirst().detail()).containsEntry("characters", 137);
    }

    @Test
    void closingInterruptsWhatWasNotFlushedAndLateAudioMayStillCome() {
        tuning.change(new Tuning.Change(null, null, null, 800, 4.0, null, null));
        TestSocket socket = connect(MULTI);
        socket.send(init("t1"));
        // The first audio is so far away that the close is in time, however slow the machine.
        socket.send(say("t1", "word ".repeat(60)));
        socket.send("{\"context_id\":\"t1\",\"close_context\":true}");
        socket.await(ElevenLabsSimulatorTest::isLast);

        assertThat(socket.received(node -> node.path("audio").isString())).hasSize(1);
        assertThat(kinds("generation").getFirst().detail()).containsEntry("characters", 300);
        assertThat(kinds("context.closed").getFirst().detail()).containsEntry("characters", 300);
    }

    @Test
    void autoModeGeneratesEachTextAtOnce() {
        TestSocket socket = connect(MULTI + "&auto_mode=true");
        socket.send(init("t1"));
        socket.send(say("t1", "Hello. "));
        socket.await(node -> node.path("audio").isString());
    }

    @Test
    void theSixthContextIsRefusedAndTheOthersGoOn() {
        TestSocket socket = connect(MULTI);
        for (int i = 1; i <= 6; i++) {
            socket.send(init("t" + i));
        }
        JsonNode error = socket.await(node -> node.has("error"));
        assertThat(contextOf(error)).isEqualTo("t6");
        socket.send("{\"text\":\"Still here. \",\"context_id\":\"t1\",\"flush\":true}");
        socket.await(node -> node.path("audio").isString());
        socket.send("{\"context_id\":\"t2\",\"close_context\":true}");
        socket.await(ElevenLabsSimulatorTest::isLast);
        socket.send(init("t6"));
        socket.send("{\"text\":\"Me too. \",\"context_id\":\"t6\",\"flush\":true}");
        socket.await(node -> node.path("audio").isString() && contextOf(node).equals("t6"));
    }

    @Test
    void aKeepAliveBeforeInitMakesALaterInitAnError() {
        TestSocket socket = connect(MULTI);
        socket.send("{\"text\":\"\"}");
        socket.send("{\"text\":\"\",\"context_id\":\"t1\"}");
        socket.send("{\"text\":\" \",\"context_id\":\"t1\",\"voice_settings\":{\"stability\":0.5}}");
        assertThat(socket.awaitClose()).isEqualTo(1008);
    }

    @Test
    void refusesBrokenMessages() {
        for (String message : List.of(
                "{nonsense",
                "{\"text\":\"Hello \",\"context_id\":\"t1\"}",
                "{\"context_id\":\"t1\"}",
                "{\"text\":\" \",\"context_id\":\"t1\",\"voice_settings\":{\"speed\":2.0}}",
                "{\"text\":\" \",\"context_id\":\"t1\",\"generation_config\":{\"chunk_length_schedule\":[10]}}")) {
            TestSocket socket = connect(MULTI);
            socket.send(message);
            assertThat(socket.awaitClose()).as(message).isEqualTo(1008);
            assertThat(socket.received().getLast().has("error")).isTrue();
        }
    }

    @Test
    void anIdleSocketIsToldSoAndClosed() {
        TestSocket socket = connect(MULTI + "&inactivity_timeout=1");
        assertThat(socket.awaitClose()).isEqualTo(1008);
        assertThat(socket.received().getFirst().path("error").asString()).isEqualTo("input_timeout_exceeded");
    }

    @Test
    void closeSocketWaitsForWhatWasFlushed() {
        TestSocket socket = connect(MULTI);
        socket.send(init("t1"));
        socket.send("{\"text\":\"To the end. \",\"context_id\":\"t1\",\"flush\":true}");
        socket.send("{\"close_socket\":true}");
        assertThat(socket.awaitClose()).isEqualTo(1000);
        assertThat(heard(socket.received())).isEqualTo("To the end. ");
    }

    @Test
    void theSingleSocketEndsWithAnEmptyText() {
        TestSocket socket = connect(SINGLE);
        socket.send("{\"text\":\" \",\"voice_settings\":{\"stability\":0.5}}");
        socket.send("{\"text\":\"Hello Maria, \"}");
        socket.send("{\"text\":\"your visit is at nine. \",\"flush\":true}");
        socket.send("{\"text\":\"Bye. \"}");
        socket.send("{\"text\":\"\"}");
        assertThat(socket.awaitClose()).isEqualTo(1000);
        assertThat(heard(socket.received())).isEqualTo("Hello Maria, your visit is at nine. Bye. ");
        assertThat(isLast(socket.received().getLast())).isTrue();
        // The client reads the close frame before the simulator has read its answer.
        await().untilAsserted(() -> assertThat(kinds("session.closed"))
                .anySatisfy(closed -> assertThat(closed.detail()).containsEntry("characters", 41)));
    }

    @Test
    void keysVoicesModelsAndFormatsAreChecked() throws Exception {
        assertThat(TestSocket.refused(uri(MULTI.replace("ulaw_8000", "mp3_44100_128")), KEY)
                        .statusCode())
                .isEqualTo(400);
        assertThat(TestSocket.refused(uri(MULTI.replace("eleven_flash_v2_5", "eleven_x")), KEY)
                        .statusCode())
                .isEqualTo(400);
        assertThat(TestSocket.refused(uri(MULTI.replace("eleven_flash_v2_5", "eleven_v3")), KEY)
                        .statusCode())
                .isEqualTo(403);
        TestSocket nobody = connect(MULTI.replace("pNInz6obpgDQGcFmaJgB", "nobody"));
        nobody.send(init("t1"));
        assertThat(nobody.awaitClose()).isEqualTo(1008);
        assertThat(nobody.received().getLast().path("error").asString()).isEqualTo("voice_not_found");
        assertThat(post(
                                VOICE.replace("pNInz6obpgDQGcFmaJgB", "nobody") + "/stream?output_format=ulaw_8000",
                                "{\"text\":\"Hi\"}")
                        .statusCode())
                .isEqualTo(404);
        TestSocket keyless = TestSocket.connect(uri(MULTI));
        keyless.send(init("t1"));
        assertThat(keyless.awaitClose()).isEqualTo(1008);
        TestSocket inFrame = TestSocket.connect(uri(MULTI));
        inFrame.send("{\"text\":\" \",\"context_id\":\"t1\",\"xi_api_key\":\"k\"}");
        inFrame.send("{\"text\":\"Hi. \",\"context_id\":\"t1\",\"flush\":true}");
        inFrame.await(node -> node.path("audio").isString());
    }

    @Test
    void takesFaults() {
        faults.set(Fault.of("elevenlabs", "multi-stream-input", FaultKind.HTTP_429, 1));
        assertThat(TestSocket.refused(uri(MULTI), KEY).statusCode()).isEqualTo(429);
        faults.set(Fault.of("elevenlabs", "multi-stream-input", FaultKind.CLOSE, 1));
        TestSocket cut = connect(MULTI);
        cut.send(init("t1"));
        assertThat(cut.awaitClose()).isEqualTo(1006);
        faults.set(Fault.of("elevenlabs", "multi-stream-input", FaultKind.SILENT, 1));
        TestSocket silent = connect(MULTI);
        silent.send(init("t1"));
        silent.send("{\"text\":\"Hi. \",\"context_id\":\"t1\",\"flush\":true}");
        await().until(() -> !kinds("generation").isEmpty());
        assertThat(silent.received()).isEmpty();
        assertThat(silent.isOpen()).isTrue();
    }

    @Test
    void speaksByHttpAndKeepsTheAccount() throws Exception {
        HttpResponse<byte[]> spoken = post(
                VOICE + "/stream?output_format=ulaw_8000",
                "{\"text\":\"By wire.\",\"model_id\":\"eleven_flash_v2_5\"}");
        assertThat(spoken.statusCode()).isEqualTo(200);
        assertThat(SpeechCodec.decode(spoken.body()).text()).isEqualTo("By wire.");
        assertThat(spoken.headers().firstValue("character-cost")).hasValue("4");
        assertThat(spoken.headers().firstValue("request-id")).isPresent();

        HttpResponse<byte[]> timed = post(
                VOICE + "/stream/with-timestamps?output_format=ulaw_8000",
                "{\"text\":\"Timed.\",\"model_id\":\"eleven_flash_v2_5\"}");
        StringBuilder characters = new StringBuilder();
        new String(timed.body(), StandardCharsets.UTF_8)
                .lines()
                .map(Json::object)
                .forEach(line -> line.path("alignment")
                        .path("characters")
                        .forEach(character -> characters.append(character.asString())));
        assertThat(characters.toString()).isEqualTo("Timed.");

        assertThat(post(VOICE + "/stream?output_format=ulaw_8000", "{}").statusCode())
                .isEqualTo(422);
        assertThat(post(VOICE + "/stream", "{\"text\":\"Hi\"}").statusCode()).isEqualTo(400);
        assertThat(post(VOICE + "/stream?output_format=ulaw_8000", "{\"text\":\"" + "x".repeat(10_001) + "\"}")
                        .statusCode())
                .isEqualTo(400);
        JsonNode subscription = Json.object(get("/elevenlabs/v1/user/subscription"));
        assertThat(subscription.path("character_count").asInt()).isEqualTo(7);
        JsonNode history = Json.object(get("/elevenlabs/v1/history"));
        assertThat(history.path("history").get(0).path("text").asString()).isEqualTo("Timed.");
        assertThat(get("/elevenlabs/v1/models")).contains("character_cost_multiplier");
    }

    private static String checkAlignment(JsonNode chunk) {
        JsonNode alignment = chunk.path("alignment");
        if (alignment.isNull()) {
            return "";
        }
        JsonNode chars = alignment.path("chars");
        JsonNode starts = alignment.has("charStartTimesMs")
                ? alignment.path("charStartTimesMs")
                : alignment.path("charsStartTimesMs");
        int bytes = Base64.getDecoder().decode(chunk.path("audio").asString()).length;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < chars.size(); i++) {
            text.append(chars.get(i).asString());
            assertThat(starts.get(i).asInt()).isBetween(0, bytes / 8);
        }
        return text.toString();
    }

    private static String heard(List<JsonNode> messages) {
        ByteArrayOutputStream audio = new ByteArrayOutputStream();
        messages.stream()
                .filter(node -> node.path("audio").isString())
                .forEach(node -> audio.writeBytes(
                        Base64.getDecoder().decode(node.path("audio").asString())));
        return SpeechCodec.decode(audio.toByteArray()).text();
    }

    private static boolean isLast(JsonNode node) {
        return node.path("isFinal").asBoolean(false) || node.path("is_final").asBoolean(false);
    }

    private static String contextOf(JsonNode node) {
        return node.has("contextId")
                ? node.path("contextId").asString()
                : node.path("context_id").asString("");
    }

    private static String init(String context) {
        return "{\"text\":\" \",\"context_id\":\"" + context + "\"}";
    }

    private static String say(String context, String text) {
        return "{\"text\":" + Json.quote(text) + ",\"context_id\":\"" + context + "\"}";
    }

    private List<JournalEntry> kinds(String kind) {
        Predicate<JournalEntry> which = entry -> entry.kind().equals(kind);
        return journal.read(JournalQuery.ofVendor("elevenlabs")).stream()
                .filter(which)
                .toList();
    }

    private TestSocket connect(String path) {
        return TestSocket.connect(uri(path), KEY);
    }

    private URI uri(String path) {
        return URI.create("ws://127.0.0.1:" + port + path);
    }

    private HttpResponse<byte[]> post(String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("xi-api-key", "el-key")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    private String get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("xi-api-key", "el-key")
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }
}
