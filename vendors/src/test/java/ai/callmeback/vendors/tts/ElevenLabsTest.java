package ai.callmeback.vendors.tts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.vendors.Heard;
import ai.callmeback.vendors.Loops;
import ai.callmeback.vendors.ScriptedHttp;
import ai.callmeback.vendors.ScriptedHttp.Reply;
import ai.callmeback.vendors.ScriptedSocket;
import ai.callmeback.vendors.VendorFault.Kind;
import ai.callmeback.vendors.settings.Secret;
import ai.callmeback.vendors.settings.VendorSettings;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Socket and HTTP stream over real sockets; {@link Heard} refuses events on any loop but the session's. */
class ElevenLabsTest {

    private static final TtsOptions VOICE = TtsOptions.voice("EXAVITQu4vr4xnSDxMaL");

    private static Loops loops;

    @BeforeAll
    static void open() {
        loops = new Loops();
    }

    @AfterAll
    static void shut() {
        loops.close();
    }

    private static ElevenLabsTextToSpeech client(String base) {
        return new ElevenLabsTextToSpeech(VendorSettings.ElevenLabs.at(Secret.of("xi-key"), URI.create(base)));
    }

    private static TtsSession open(ScriptedSocket vendor, EventLoop loop, Heard<TtsEvent> heard) {
        return Loops.on(
                loop,
                () -> client("ws://127.0.0.1:" + vendor.port() + "/elevenlabs").open(VOICE, loop, heard::add));
    }

    private static void on(EventLoop loop, Runnable work) {
        Loops.on(loop, () -> {
            work.run();
            return null;
        });
    }

    private static String base64(int... bytes) {
        byte[] raw = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            raw[i] = (byte) bytes[i];
        }
        return Base64.getEncoder().encodeToString(raw);
    }

    private static byte[] bytes(TtsEvent.Audio audio) {
        byte[] bytes = ByteBufUtil.getBytes(audio.mulaw());
        audio.mulaw().release();
        return bytes;
    }

    @Test
    void speaksAContextFromItsFirstSpaceToItsEnd() {
        EventLoop loop = loops.get(0);
        Heard<TtsEvent> heard = new Heard<>(loop);
        try (ScriptedSocket vendor = ScriptedSocket.quiet()) {
            TtsSession session = open(vendor, loop, heard);
            on(loop, () -> {
                session.startContext("turn-1");
                session.text("turn-1", "Hello \"Ada\", ");
                session.text("turn-1", "how are you? 👋");
                session.text("turn-1", "  ");
                session.flush("turn-1");
                session.closeContext("turn-1");
                session.closeContext("turn-1");
                session.text("turn-1", "too late");
            });
            vendor.awaitText("close_context");
            assertThat(vendor.texts)
                    .containsExactly(
                            "{\"text\":\" \",\"context_id\":\"turn-1\",\"voice_settings\":"
                                    + "{\"stability\":0.5,\"similarity_boost\":0.8,\"style\":0.0,\"use_speaker_boost\":true,\"speed\":1.0}}",
                            "{\"text\":\"Hello \\\"Ada\\\", \",\"context_id\":\"turn-1\"}",
                            "{\"text\":\"how are you? 👋 \",\"context_id\":\"turn-1\"}",
                            "{\"context_id\":\"turn-1\",\"flush\":true}",
                            "{\"context_id\":\"turn-1\",\"close_context\":true}");
            assertThat(vendor.uri())
                    .startsWith("/elevenlabs/v1/text-to-speech/EXAVITQu4vr4xnSDxMaL/multi-stream-input?")
                    .contains("model_id=eleven_flash_v2_5", "output_format=ulaw_8000");
            assertThat(vendor.headers().get("xi-api-key")).isEqualTo("xi-key");
            vendor.send("{\"audio\":\"" + base64(1, 2, 0xFF) + "\",\"isFinal\":null,\"contextId\":\"turn-1\","
                    + "\"alignment\":{\"chars\":[\"H\",\"👋\",\" \"],\"charStartTimesMs\":[0,60,110],"
                    + "\"charDurationsMs\":[60,50,40]},\"normalizedAlignment\":null}");
            vendor.send("{\"audio\":\"" + base64(4) + "\",\"context_id\":\"turn-1\",\"alignment\":null,"
                    + "\"normalizedAlignment\":{\"chars\":[\"x\"],\"charStartTimesMs\":[1],\"charsDurationsMs\":[2]}}");
            vendor.send("{\"type\":\"flush_done\",\"context_id\":\"turn-1\"}");
            vendor.send("{\"audio\":null,\"is_final\":true,\"contextId\":\"turn-1\"}");
            heard.awaitFirst(TtsEvent.ContextFinal.class);
            List<TtsEvent.Audio> audio = heard.all(TtsEvent.Audio.class);
            assertThat(audio).hasSize(2);
            assertThat(bytes(audio.get(0))).containsExactly(1, 2, 0xFF);
            assertThat(audio.get(0).alignment().text()).isEqualTo("H👋 ");
            assertThat(audio.get(0).alignment().startMillis()).containsExactly(0, 60, 60, 110);
            assertThat(audio.get(0).alignment().durationMillis()).containsExactly(60, 50, 50, 40);
            assertThat(bytes(audio.get(1))).containsExactly(4);
            assertThat(audio.get(1).contextOffsetBytes()).isEqualTo(3);
            assertThat(audio.get(1).alignment().text()).isEqualTo("x");
            // 13 and 15 characters with their spaces; the emoji is one character, and the blank text was not sent.
            assertThat(Loops.on(loop, session::charactersBilled)).isEqualTo(13 + 15);
            on(loop, session::close);
            vendor.awaitText("close_socket");
            await().until(() -> vendor.closeCodes.equals(List.of(1000)));
            assertThat(heard.all(TtsEvent.Closed.class)).isEmpty();
        }
    }

    @Test
    void dropsLateAudioOfACancelledContext() {
        EventLoop loop = loops.get(1);
        Heard<TtsEvent> heard = new Heard<>(loop);
        try (ScriptedSocket vendor = ScriptedSocket.quiet()) {
            TtsSession session = open(vendor, loop, heard);
            on(loop, () -> {
                session.startContext("a");
                session.text("a", "One. ");
                session.flush("a");
                session.startContext("b");
                session.text("b", "Two. ");
                session.flush("b");
                session.cancelContext("a");
            });
            vendor.awaitText("close_context");
            vendor.send("{\"audio\":\"" + base64(1) + "\",\"contextId\":\"a\"}");
            vendor.send("{\"isFinal\":true,\"contextId\":\"a\"}");
            vendor.send("{\"error\":\"late\",\"contextId\":\"a\"}");
            vendor.send("{\"audio\":\"" + base64(2) + "\",\"contextId\":\"b\"}");
            TtsEvent.Audio audio = heard.awaitFirst(TtsEvent.Audio.class);
            assertThat(audio.contextId()).isEqualTo("b");
            assertThat(bytes(audio)).containsExactly(2);
            assertThat(heard.events()).hasSize(2);
        }
    }

    @Test
    void opensNoSixthContext() {
        EventLoop loop = loops.get(2);
        Heard<TtsEvent> heard = new Heard<>(loop);
        try (ScriptedSocket vendor = ScriptedSocket.quiet()) {
            TtsSession session = open(vendor, loop, heard);
            on(loop, () -> {
                for (int i = 1; i <= 6; i++) {
                    session.startContext("c" + i);
                }
            });
            TtsEvent.ContextFailed failed = heard.awaitFirst(TtsEvent.ContextFailed.class);
            assertThat(failed.contextId()).isEqualTo("c6");
            assertThat(failed.fault().kind()).isEqualTo(Kind.LIMIT);
            on(loop, () -> {
                session.cancelContext("c1");
                session.startContext("c7");
            });
            vendor.awaitText("c7");
            assertThat(vendor.texts).noneMatch(text -> text.contains("c6"));
        }
    }

    @Test
    void losesOneContextToAnErrorOfItsOwn() {
        EventLoop loop = loops.get(3);
        Heard<TtsEvent> heard = new Heard<>(loop);
        try (ScriptedSocket vendor = ScriptedSocket.quiet()) {
            TtsSession session = open(vendor, loop, heard);
            on(loop, () -> {
                session.startContext("a");
                session.text("a", "One. ");
            });
            vendor.awaitText("One.");
            vendor.send("{\"error\":\"quota_exceeded\",\"message\":\"used up\",\"code\":1008,\"contextId\":\"a\"}");
            TtsEvent.ContextFailed failed = heard.awaitFirst(TtsEvent.ContextFailed.class);
            assertThat(failed.fault().kind()).isEqualTo(Kind.QUOTA);
            assertThat(heard.all(TtsEvent.Closed.class)).isEmpty();
            assertThat(Loops.on(loop, session::isOpen)).isTrue();
        }
    }

    @Test
    void givesUpAContextThatGetsNoAudio() {
        EventLoop loop = loops.get(0);
        Heard<TtsEvent> heard = new Heard<>(loop);
        try (ScriptedSocket vendor = ScriptedSocket.quiet()) {
            TtsSession session = open(vendor, loop, heard);
            on(loop, () -> {
                session.startContext("a");
                session.text("a", "One. ");
                session.flush("a");
            });
            TtsEvent.ContextFailed failed = heard.awaitFirst(TtsEvent.ContextFailed.class);
            assertThat(failed.fault().kind()).isEqualTo(Kind.TIMEOUT);
            vendor.awaitText("close_context");
        }
    }

    @Test
    void keepsTheSocketAliveWithoutTouchingAContext() {
        EventLoop loop = loops.get(1);
        Heard<TtsEvent> heard = new Heard<>(loop);
        try (ScriptedSocket vendor = ScriptedSocket.quiet()) {
            open(vendor, loop, heard);
            heard.awaitFirst(TtsEvent.Opened.class);
            await().atMost(Duration.ofSeconds(15)).until(() -> !vendor.texts.isEmpty());
            assertThat(vendor.texts.getFirst()).isEqualTo("{\"text\":\"\"}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1008,No message received within 20s.,TIMEOUT",
        "1008,quota_exceeded: none left,QUOTA",
        "1008,invalid_api_key,UNAUTHORIZED",
        "1008,voice_not_found,BAD_REQUEST",
        "1011,,SERVER_ERROR",
        "1000,,DROPPED"
    })
    void readsCloseCodes(int code, String reason, Kind kind) {
        assertThat(closedBy(vendor -> vendor.closeWith(code, reason == null ? "" : reason)))
                .isEqualTo(kind);
    }

    @Test
    void noticesACutConnectionATimeoutFrameAndAMessageThatIsNoJson() {
        assertThat(closedBy(ScriptedSocket::drop)).isEqualTo(Kind.DROPPED);
        assertThat(
                        closedBy(
                                vendor -> vendor.send(
                                        "{\"message\":\"No message received within 20s.\",\"error\":\"input_timeout_exceeded\",\"code\":1008}")))
                .isEqualTo(Kind.TIMEOUT);
        assertThat(closedBy(vendor -> vendor.send("audio!"))).isEqualTo(Kind.PROTOCOL);
        assertThat(closedBy(vendor -> vendor.send("{\"audio\":\"###\",\"contextId\":\"a\"}")))
                .isEqualTo(Kind.PROTOCOL);
    }

    private static Kind closedBy(Consumer<ScriptedSocket> misfortune) {
        EventLoop loop = loops.get(2);
        Heard<TtsEvent> heard = new Heard<>(loop);
        try (ScriptedSocket vendor = ScriptedSocket.quiet()) {
            open(vendor, loop, heard);
            heard.awaitFirst(TtsEvent.Opened.class);
            misfortune.accept(vendor);
            return heard.awaitFirst(TtsEvent.Closed.class).fault().kind();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 429})
    void readsARefusedUpgradeAndBillsNothing(int status) {
        EventLoop loop = loops.get(3);
        Heard<TtsEvent> heard = new Heard<>(loop);
        try (ScriptedHttp vendor = new ScriptedHttp(
                asked -> Reply.of(status, "{\"detail\":{\"status\":\"no\",\"message\":\"not today\"}}"))) {
            TtsSession session = Loops.on(
                    loop,
                    () -> client("ws://127.0.0.1:" + vendor.base("").getPort()).open(VOICE, loop, heard::add));
            on(loop, () -> {
                session.startContext("a");
                session.text("a", "Hello. ");
            });
            assertThat(heard.awaitFirst(TtsEvent.Closed.class).fault().kind()).isEqualTo(Kind.ofStatus(status));
            assertThat(Loops.on(loop, session::charactersBilled)).isZero();
        }
    }

    // ------------------------------------------------------------------ HTTP

    private static String piece(String audio, String characters, String starts, String ends) {
        return "{\"audio_base64\":\"" + audio + "\",\"alignment\":{\"characters\":" + characters
                + ",\"character_start_times_seconds\":" + starts + ",\"character_end_times_seconds\":" + ends
                + "},\"normalized_alignment\":null}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s\n%s\n", "%s%s", "[%s,%s]", "data: %s\n\ndata: %s\n\n"})
    void speaksByHttpWhateverStandsBetweenThePieces(String shape) {
        EventLoop loop = loops.get(0);
        Heard<TtsEvent> heard = new Heard<>(loop);
        String quarter = Base64.getEncoder().encodeToString(new byte[4000]);
        String body = shape.formatted(
                piece(quarter, "[\"H\",\"}\"]", "[0,0.1]", "[0.1,0.2]"),
                piece(quarter, "[\"\\\"\"]", "[0.8]", "[0.9]"));
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> Reply.of(200, body))) {
            TtsSession session = Loops.on(
                    loop,
                    () -> client("ws://127.0.0.1:" + vendor.base("").getPort() + "/el")
                            .openFallback(VOICE, loop, heard::add));
            on(loop, () -> {
                session.startContext("a");
                session.text("a", "Hello.");
                session.closeContext("a");
            });
            heard.awaitFirst(TtsEvent.ContextFinal.class);
            List<TtsEvent.Audio> audio = heard.all(TtsEvent.Audio.class);
            assertThat(audio).hasSize(2);
            assertThat(audio.get(0).alignment().startMillis()).containsExactly(0, 100);
            assertThat(audio.get(0).alignment().durationMillis()).containsExactly(100, 100);
            // 800 ms into the request is 300 ms into the second piece, which begins at 500.
            assertThat(audio.get(1).alignment().startMillis()).containsExactly(300);
            audio.forEach(one -> one.mulaw().release());
            assertThat(vendor.asked.getFirst().uri())
                    .isEqualTo(
                            "/el/v1/text-to-speech/EXAVITQu4vr4xnSDxMaL/stream/with-timestamps?output_format=ulaw_8000");
            assertThat(vendor.asked.getFirst().body()).contains("\"text\":\"Hello. \"");
            assertThat(Loops.on(loop, session::charactersBilled)).isEqualTo(7);
        }
    }

    @Test
    void repeatsAnHttpRequestOnceAndThenFailsTheContextAlone() {
        EventLoop loop = loops.get(1);
        Heard<TtsEvent> heard = new Heard<>(loop);
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> new Reply(
                429,
                Map.of(),
                List.of("{\"detail\":{\"status\":\"system_busy\",\"message\":\"m\"}}".getBytes(StandardCharsets.UTF_8)),
                Reply.End.COMPLETE))) {
            TtsSession session = Loops.on(
                    loop,
                    () -> client("ws://127.0.0.1:" + vendor.base("").getPort()).openFallback(VOICE, loop, heard::add));
            on(loop, () -> {
                session.startContext("a");
                session.text("a", "Hello. ");
                session.flush("a");
            });
            assertThat(heard.awaitFirst(TtsEvent.ContextFailed.class).fault().kind())
                    .isEqualTo(Kind.RATE_LIMITED);
            assertThat(vendor.asked).hasSize(2);
            assertThat(Loops.on(loop, session::charactersBilled)).isZero();
        }
    }
}
