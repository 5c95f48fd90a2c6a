package ai.callmeback.voice.call;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.conversation.Brief;
import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.domain.conversation.Turn;
import ai.callmeback.domain.usage.UsageReport;
import ai.callmeback.vendors.stt.SttOptions;
import ai.callmeback.vendors.telephony.CallDetails;
import ai.callmeback.vendors.telephony.DialOutcome;
import ai.callmeback.vendors.telephony.FetchOutcome;
import ai.callmeback.vendors.telephony.ListOutcome;
import ai.callmeback.vendors.telephony.PlaceCall;
import ai.callmeback.vendors.telephony.Telephony;
import ai.callmeback.vendors.telephony.UpdateOutcome;
import ai.callmeback.voice.audio.FakePhone;
import ai.callmeback.voice.mouth.PhraseCache;
import ai.callmeback.workflows.call.ConverseResult;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One call in virtual time: a phone, vendors, and the session between them. */
public final class TestCall {
    public final VirtualTime time = new VirtualTime();
    public final FakePhone phone = new FakePhone();
    public final FakeVendors vendors;
    public final List<CallJournal.Line> journal = new ArrayList<>();
    public final List<UsageReport> usage = new ArrayList<>();
    public final List<String> ended = new ArrayList<>();
    public int lateFrames;
    public @Nullable ConverseResult result;
    public UpdateOutcome endCallAnswer = new UpdateOutcome.AlreadyEnded();
    /** Whether the telephony answers at all. */
    public boolean telephonyAnswers = true;
    /** What was asked of {@link CallTools}, and what it answers. */
    public final List<String> toolsAsked = new ArrayList<>();

    public CallTools.Outcome toolAnswer = new CallTools.Outcome.Done("It was done.");
    private final CallTools tools = new CallTools() {
        @Override
        public CompletableFuture<Outcome> extend(CallSetup leg, String key) {
            return asked("extend " + key);
        }

        @Override
        public CompletableFuture<Outcome> callBack(CallSetup leg, Instant at, String key) {
            return asked("callBack " + at);
        }

        @Override
        public CompletableFuture<Outcome> callBack(CallSetup leg, LocalDateTime localTime, String key) {
            return asked("callBack " + localTime);
        }

        @Override
        public CompletableFuture<Outcome> handTo(CallSetup leg, String persona) {
            return asked("handTo " + persona);
        }

        @Override
        public CompletableFuture<Outcome> remember(CallSetup leg, String what, String key) {
            return asked("remember " + what);
        }

        private CompletableFuture<Outcome> asked(String what) {
            toolsAsked.add(what);
            return CompletableFuture.completedFuture(toolAnswer);
        }
    };
    /** What was left for the next worker as it sounds. */
    public @Nullable Carried carried;

    public int machinesHeard;
    private final boolean leavesMessages;
    private final List<SttOptions> engines;
    public final PhraseCache phrases;
    public final CallSession session;

    /** A talk that moves has lasted for a while. */
    private static final int TALKED_BEFORE_SECONDS = 60;

    public TestCall() {
        this(300, List.of(), false);
    }

    public TestCall(int seconds, List<Turn> soFar, boolean handOver) {
        this(seconds, soFar, handOver, false);
    }

    /** @param steppedDown the worker before let the call go on purpose */
    public TestCall(int seconds, List<Turn> soFar, boolean handOver, boolean steppedDown) {
        this(seconds, soFar, handOver, steppedDown ? Carried.NOTHING : null, new PhraseCache(), false);
    }

    /** @param phrases what the worker has said before */
    public TestCall(int seconds, List<Turn> soFar, boolean handOver, boolean steppedDown, PhraseCache phrases) {
        this(seconds, soFar, handOver, steppedDown ? Carried.NOTHING : null, phrases, false);
    }

    /** @param left by the worker before */
    public TestCall(List<Turn> soFar, Carried left) {
        this(300, soFar, true, left, new PhraseCache(), false);
    }

    TestCall(
            int seconds,
            List<Turn> soFar,
            boolean handOver,
            @Nullable Carried carriedHere,
            PhraseCache phrases,
            boolean leavesMessages) {
        this(
                seconds,
                soFar,
                handOver,
                carriedHere,
                phrases,
                leavesMessages,
                List.of(SttOptions.flux(), SttOptions.nova()),
                new FakeVendors());
    }

    /** A first leg with these vendors. */
    static TestCall with(FakeVendors vendors) {
        return with(vendors, new PhraseCache());
    }

    /** The same, with what the worker has said before. */
    static TestCall with(FakeVendors vendors, PhraseCache phrases) {
        return new TestCall(
                300, List.of(), false, null, phrases, false, List.of(SttOptions.flux(), SttOptions.nova()), vendors);
    }

    private TestCall(
            int seconds,
            List<Turn> soFar,
            boolean handOver,
            @Nullable Carried carriedHere,
            PhraseCache phrases,
            boolean leavesMessages,
            List<SttOptions> engines,
            FakeVendors vendors) {
        this.vendors = vendors;
        this.engines = engines;
        this.phrases = phrases;
        this.leavesMessages = leavesMessages;
        phone.onMark = name -> sessionOf().onMark(name);
        CallSetup setup = new CallSetup(
                new CallId(new UUID(0, 1)),
                1,
                handOver ? 2 : 1,
                "CA1",
                brief(),
                soFar,
                List.of(),
                soFar.stream().mapToInt(Turn::number).max().orElse(0),
                handOver,
                carriedHere,
                seconds,
                handOver ? TALKED_BEFORE_SECONDS : 0);
        session = new CallSession(time.loop(), phone, setup, ports(), journal::add);
        session.start();
        time.settle();
    }

    /** A call whose ears end turns by silence alone. */
    static TestCall heardByNova() {
        return new TestCall(
                300, List.of(), false, null, new PhraseCache(), false, List.of(SttOptions.nova()), new FakeVendors());
    }

    private CallSession sessionOf() {
        return session;
    }

    /** Lets the call run: 20 ms of the phone at a time, silence coming in. */
    public TestCall run(long millis) {
        byte[] silence = new byte[160];
        Arrays.fill(silence, (byte) 0xFF);
        return run(millis, silence);
    }

    private TestCall run(long millis, byte[] frame) {
        for (long i = 0; i < millis; i += 20) {
            time.pass(20);
            phone.tick();
            session.onMedia(phone.clockMillis(), frame, frame.length);
        }
        return this;
    }

    /** As {@link #run}, with noise coming in that is no speech. */
    public TestCall runNoisy(long millis) {
        byte[] noise = new byte[160];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) (i % 2 == 0 ? 0x20 : 0xA0);
        }
        return run(millis, noise);
    }

    public TestCall userSays(String words) {
        vendors.ears.starts(words);
        time.settle();
        phone.deliver();
        vendors.ears.says(words);
        time.settle();
        return this;
    }

    public String heardByPhone() {
        return FakeVendors.textOf(phone.played());
    }

    /** What the journal says was heard of the agent's turns. */
    public List<String> agentSaid() {
        return journal.stream()
                .filter(line -> line.kind() == JournalKind.AGENT_SAID)
                .map(CallJournal.Line::text)
                .toList();
    }

    private CallPorts ports() {
        return new CallPorts(
                vendors.ears,
                engines,
                vendors.mind,
                vendors.voice,
                vendors.voices,
                phrases,
                (leg, left) -> {
                    carried = left;
                    return CompletableFuture.completedFuture(null);
                },
                telephony(
                        ended::add,
                        () -> telephonyAnswers
                                ? CompletableFuture.completedFuture(endCallAnswer)
                                : new CompletableFuture<>()),
                tools,
                leavesMessages,
                new CallReports() {
                    @Override
                    public void connected(CallSetup leg) {}

                    @Override
                    public void machineHeard(CallSetup leg) {
                        machinesHeard++;
                    }

                    @Override
                    public void usage(UsageReport report) {
                        usage.add(report);
                    }

                    @Override
                    public void ended(CallSetup leg, ConverseResult how) {
                        result = how;
                    }
                },
                new TurnMeter() {
                    @Override
                    public void answered(long latencyNanos) {}

                    @Override
                    public void interrupted() {}

                    @Override
                    public void legOver(int late, long lateMillis, int starved) {
                        lateFrames += late;
                    }
                },
                InstantSource.fixed(Instant.EPOCH));
    }

    public static Brief brief() {
        return new Brief(
                new CallId(new UUID(0, 1)),
                1,
                new Brief.Voice("brad_001", "Brad", "pNInz6obpgDQGcFmaJgB", "{\"stability\":0.4}", ""),
                new Brief.Mind("You are Brad.", new BigDecimal("0.7"), 200, ""),
                "Hello, this is Brad. How are you today?",
                "",
                "Goodbye then, take care.",
                "Half a minute is left.",
                "Sorry, say that again please.",
                List.of("Hm, well,"),
                List.of("Are you there?", "Hello?"),
                300,
                "America/Los_Angeles",
                Instant.EPOCH);
    }

    /** A telephone network on which calls can only be ended. */
    public static Telephony telephony(java.util.function.Consumer<String> onEnd) {
        return telephony(onEnd, () -> CompletableFuture.completedFuture(new UpdateOutcome.AlreadyEnded()));
    }

    private static Telephony telephony(
            java.util.function.Consumer<String> onEnd,
            java.util.function.Supplier<CompletableFuture<UpdateOutcome>> answer) {
        return new Telephony() {
            @Override
            public CompletableFuture<DialOutcome> createCall(PlaceCall call) {
                throw new UnsupportedOperationException();
            }

            @Override
            public CompletableFuture<UpdateOutcome> endCall(String callSid) {
                onEnd.accept(callSid);
                return answer.get();
            }

            @Override
            public CompletableFuture<UpdateOutcome> sayAndEnd(String callSid, String words) {
                onEnd.accept(callSid + " " + words);
                return answer.get();
            }

            @Override
            public CompletableFuture<UpdateOutcome> redirect(String callSid, URI url) {
                throw new UnsupportedOperationException();
            }

            @Override
            public CompletableFuture<UpdateOutcome> limit(String callSid, Duration timeLimit) {
                throw new UnsupportedOperationException();
            }

            @Override
            public CompletableFuture<FetchOutcome> fetch(String callSid) {
                throw new UnsupportedOperationException();
            }

            @Override
            public CompletableFuture<ListOutcome> list(String toE164, Instant since) {
                throw new UnsupportedOperationException(CallDetails.class.getName());
            }
        };
    }

    /** A first leg of this call. */
    public static CallSetup setup(CallId callId) {
        return new CallSetup(callId, 1, 1, "CA1", brief(), List.of(), List.of(), 0, false, null, 300, 0);
    }
}
