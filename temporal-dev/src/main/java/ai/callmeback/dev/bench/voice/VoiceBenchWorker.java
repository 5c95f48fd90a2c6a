package ai.callmeback.dev.bench.voice;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.conversation.Brief;
import ai.callmeback.domain.conversation.JournalEvent;
import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.vendors.llm.OpenAiLanguageModel;
import ai.callmeback.vendors.settings.Secret;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.stt.DeepgramSpeechToText;
import ai.callmeback.vendors.stt.SttOptions;
import ai.callmeback.vendors.telephony.TwilioTelephony;
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
import ai.callmeback.voice.rehearsal.Rehearsal;
import ai.callmeback.voice.socket.LiveCalls;
import ai.callmeback.voice.socket.MediaClaims;
import ai.callmeback.voice.socket.MediaServer;
import ai.callmeback.voice.twilio.TwilioFrame;
import ai.callmeback.voice.twilio.TwilioFrameReader;
import ai.callmeback.voice.twilio.TwilioFrameWriter;
import ai.callmeback.voice.twilio.TwilioListener;
import com.sun.management.ThreadMXBean;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import reactor.netty.resources.LoopResources;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The measured process: the voice worker's media server, pipeline, vendor clients and journal thread, with claims and
 * journal rows kept in memory; or, as a yardstick, a relay that parses each frame and sends its audio back.
 */
final class VoiceBenchWorker {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** What {@code /stats} answers. */
    record Stats(
            long cpuNanos,
            Map<ProcessorUse.Part, Long> cpuNanosByPart,
            long usedBytes,
            long allocatedBytes,
            List<Double> latenciesMs,
            List<Turn> turns) {}

    /** The record of a turn that answered somebody, in milliseconds from the end of the turn before. */
    record Turn(double firstWordsMs, double firstSpeechMs, double firstAudioMs) {}

    private final List<Double> latencies = new ArrayList<>();
    private final List<Turn> turns = new ArrayList<>();

    private VoiceBenchWorker() {}

    /** What is measured. */
    enum Kind {
        /** As it is in use. */
        WORKER,
        /** Without a rehearsal, and beginning each call the moment it comes. */
        UNGUARDED,
        RELAY
    }

    /** Arguments: the kind and the vendors' port. Prints its own port. Ends when whoever started it is gone. */
    public static void main(String[] args) {
        Thread.ofPlatform().daemon().name("parent").start(VoiceBenchWorker::endWithParent);
        new VoiceBenchWorker().run(Kind.valueOf(args[0]), Integer.parseInt(args[1]));
    }

    /** Nothing is ever written to the standard input; it ends with the process at its other side. */
    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {}
        } catch (IOException e) {
            System.err.println("the standard input is lost: " + e.getMessage());
        }
        Runtime.getRuntime().halt(0);
    }

    private void run(Kind kind, int vendorPort) {
        if (kind == Kind.WORKER) {
            Rehearsal.Played played = new Rehearsal(Duration.ofSeconds(8)).play();
            System.out.println(
                    "rehearsed " + played.turns() + " turns in " + played.took().toMillis() + " ms");
        }
        MediaServer media = mediaServer(vendorPort, kind != Kind.UNGUARDED);
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .runOn(LoopResources.create("call", 1, true))
                .route(routes -> {
                    if (kind == Kind.RELAY) {
                        routes.ws("/media", VoiceBenchWorker::relay);
                    } else {
                        media.route(routes);
                    }
                    routes.get(
                            "/stats",
                            (request, response) -> response.sendString(Mono.fromSupplier(() ->
                                    JSON.writeValueAsString(stats(request.uri().contains("gc"))))));
                })
                .bindNow();
        System.out.println("PORT " + server.port());
        server.onDispose().block();
    }

    private synchronized Stats stats(boolean collect) {
        if (collect) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        Stats stats = new Stats(
                ProcessorUse.ofThisProcess(),
                ProcessorUse.nanos(),
                runtime.totalMemory()
                        - runtime.freeMemory()
                        + PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory(),
                ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes(),
                List.copyOf(latencies),
                List.copyOf(turns));
        latencies.clear();
        turns.clear();
        return stats;
    }

    private MediaServer mediaServer(int vendorPort, boolean paced) {
        String base = "127.0.0.1:" + vendorPort;
        Secret key = Secret.of("bench");
        CallPorts ports = new CallPorts(
                new DeepgramSpeechToText(new VendorSettings.Deepgram(
                        key, URI.create("ws://" + base + "/deepgram"), SttOptions.Engine.FLUX)),
                List.of(SttOptions.flux()),
                new OpenAiLanguageModel(
                        new VendorSettings.Llm(key, null, URI.create("http://" + base + "/llm"), "m", "", "", ""),
                        () -> LoopResources.create("vendors", 1, true).onClient(true)),
                new ElevenLabsTextToSpeech(
                        VendorSettings.ElevenLabs.at(key, URI.create("ws://" + base + "/elevenlabs"))),
                new Voices("eleven_flash_v2_5", "bench", System::nanoTime),
                new PhraseCache(),
                HandOvers.none(),
                new TwilioTelephony(new VendorSettings.Twilio(
                        "AC" + "0".repeat(32), key, "+14155550199", URI.create("http://" + base + "/twilio"))),
                CallTools.none(),
                false,
                CallReports.none(),
                meter(),
                InstantSource.system());
        JournalWriter journal = new JournalWriter(
                        lines -> {
                            // Written as it would be for the database, so that its cost is in the measure.
                            JSON.writeValueAsBytes(lines);
                            lines.forEach(this::note);
                            return List.of();
                        },
                        leg -> {},
                        InstantSource.system())
                .start();
        return new MediaServer(claims(), new LiveCalls(10_000), ports, journal::open, paced);
    }

    private synchronized void note(JournalEvent line) {
        if (line.kind() == JournalKind.AGENT_SAID && line.detail() != null) {
            JsonNode record = JSON.readTree(line.detail());
            if (record.has("firstAudioMs")) {
                turns.add(new Turn(
                        record.path("firstWordsMs").asDouble(),
                        record.path("firstSpeechMs").asDouble(),
                        record.path("firstAudioMs").asDouble()));
            }
        }
    }

    private TurnMeter meter() {
        return new TurnMeter() {
            @Override
            public void answered(long latencyNanos) {
                synchronized (VoiceBenchWorker.this) {
                    latencies.add(latencyNanos / 1e6);
                }
            }

            @Override
            public void interrupted() {}

            @Override
            public void legOver(int lateFrames, long lateMillis, int starvedFrames) {}
        };
    }

    private static MediaClaims claims() {
        AtomicInteger calls = new AtomicInteger();
        return new MediaClaims() {
            @Override
            public CompletableFuture<Claim> claim(String token, String callSid) {
                CallId id = new CallId(new UUID(7, calls.incrementAndGet()));
                return CompletableFuture.completedFuture(new Claim.Granted(
                        new CallSetup(id, 1, 1, callSid, brief(id), List.of(), List.of(), 0, false, null, 3600, 0)));
            }

            @Override
            public void release(CallSetup leg) {}
        };
    }

    private static Brief brief(CallId id) {
        return new Brief(
                id,
                1,
                new Brief.Voice("bench", "Bench", "pNInz6obpgDQGcFmaJgB", "{}", ""),
                new Brief.Mind("You are a friend on the phone. ".repeat(20), new BigDecimal("0.7"), 200, ""),
                "Hello, it is good to hear you.",
                "",
                "Goodbye.",
                "Half a minute is left.",
                "Sorry?",
                List.of("Well,"),
                List.of("Are you there?"),
                3600,
                "",
                Instant.EPOCH);
    }

    private static Publisher<Void> relay(WebsocketInbound in, WebsocketOutbound out) {
        TwilioFrameWriter writer = new TwilioFrameWriter("MZ");
        TwilioListener[] back = new TwilioListener[1];
        in.withConnection(connection -> back[0] = new TwilioListener() {
            @Override
            @SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the channel
            public void onMedia(long sequence, long timestampMillis, byte[] mulaw, int length) {
                connection
                        .channel()
                        .writeAndFlush(new TextWebSocketFrame(
                                writer.media(connection.channel().alloc(), mulaw, 0, length)));
            }

            @Override
            public void onFrame(TwilioFrame frame) {}
        });
        return in.receiveFrames()
                .doOnNext(frame -> TwilioFrameReader.ofLoop().read(frame.content(), null, back[0]))
                .then();
    }
}
