package ai.callmeback.voice.socket;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.vendors.llm.LanguageModel;
import ai.callmeback.vendors.llm.LlmCall;
import ai.callmeback.vendors.llm.LlmListener;
import ai.callmeback.vendors.llm.LlmMessage;
import ai.callmeback.vendors.llm.LlmReply;
import ai.callmeback.vendors.llm.LlmRequest;
import ai.callmeback.vendors.stt.SttOptions;
import ai.callmeback.vendors.tts.TextToSpeech;
import ai.callmeback.vendors.tts.TtsListener;
import ai.callmeback.vendors.tts.TtsOptions;
import ai.callmeback.vendors.tts.TtsSession;
import ai.callmeback.voice.call.CallPorts;
import ai.callmeback.voice.call.CallReports;
import ai.callmeback.voice.call.CallSetup;
import ai.callmeback.voice.call.CallTools;
import ai.callmeback.voice.call.FakeVendors;
import ai.callmeback.voice.call.HandOvers;
import ai.callmeback.voice.call.TestCall;
import ai.callmeback.voice.call.TurnMeter;
import ai.callmeback.voice.mouth.PhraseCache;
import ai.callmeback.voice.mouth.Voices;
import ai.callmeback.voice.recording.Tapes;
import io.netty.channel.EventLoop;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/**
 * A media server on real sockets and loops, with vendors of its own. Each token is good for one claim, but {@code unknown},
 * {@code stale} and {@code unavailable}.
 */
final class MediaStage implements AutoCloseable {
    final Map<CallId, Set<Thread>> threads = new ConcurrentHashMap<>();
    final Map<CallId, String> over = new ConcurrentHashMap<>();
    final Map<String, Integer> claims = new ConcurrentHashMap<>();
    /** What a token is a claim to, where it matters. */
    final Map<String, CallSetup> setups = new ConcurrentHashMap<>();

    final List<FakeVendors.Ears> ears = new CopyOnWriteArrayList<>();
    final List<FakeVendors.Voice> voices = new CopyOnWriteArrayList<>();
    final FakeVendors.Mind mind = new FakeVendors.Mind();
    /** Answers whoever has said "drop by drop". */
    final FakeVendors.Mind slowMind = new FakeVendors.Mind();

    final AtomicInteger released = new AtomicInteger();
    final LiveCalls calls = new LiveCalls(40);
    private final LoopResources loops;
    private final DisposableServer server;

    MediaStage(int loopCount, Tapes tapes) {
        loops = LoopResources.create("test-call", loopCount, true);
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .runOn(loops)
                .route(routes -> new MediaServer(
                                new Claims(),
                                calls,
                                ports(),
                                (loop, id, leg) -> line -> {
                                    threads.computeIfAbsent(id, any -> ConcurrentHashMap.newKeySet())
                                            .add(Thread.currentThread());
                                    if (line.kind() == JournalKind.NOTE && line.detail() != null) {
                                        over.put(id, line.detail());
                                    }
                                },
                                tapes)
                        .route(routes))
                .bindNow();
    }

    int port() {
        return server.port();
    }

    /** Does something on the loop of a stage that has one. */
    void onLoop(Runnable task) {
        EventLoop loop = loops.onServer(true).next();
        var unused = loop.submit(task).syncUninterruptibly();
    }

    /** Takes the loop's time, again and again, from now on. */
    void keepLate(int millis) {
        var unused = loops.onServer(true)
                .next()
                .scheduleWithFixedDelay(
                        () -> {
                            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
                            while (System.nanoTime() < until) {
                                Thread.onSpinWait();
                            }
                        },
                        0,
                        1,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        server.disposeNow();
        loops.dispose();
    }

    private final class Claims implements MediaClaims {
        @Override
        public CompletableFuture<Claim> claim(String token, String callSid) {
            boolean repeated = claims.merge(token, 1, Integer::sum) > 1;
            return CompletableFuture.supplyAsync(() -> switch (token) {
                case "unknown" -> new Claim.UnknownToken();
                case "stale" -> new Claim.Stale();
                case "unavailable" -> new Claim.Unavailable();
                default -> repeated ? new Claim.Stale() : new Claim.Granted(setup(token));
            });
        }

        private CallSetup setup(String token) {
            return setups.computeIfAbsent(token, any -> TestCall.setup(new CallId(UUID.randomUUID())));
        }

        @Override
        public void release(CallSetup leg) {
            released.incrementAndGet();
        }
    }

    private CallPorts ports() {
        return new CallPorts(
                (options, loop, listener) -> {
                    FakeVendors.Ears opened = new FakeVendors.Ears();
                    ears.add(opened);
                    return opened.open(options, loop, listener);
                },
                List.of(SttOptions.flux(), SttOptions.nova()),
                new LanguageModel() {
                    @Override
                    public LlmCall stream(LlmRequest request, EventLoop loop, LlmListener listener) {
                        boolean slow = request.messages().stream()
                                .anyMatch(said -> said instanceof LlmMessage.User user
                                        && user.text().contains("drop by drop"));
                        return (slow ? slowMind : mind).stream(request, loop, listener);
                    }

                    @Override
                    public Mono<LlmReply> complete(LlmRequest request) {
                        return Mono.empty();
                    }
                },
                new TextToSpeech() {
                    @Override
                    public TtsSession open(TtsOptions options, EventLoop loop, TtsListener listener) {
                        FakeVendors.Voice opened = new FakeVendors.Voice();
                        voices.add(opened);
                        return opened.open(options, loop, listener);
                    }

                    @Override
                    public TtsSession openFallback(TtsOptions options, EventLoop loop, TtsListener listener) {
                        return open(options, loop, listener);
                    }
                },
                new Voices("eleven_flash_v2_5", "usual", System::nanoTime),
                new PhraseCache(),
                HandOvers.none(),
                TestCall.telephony(sid -> {}),
                CallTools.none(),
                false,
                CallReports.none(),
                TurnMeter.none(),
                InstantSource.system());
    }
}
