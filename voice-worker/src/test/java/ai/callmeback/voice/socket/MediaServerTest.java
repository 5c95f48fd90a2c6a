package ai.callmeback.voice.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.vendors.llm.LanguageModel;
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
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.time.Duration;
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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.resources.LoopResources;

/** Real sockets against a server with four loops: each way to misbehave has its outcome, and no other call is touched. */
class MediaServerTest {
    static {
        // A loaded machine is slow, not wrong.
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }

    private static final String SILENCE = "/".repeat(214) + "8=";
    private static final int FRAME_BYTES = 161;
    private static final String MEDIA = "{\"event\":\"media\",\"sequenceNumber\":\"%d\",\"streamSid\":\"%s\","
            + "\"media\":{\"track\":\"inbound\",\"chunk\":\"%d\",\"timestamp\":\"%d\",\"payload\":\"%s\"}}";

    private final Map<CallId, Set<Thread>> threads = new ConcurrentHashMap<>();
    private final Map<CallId, String> over = new ConcurrentHashMap<>();
    private final Map<String, Integer> claims = new ConcurrentHashMap<>();
    private final List<FakeVendors.Ears> ears = new CopyOnWriteArrayList<>();
    private final AtomicInteger released = new AtomicInteger();
    private final LiveCalls calls = new LiveCalls(40);
    private final LoopResources loops = LoopResources.create("test-call", 4, true);
    private final DisposableServer server = HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .runOn(loops)
            .route(routes -> new MediaServer(new Claims(), calls, ports(), (id, leg) -> line -> {
                        threads.computeIfAbsent(id, any -> ConcurrentHashMap.newKeySet())
                                .add(Thread.currentThread());
                        if (line.kind() == JournalKind.NOTE && line.detail() != null) {
                            over.put(id, line.detail());
                        }
                    })
                    .route(routes))
            .bindNow();

    @AfterEach
    void close() {
        server.disposeNow();
        loops.dispose();
    }

    @Test
    void eachCallStaysOnOneOfFourLoops() {
        List<Phone> phones = java.util.stream.IntStream.range(0, 32)
                .mapToObj(i -> new Phone().start("good-" + i))
                .toList();
        await().until(() -> phones.stream().allMatch(phone -> phone.count("media") > 3 && phone.count("mark") > 0));
        phones.forEach(phone -> phone.media(1).media(2));
        phones.forEach(Phone::stop);
        await().until(() -> over.size() == 32);
        assertThat(threads.values()).allMatch(used -> used.size() == 1);
        assertThat(threads.values().stream().flatMap(Set::stream).distinct().count())
                .isBetween(2L, 4L);
        await().until(() -> calls.count() == 0);
    }

    @Test
    void anUnknownAndAStaleTokenAreClosedNormallyAndNoTokenToo() {
        assertThat(new Phone().start("unknown").closeReason()).isEqualTo("1000 unknown token");
        assertThat(new Phone().start("stale").closeReason()).isEqualTo("1000 stale");
        assertThat(new Phone().start("").closeReason()).isEqualTo("1000 no token");
        assertThat(new Phone().start("unavailable").closeReason()).isEqualTo("1013 try another worker");
        assertThat(calls.count()).isZero();
    }

    @Test
    void aSecondSocketForACallIsTurnedAwayAndTheFirstTalksOn() {
        Phone first = new Phone().start("good-1");
        await().until(() -> first.count("media") > 0);
        assertThat(new Phone().start("good-1").closeReason()).isEqualTo("1000 stale");
        int before = first.count("mark");
        await().until(() -> first.count("media") > 3 || first.count("mark") > before);
        assertThat(calls.count()).isEqualTo(1);
    }

    @Test
    void wrongAudioIsRefused() {
        Phone phone = new Phone();
        phone.send("{\"event\":\"start\",\"streamSid\":\"MZ1\",\"start\":{\"streamSid\":\"MZ1\",\"callSid\":\"CA1\","
                + "\"customParameters\":{\"token\":\"good-1\"},\"mediaFormat\":{\"encoding\":\"audio/l16\","
                + "\"sampleRate\":16000}}}");
        assertThat(phone.closeReason()).startsWith("1003");
        assertThat(claims).isEmpty();
    }

    @Test
    void malformedAndBinaryMessagesAreSwallowedTwentyEndTheSocket() {
        Phone phone = new Phone().start("good-1");
        await().until(() -> phone.count("media") > 0);
        for (int i = 0; i < MediaConnection.MALFORMED_MOST - 1; i++) {
            phone.send(i % 2 == 0 ? "{nonsense" : "[]");
        }
        int before = phone.count("mark");
        await().until(() -> phone.count("mark") > before || phone.count("media") > 4);
        assertThat(calls.count()).isEqualTo(1);
        phone.sendBinary();
        assertThat(phone.closeReason()).isEqualTo("1008 malformed");
        await().until(() -> calls.count() == 0);
    }

    @Test
    void anOversizedMessageEndsItsOwnSocketOnly() {
        Phone other = new Phone().start("good-1");
        Phone phone = new Phone().start("good-2");
        await().until(() -> phone.count("media") > 0 && other.count("media") > 0);
        phone.send(" ".repeat(70_000));
        await().until(() -> calls.count() == 1);
        assertThat(other.isOpen()).isTrue();
    }

    @Test
    void repeatedAndOvertakenMediaIsHeardOnceAndASecondStartIgnored() {
        Phone phone = new Phone().start("good-1");
        await().until(() -> phone.count("media") > 0);
        for (int i = 1; i <= 40; i++) {
            phone.media(i).media(i).media(Math.max(1, i - 3));
        }
        phone.start("good-2");
        await().until(() -> ears.getFirst().audioBytes >= 40 * FRAME_BYTES);
        int before = phone.count("media");
        await().until(() -> phone.count("media") > before || phone.count("mark") > 1);
        assertThat(ears.getFirst().audioBytes).isEqualTo(40 * FRAME_BYTES);
        assertThat(claims).containsOnlyKeys("good-1");
        assertThat(calls.count()).isEqualTo(1);
    }

    /** Guard: {@code StreamSid} in the reader. Without it what belongs to another call would be heard here, or end this one. */
    @Test
    void framesOfAnotherStreamAreNotHeardAndEndNothing() {
        Phone phone = new Phone().start("good-1");
        await().until(() -> phone.count("media") > 0);
        for (int i = 1; i <= 40; i++) {
            phone.send(MEDIA.formatted(i + 1, "MZ2", i, i * 20, SILENCE));
        }
        phone.send("{\"event\":\"stop\",\"streamSid\":\"MZ2\",\"stop\":{\"callSid\":\"CA2\"}}");
        for (int i = 1; i <= 40; i++) {
            phone.send(MEDIA.formatted(i + 1, "MZ1", i, i * 20, SILENCE));
        }
        await().until(() -> ears.getFirst().audioBytes >= 40 * FRAME_BYTES);
        int before = phone.count("media");
        await().until(() -> phone.count("media") > before || phone.count("mark") > 1);
        assertThat(ears.getFirst().audioBytes).isEqualTo(40 * FRAME_BYTES);
        assertThat(calls.count()).isEqualTo(1);
        assertThat(phone.isOpen()).isTrue();
    }

    @Test
    void aSocketBeyondTheCapacityIsSentToTheNextWorkerBeforeItClaims() {
        List<Phone> phones = java.util.stream.IntStream.range(0, 40)
                .mapToObj(i -> new Phone().start("good-" + i))
                .toList();
        await().until(() -> calls.count() == 40);
        assertThat(new Phone().start("good-99").closeReason()).isEqualTo("1013 full");
        assertThat(claims).doesNotContainKey("good-99");
        assertThat(phones).allMatch(Phone::isOpen);
    }

    @Test
    void aSocketThatNeverSaysStartIsClosed() {
        assertThat(new Phone().closeReason()).isEqualTo("1008 no start");
    }

    /** Guard: {@link Admission}. Without it the second call is claimed and begun by a loop that has no time for it. */
    @Test
    void aCallThatALateLoopHasNoTimeForIsSentToTheNextWorkerBeforeItClaims() {
        LoopResources one = LoopResources.create("late-call", 1, true);
        DisposableServer late = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .runOn(one)
                .route(routes -> new MediaServer(new Claims(), calls, ports(), (id, leg) -> line -> {}).route(routes))
                .bindNow();
        try {
            var unused = one.onServer(true)
                    .next()
                    .scheduleWithFixedDelay(
                            () -> {
                                long until = System.nanoTime() + 40_000_000;
                                while (System.nanoTime() < until) {
                                    Thread.onSpinWait();
                                }
                            },
                            0,
                            1,
                            TimeUnit.MILLISECONDS);
            Phone first = new Phone(late.port()).start("good-1");
            Phone second = new Phone(late.port()).start("good-2");
            assertThat(CompletableFuture.anyOf(first.closed, second.closed)
                            .orTimeout(20, TimeUnit.SECONDS)
                            .join())
                    .isEqualTo("1013 busy");
            assertThat(claims).hasSize(1);
        } finally {
            late.disposeNow();
            one.dispose();
        }
    }

    private final class Claims implements MediaClaims {
        @Override
        public CompletableFuture<Claim> claim(String token, String callSid) {
            boolean repeated = claims.merge(token, 1, Integer::sum) > 1;
            return CompletableFuture.supplyAsync(() -> switch (token) {
                case "unknown" -> new Claim.UnknownToken();
                case "stale" -> new Claim.Stale();
                case "unavailable" -> new Claim.Unavailable();
                default ->
                    repeated ? new Claim.Stale() : new Claim.Granted(TestCall.setup(new CallId(UUID.randomUUID())));
            });
        }

        @Override
        public void release(CallSetup leg) {
            released.incrementAndGet();
        }
    }

    private CallPorts ports() {
        LanguageModel mind = new FakeVendors.Mind();
        return new CallPorts(
                (options, loop, listener) -> {
                    FakeVendors.Ears opened = new FakeVendors.Ears();
                    ears.add(opened);
                    return opened.open(options, loop, listener);
                },
                List.of(SttOptions.flux(), SttOptions.nova()),
                mind,
                new TextToSpeech() {
                    @Override
                    public TtsSession open(TtsOptions options, EventLoop loop, TtsListener listener) {
                        return new FakeVendors.Voice().open(options, loop, listener);
                    }

                    @Override
                    public TtsSession openFallback(TtsOptions options, EventLoop loop, TtsListener listener) {
                        return open(options, loop, listener);
                    }
                },
                "eleven_flash_v2_5",
                new PhraseCache(),
                HandOvers.none(),
                TestCall.telephony(sid -> {}),
                CallTools.none(),
                false,
                CallReports.none(),
                TurnMeter.none(),
                InstantSource.system());
    }

    /** A media stream client. */
    private final class Phone {
        private final List<String> received = new CopyOnWriteArrayList<>();
        private final Sinks.Many<WebSocketFrame> out = Sinks.many().unicast().onBackpressureBuffer();
        private final CompletableFuture<String> closed = new CompletableFuture<>();

        Phone() {
            this(server.port());
        }

        Phone(int port) {
            HttpClient.create()
                    .websocket()
                    .uri("ws://127.0.0.1:" + port + MediaServer.PATH)
                    .handle((in, outbound) -> {
                        in.receiveCloseStatus()
                                .subscribe(status -> closed.complete(status.code() + " " + status.reasonText()));
                        receive(in);
                        return outbound.sendObject(out.asFlux());
                    })
                    .subscribe(done -> {}, error -> closed.complete("error"), () -> closed.complete("gone"));
        }

        private void receive(WebsocketInbound in) {
            in.receive().asString().subscribe(received::add, error -> {});
        }

        Phone start(String token) {
            return send("{\"event\":\"start\",\"sequenceNumber\":\"1\",\"streamSid\":\"MZ1\",\"start\":{\"streamSid\":"
                    + "\"MZ1\",\"callSid\":\"CA1\",\"customParameters\":{\"token\":\"" + token
                    + "\"},\"mediaFormat\":{\"encoding\":\"audio/x-mulaw\",\"sampleRate\":8000,\"channels\":1}}}");
        }

        Phone media(int number) {
            return send("{\"event\":\"media\",\"sequenceNumber\":\"" + (number + 1)
                    + "\",\"media\":{\"track\":\"inbound\"," + "\"chunk\":\"" + number + "\",\"timestamp\":\""
                    + number * 20 + "\",\"payload\":\"" + SILENCE + "\"}}");
        }

        void stop() {
            send("{\"event\":\"stop\",\"streamSid\":\"MZ1\",\"stop\":{\"callSid\":\"CA1\"}}");
        }

        Phone send(String frame) {
            out.tryEmitNext(new TextWebSocketFrame(frame)).orThrow();
            return this;
        }

        void sendBinary() {
            out.tryEmitNext(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(new byte[] {1})))
                    .orThrow();
        }

        long countOf(String event) {
            return received.stream()
                    .filter(frame -> frame.startsWith("{\"event\":\"" + event))
                    .count();
        }

        int count(String event) {
            return (int) countOf(event);
        }

        boolean isOpen() {
            return !closed.isDone();
        }

        String closeReason() {
            await().atMost(java.time.Duration.ofSeconds(15)).until(closed::isDone);
            return closed.join();
        }
    }
}
