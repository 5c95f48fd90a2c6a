package ai.callmeback.vendors.stt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.vendors.Heard;
import ai.callmeback.vendors.Loops;
import ai.callmeback.vendors.ScriptedHttp;
import ai.callmeback.vendors.ScriptedSocket;
import ai.callmeback.vendors.VendorFault.Kind;
import ai.callmeback.vendors.settings.Secret;
import ai.callmeback.vendors.settings.VendorSettings;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both engines over real sockets, each test on one of four loops; {@link Heard} refuses events on any other. */
class DeepgramTest {

    private static Loops loops;

    @BeforeAll
    static void open() {
        loops = new Loops();
    }

    @AfterAll
    static void shut() {
        loops.close();
    }

    private static DeepgramSpeechToText client(int port, String path) {
        return new DeepgramSpeechToText(new VendorSettings.Deepgram(
                Secret.of("dg-key"), URI.create("ws://127.0.0.1:" + port + path), SttOptions.Engine.FLUX));
    }

    private static SttSession open(int port, String path, SttOptions options, EventLoop loop, Heard<SttEvent> heard) {
        return Loops.on(loop, () -> client(port, path).open(options, loop, heard::add));
    }

    private static void audio(SttSession session, EventLoop loop, int bytes, int value) {
        byte[] frame = new byte[bytes];
        Arrays.fill(frame, (byte) value);
        Loops.on(loop, () -> {
            session.sendAudio(Unpooled.wrappedBuffer(frame));
            return null;
        });
    }

    @Test
    void tellsTheTurnsOfFlux() {
        EventLoop loop = loops.get(0);
        Heard<SttEvent> heard = new Heard<>(loop);
        try (ScriptedSocket vendor = ScriptedSocket.quiet()) {
            SttSession session = open(
                    vendor.port(),
                    "/deepgram/",
                    SttOptions.flux().withKeyterms(List.of("Ada", "call me")),
                    loop,
                    heard);
            assertThat(heard.awaitFirst(SttEvent.Opened.class).requestId()).isEqualTo("req-1");
            vendor.send("{\"type\":\"Connected\",\"request_id\":\"x\",\"sequence_id\":0}");
            vendor.send(turn("Update", 0, 0.5, ""));
            vendor.send(turn("StartOfTurn", 0, 0.75, "Hi"));
            vendor.send(turn("Update", 0, 1.0, "Hi there"));
            vendor.send(turn("EagerEndOfTurn", 0, 1.25, "Hi there"));
            vendor.send(turn("TurnResumed", 0, 1.5, "Hi there"));
            vendor.send(turn("EndOfTurn", 0, 2.4, "Hi there, \\u00e9l\\u00e8ve"));
            vendor.send("{\"type\":\"Novelty\",\"x\":[1,{\"y\":2}]}");
            vendor.send(turn("StartOfTurn", 1, 3.0, "No"));
            await().until(() -> heard.events().size() == 7);
            assertThat(heard.events().subList(1, 7))
                    .containsExactly(
                            new SttEvent.StartOfTurn(0, "Hi", 750),
                            new SttEvent.Update(0, "Hi there", 1000),
                            new SttEvent.EagerEndOfTurn(0, "Hi there", 0.86, 1250),
                            new SttEvent.TurnResumed(0, "Hi there", 1500),
                            new SttEvent.EndOfTurn(0, "Hi there, élève", 0.86, 2400),
                            new SttEvent.StartOfTurn(1, "No", 3000));
            assertThat(vendor.uri())
                    .startsWith("/deepgram/v2/listen?")
                    .contains("model=flux-general-en", "encoding=mulaw", "sample_rate=8000")
                    .contains("eot_threshold=0.7", "eager_eot_threshold=0.4", "keyterm=Ada", "keyterm=call%20me")
                    .doesNotContain("interim_results", "endpointing");
            assertThat(vendor.headers().get("Authorization")).isEqualTo("Token dg-key");
            Loops.on(loop, () -> {
                session.forceEndTurn();
                session.close();
                session.close();
                return null;
            });
            await().until(() -> vendor.closeCodes.equals(List.of(1000)));
            assertThat(vendor.texts).containsExactly("{\"type\":\"ForceEndTurn\"}", "{\"type\":\"CloseStream\"}");
            assertThat(heard.all(SttEvent.Closed.class)).isEmpty();
        }
    }

    private static String turn(String event, int index, double end, String transcript) {
        return "{\"type\":\"TurnInfo\",\"request_id\":\"x\",\"sequence_id\":7,\"event\":\"" + event
                + "\",\"turn_index\":" + index + ",\"audio_window_start\":0.0,\"audio_window_end\":" + end
                + ",\"transcript\":\"" + transcript
                + "\",\"words\":[{\"word\":\"Hi\",\"confidence\":0.9}],\"end_of_turn_confidence\":0.86,\"trigger\":\"model\"}";
    }

    @Test
    void sendsWhatWasSaidBeforeItWasReadyAndJoinsFrames() {
        EventLoop loop = loops.get(1);
        Heard<SttEvent> heard = new Heard<>(loop);
        try (ScriptedSocket vendor = ScriptedSocket.quiet()) {
            SttSession session = Loops.on(loop, () -> {
                SttSession opening = client(vendor.port(), "").open(SttOptions.flux(), loop, heard::add);
                for (int i = 0; i < 10; i++) {
                    opening.sendAudio(Unpooled.wrappedBuffer(new byte[160]).setByte(0, i));
                }
                return opening;
            });
            heard.awaitFirst(SttEvent.Opened.class);
            await().until(() -> vendor.audio().length == 1600);
            for (int i = 0; i < 9; i++) {
                audio(session, loop, 160, 10 + i);
            }
            await().until(() -> vendor.audio().length == 1600 + 1280);
            assertThat(vendor.audioSizes).containsExactly(1600, 640, 640);
            for (int i = 0; i < 10; i++) {
                assertThat(vendor.audio()[i * 160]).isEqualTo((byte) i);
            }
            assertThat(Loops.on(loop, session::audioMillisSent)).isEqualTo(360);
            assertThat(Loops.on(loop, session::audioMillisDropped)).isZero();
            Loops.on(loop, () -> {
                session.close();
                return null;
            });
            await().untilAsserted(() -> assertThat(vendor.audio()).hasSize(19 * 160));
        }
    }

    @Test
    void keepsNoMoreAudioThanItsBoundWhileTheVendorIsNotReady() {
        EventLoop loop = loops.get(2);
        Heard<SttEvent> heard = new Heard<>(loop);
        try (ScriptedSocket vendor = ScriptedSocket.deaf()) {
            SttSession session = open(vendor.port(), "", SttOptions.flux(), loop, heard);
            for (int i = 0; i < 12; i++) {
                audio(session, loop, 8000, i);
            }
            assertThat(Loops.on(loop, session::audioMillisDropped)).isEqualTo(2000);
            assertThat(heard.awaitFirst(SttEvent.Closed.class).fault().kind()).isEqualTo(Kind.CONNECT_TIMEOUT);
            audio(session, loop, 160, 0);
        }
    }

    @Test
    void makesTurnsOfTheWindowsOfNova() {
        EventLoop loop = loops.get(3);
        Heard<SttEvent> heard = new Heard<>(loop);
        try (ScriptedSocket vendor = ScriptedSocket.quiet()) {
            SttSession session = open(vendor.port(), "", SttOptions.nova(), loop, heard);
            heard.awaitFirst(SttEvent.Opened.class);
            vendor.send("{\"type\":\"SpeechStarted\",\"channel\":[0,1],\"timestamp\":0.4}");
            vendor.send(results(0, 1, "yes tomor", false, false, false));
            vendor.send(results(0, 1.5, "Yes, tomorrow", true, false, false));
            vendor.send(results(1.5, 1, "works", false, false, false));
            vendor.send(results(1.5, 1, "works.", true, true, false));
            vendor.send("{\"type\":\"UtteranceEnd\",\"channel\":[0,1],\"last_word_end\":2.4}");
            vendor.send(results(2.5, 1, "", true, true, false));
            vendor.send(results(3.5, 1, "Missed", true, false, false));
            vendor.send("{\"type\":\"UtteranceEnd\",\"channel\":[0,1],\"last_word_end\":4.4}");
            vendor.send(results(4.5, 1, "Forced", false, false, false));
            await().until(() -> heard.all(SttEvent.StartOfTurn.class).size() == 3);
            Loops.on(loop, () -> {
                session.forceEndTurn();
                return null;
            });
            vendor.awaitText("Finalize");
            vendor.send(results(4.5, 1, "Forced end", true, false, true));
            await().until(() -> heard.all(SttEvent.EndOfTurn.class).size() == 3);
            assertThat(heard.events().subList(1, heard.events().size()))
                    .containsExactly(
                            new SttEvent.StartOfTurn(0, "", 400),
                            new SttEvent.Update(0, "yes tomor", 1000),
                            new SttEvent.Update(0, "Yes, tomorrow", 1500),
                            new SttEvent.Update(0, "Yes, tomorrow works", 2500),
                            new SttEvent.Update(0, "Yes, tomorrow works.", 2500),
                            new SttEvent.EndOfTurn(0, "Yes, tomorrow works.", 0.9, 2500),
                            new SttEvent.StartOfTurn(1, "Missed", 4500),
                            new SttEvent.EndOfTurn(1, "Missed", 0, 4500),
                            new SttEvent.StartOfTurn(2, "Forced", 5500),
                            new SttEvent.Update(2, "Forced end", 5500),
                            new SttEvent.EndOfTurn(2, "Forced end", 0.9, 5500));
            assertThat(vendor.uri())
                    .startsWith("/v1/listen?")
                    .contains("model=nova-3", "interim_results=true", "utterance_end_ms=1000", "endpointing=300")
                    .doesNotContain("eot_");
        }
    }

    private static String results(
            double start, double duration, String text, boolean isFinal, boolean speechFinal, boolean fromFinalize) {
        return "{\"type\":\"Results\",\"channel_index\":[0,1],\"duration\":" + duration + ",\"start\":" + start
                + ",\"is_final\":" + isFinal + ",\"speech_final\":" + speechFinal + ",\"from_finalize\":" + fromFinalize
                + ",\"channel\":{\"alternatives\":[{\"transcript\":\"" + text
                + "\",\"confidence\":0.9,\"words\":[{\"word\":\"yes\",\"start\":4.11}]},{\"transcript\":\"other\"}]},"
                + "\"metadata\":{\"request_id\":\"0b6e\",\"model_info\":{\"name\":\"m\"}}}";
    }

    @Test
    void keepsNovaAliveWhileNothingIsSentAndNeverFlux() {
        EventLoop loop = loops.get(0);
        try (ScriptedSocket nova = ScriptedSocket.quiet();
                ScriptedSocket flux = ScriptedSocket.quiet()) {
            Heard<SttEvent> heard = new Heard<>(loop);
            SttSession novaSession = open(nova.port(), "", SttOptions.nova(), loop, heard);
            SttSession fluxSession = open(flux.port(), "", SttOptions.flux(), loop, heard);
            await().until(() -> heard.all(SttEvent.Opened.class).size() == 2);
            flux.send("{\"type\":\"Connected\"}");
            audio(novaSession, loop, 640, 1);
            audio(fluxSession, loop, 640, 1);
            nova.awaitText("KeepAlive");
            assertThat(flux.texts).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1011,NET-0001,SERVER_ERROR,true",
        "1008,DATA-0000,BAD_REQUEST,false",
        "1000,,DROPPED,true",
        "4000,odd,DROPPED,true"
    })
    void readsCloseCodes(int code, String reason, Kind kind, boolean retryable) {
        EventLoop loop = loops.get(1);
        Heard<SttEvent> heard = new Heard<>(loop);
        try (ScriptedSocket vendor = ScriptedSocket.quiet()) {
            open(vendor.port(), "", SttOptions.flux(), loop, heard);
            heard.awaitFirst(SttEvent.Opened.class);
            vendor.closeWith(code, reason == null ? "" : reason);
            SttEvent.Closed closed = heard.awaitFirst(SttEvent.Closed.class);
            assertThat(closed.fault().kind()).isEqualTo(kind);
            assertThat(closed.fault().retryable()).isEqualTo(retryable);
            assertThat(closed.fault().status()).isEqualTo(code);
        }
    }

    @Test
    void noticesACutConnectionAMessageThatIsNoJsonAndAFatalError() {
        EventLoop loop = loops.get(2);
        assertThat(closedAfter(loop, ScriptedSocket::drop)).isEqualTo(Kind.DROPPED);
        assertThat(closedAfter(loop, vendor -> vendor.send("{\"type\":\"TurnInfo\",")))
                .isEqualTo(Kind.PROTOCOL);
        assertThat(closedAfter(
                        loop,
                        vendor -> vendor.send("{\"type\":\"Error\",\"sequence_id\":10,"
                                + "\"code\":\"INTERNAL_SERVER_ERROR\",\"description\":\"sorry\"}")))
                .isEqualTo(Kind.SERVER_ERROR);
    }

    private static Kind closedAfter(EventLoop loop, java.util.function.Consumer<ScriptedSocket> misfortune) {
        Heard<SttEvent> heard = new Heard<>(loop);
        try (ScriptedSocket vendor = ScriptedSocket.quiet()) {
            open(vendor.port(), "", SttOptions.flux(), loop, heard);
            heard.awaitFirst(SttEvent.Opened.class);
            misfortune.accept(vendor);
            Kind kind = heard.awaitFirst(SttEvent.Closed.class).fault().kind();
            assertThat(heard.all(SttEvent.Closed.class)).hasSize(1);
            return kind;
        }
    }

    @Test
    void takesASocketThatUpgradesAndSaysNothingForDead() {
        EventLoop loop = loops.get(3);
        Heard<SttEvent> heard = new Heard<>(loop);
        try (ScriptedSocket vendor = ScriptedSocket.quiet()) {
            open(vendor.port(), "", SttOptions.flux(), loop, heard);
            assertThat(heard.awaitFirst(SttEvent.Closed.class).fault().kind()).isEqualTo(Kind.TIMEOUT);
        }
    }

    @ParameterizedTest
    @CsvSource({"401,UNAUTHORIZED", "402,QUOTA", "403,FORBIDDEN", "429,RATE_LIMITED", "503,SERVER_ERROR"})
    void readsARefusedUpgrade(int status, Kind kind) {
        EventLoop loop = loops.get(0);
        Heard<SttEvent> heard = new Heard<>(loop);
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> ScriptedHttp.Reply.of(
                status, "{\"err_code\":\"NO\",\"err_msg\":\"not today\",\"request_id\":\"r\"}"))) {
            open(vendor.base("").getPort(), "", SttOptions.flux(), loop, heard);
            SttEvent.Closed closed = heard.awaitFirst(SttEvent.Closed.class);
            assertThat(closed.fault().kind()).isEqualTo(kind);
            assertThat(closed.fault().message()).isEqualTo("not today");
            assertThat(heard.events()).hasSize(1);
        }
    }

    @Test
    void reportsANobodyThere() {
        EventLoop loop = loops.get(1);
        Heard<SttEvent> heard = new Heard<>(loop);
        int port;
        try (ScriptedSocket gone = ScriptedSocket.quiet()) {
            port = gone.port();
        }
        open(port, "", SttOptions.flux(), loop, heard);
        assertThat(heard.awaitFirst(SttEvent.Closed.class).fault().kind()).isEqualTo(Kind.CONNECT_FAILED);
    }
}
