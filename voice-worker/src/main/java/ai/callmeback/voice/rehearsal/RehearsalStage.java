package ai.callmeback.voice.rehearsal;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.conversation.Brief;
import ai.callmeback.domain.conversation.Turn;
import ai.callmeback.vendors.llm.OpenAiLanguageModel;
import ai.callmeback.vendors.settings.Secret;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.stt.DeepgramSpeechToText;
import ai.callmeback.vendors.stt.SttOptions;
import ai.callmeback.vendors.tts.ElevenLabsTextToSpeech;
import ai.callmeback.voice.call.CallPorts;
import ai.callmeback.voice.call.CallReports;
import ai.callmeback.voice.call.CallSetup;
import ai.callmeback.voice.call.CallTools;
import ai.callmeback.voice.call.HandOvers;
import ai.callmeback.voice.call.TurnMeter;
import ai.callmeback.voice.journal.JournalWriter;
import ai.callmeback.voice.mouth.PhraseCache;
import ai.callmeback.voice.mouth.Voices;
import ai.callmeback.voice.socket.LiveCalls;
import ai.callmeback.voice.socket.MediaClaims;
import ai.callmeback.voice.socket.MediaServer;
import io.netty.channel.EventLoop;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/** The real media server, with stand-ins for everything it speaks to; on one loop of its own, all of it on loopback. */
final class RehearsalStage implements AutoCloseable {
    private static final int CHARACTER_BYTES = 80;

    private final LoopResources loops = LoopResources.create("rehearsal", 1, true);
    private final JournalWriter journal =
            new JournalWriter(lines -> List.of(), leg -> {}, InstantSource.system()).start();
    private final DisposableServer vendors;
    private final DisposableServer media;

    RehearsalStage() {
        StandInVendors standIns = new StandInVendors(CHARACTER_BYTES, List.of("Yes, ", "go on. And then?"));
        vendors = bind(HttpServer.create().route(standIns::route));
        MediaServer server = new MediaServer(new Claims(), new LiveCalls(100), ports(vendors.port()), journal::open);
        media = bind(HttpServer.create().route(server::route));
    }

    private DisposableServer bind(HttpServer server) {
        return server.host("127.0.0.1").port(0).runOn(loops).bindNow();
    }

    EventLoop loop() {
        return loops.onServer(true).next();
    }

    URI mediaUrl() {
        return URI.create("ws://127.0.0.1:" + media.port() + MediaServer.PATH);
    }

    private CallPorts ports(int vendorPort) {
        String base = "127.0.0.1:" + vendorPort;
        Secret key = Secret.of("rehearsal");
        return new CallPorts(
                new DeepgramSpeechToText(new VendorSettings.Deepgram(
                        key, URI.create("ws://" + base + "/deepgram"), SttOptions.Engine.FLUX)),
                List.of(SttOptions.flux()),
                new OpenAiLanguageModel(
                        new VendorSettings.Llm(key, null, URI.create("http://" + base + "/llm"), "m", "", "", ""),
                        () -> loops.onClient(true)),
                new ElevenLabsTextToSpeech(
                        VendorSettings.ElevenLabs.at(key, URI.create("ws://" + base + "/elevenlabs"))),
                new Voices("rehearsal", "rehearsal", System::nanoTime),
                new PhraseCache(),
                HandOvers.none(),
                new NoTelephone(),
                CallTools.none(),
                false,
                CallReports.none(),
                TurnMeter.none(),
                InstantSource.system());
    }

    @Override
    public void close() {
        media.disposeNow();
        vendors.disposeNow();
        journal.close();
        loops.dispose();
    }

    /** Every stream is another call; every second one goes on with the talk of a worker that died in mid-sentence. */
    private static final class Claims implements MediaClaims {
        private static final int TURNS_BEFORE = 12;

        private final AtomicInteger calls = new AtomicInteger();

        @Override
        public CompletableFuture<Claim> claim(String token, String callSid) {
            int number = calls.incrementAndGet();
            CallId id = new CallId(new UUID(0, number));
            CallSetup setup = number % 2 == 1
                    ? new CallSetup(id, 1, 1, callSid, brief(id), List.of(), List.of(), 0, false, null, 3600, 0)
                    : handOver(id, callSid);
            return CompletableFuture.completedFuture(new Claim.Granted(setup));
        }

        private static CallSetup handOver(CallId id, String callSid) {
            List<Turn> before = IntStream.rangeClosed(1, TURNS_BEFORE)
                    .mapToObj(turn -> new Turn(
                            turn,
                            turn % 2 == 1 ? Turn.Speaker.USER : Turn.Speaker.AGENT,
                            "What was said before is known to whoever goes on with it.",
                            turn == TURNS_BEFORE,
                            Instant.EPOCH))
                    .toList();
            return new CallSetup(
                    id,
                    1,
                    2,
                    callSid,
                    brief(id),
                    before,
                    List.of(before.getLast()),
                    TURNS_BEFORE,
                    true,
                    null,
                    3600,
                    60);
        }

        @Override
        public void release(CallSetup leg) {}

        private static Brief brief(CallId id) {
            return new Brief(
                    id,
                    1,
                    new Brief.Voice("rehearsal", "Voice", "rehearsal", "{}", ""),
                    new Brief.Mind("You are on the phone.", new BigDecimal("0.7"), 200, ""),
                    "Hello there.",
                    "",
                    "Goodbye.",
                    "Half a minute is left.",
                    "Sorry?",
                    List.of("Well,"),
                    List.of("Hello?"),
                    3600,
                    "",
                    Instant.EPOCH);
        }
    }
}
