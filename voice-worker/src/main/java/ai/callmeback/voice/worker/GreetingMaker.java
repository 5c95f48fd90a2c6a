package ai.callmeback.voice.worker;

import ai.callmeback.db.call.Greetings;
import ai.callmeback.db.usage.UsageStore;
import ai.callmeback.domain.conversation.Brief;
import ai.callmeback.domain.usage.UsageLegs;
import ai.callmeback.domain.usage.UsageReport;
import ai.callmeback.domain.usage.UsageTotals;
import ai.callmeback.vendors.tts.TextToSpeech;
import ai.callmeback.voice.call.Opening;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.mouth.LonePhrase;
import ai.callmeback.voice.mouth.Voices;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * Has the first words of calls spoken while their phones ring: looks every {@value #LOOK_MILLIS} ms which calls ring that no
 * worker has taken, and leaves the speech in the database for the worker that will be connected. At most {@value #AT_ONCE}
 * at once; what there is no time for, or fails, is spoken when the call is answered, as it comes.
 *
 * <p>What it used is the call's, answered or not: reported as a leg of its own, which no stream ever has.
 */
final class GreetingMaker implements AutoCloseable {
    static final int AT_ONCE = 8;
    static final long LOOK_MILLIS = 400;

    private static final Logger LOG = LoggerFactory.getLogger(GreetingMaker.class);
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final Greetings greetings;
    private final UsageStore usage;
    private final TextToSpeech textToSpeech;
    private final Voices voices;
    private final InstantSource clock;
    private final LoopResources loops = LoopResources.create("greeting", 1, true);
    private final AtomicInteger underWay = new AtomicInteger();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("greetings").daemon().factory());

    GreetingMaker(
            Greetings greetings, UsageStore usage, TextToSpeech textToSpeech, Voices voices, InstantSource clock) {
        this.greetings = greetings;
        this.usage = usage;
        this.textToSpeech = textToSpeech;
        this.voices = voices;
        this.clock = clock;
    }

    void start() {
        var unused = timer.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        int free = AT_ONCE - underWay.get();
        if (free <= 0) {
            return;
        }
        try {
            List<Brief> ringing = greetings.take(free).collectList().block(DEADLINE);
            for (Brief brief : ringing == null ? List.<Brief>of() : ringing) {
                speak(brief);
            }
        } catch (RuntimeException e) {
            LOG.warn("calls that ring not looked for: {}", e.toString());
        }
    }

    private void speak(Brief brief) {
        CallLoop loop = new CallLoop(loops.onClient(true).next(), Ticker.systemTicker());
        Opening opening = Opening.of(brief, voices.usualModel());
        // Only now: what throws above would never be counted off again.
        underWay.incrementAndGet();
        loop.execute(() -> LonePhrase.make(
                loop, textToSpeech, voices, opening.voice(), opening.text(), made -> spoken(brief, made)));
    }

    private void spoken(Brief brief, LonePhrase.Made made) {
        underWay.decrementAndGet();
        LonePhrase.Speech speech = made.speech();
        Mono<Void> kept =
                speech == null ? Mono.empty() : greetings.put(brief.callId(), brief.attempt(), stored(speech));
        kept.then(greetings.isAlive(brief.callId()))
                .flatMap(alive -> report(brief, made.model(), made.characters(), alive))
                .subscribe(
                        done -> {},
                        error -> LOG.warn("greeting of call {} not kept: {}", brief.callId(), error.toString()));
    }

    private Mono<Boolean> report(Brief brief, String model, long characters, boolean alive) {
        UsageReport report = new UsageReport(
                brief.callId(),
                UsageLegs.greeting(brief.attempt()),
                1,
                clock.instant(),
                0,
                true,
                new UsageTotals(Map.of(), Map.of(), Map.of(), Map.of(model, characters)));
        return characters == 0 ? Mono.empty() : alive ? usage.record(report) : usage.recordLate(report);
    }

    static Greetings.Greeting stored(LonePhrase.Speech speech) {
        return new Greetings.Greeting(
                speech.mulaw(),
                new Greetings.Alignment(
                        speech.alignment().text(),
                        IntStream.of(speech.alignment().startMillis()).boxed().toList(),
                        IntStream.of(speech.alignment().durationMillis())
                                .boxed()
                                .toList()));
    }

    @Override
    public void close() {
        timer.shutdownNow();
        loops.dispose();
    }
}
