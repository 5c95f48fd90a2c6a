package ai.callmeback.voice.worker;

import ai.callmeback.voice.call.TurnMeter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** Turns and lateness as metrics. */
final class VoiceMeter implements TurnMeter {
    private final Timer latency;
    private final Counter interruptions;
    private final Counter lateFrames;
    private final Counter lateMillis;
    private final Counter starvedFrames;

    VoiceMeter(MeterRegistry registry) {
        latency = Timer.builder("voice.turn.latency")
                .description("End of the user's turn to the first audio frame sent")
                .publishPercentiles(0.5, 0.95, 0.99)
                .register(registry);
        interruptions = registry.counter("voice.turn.interrupted");
        lateFrames = registry.counter("voice.frames.late");
        lateMillis = registry.counter("voice.late.millis");
        starvedFrames = registry.counter("voice.frames.starved");
    }

    @Override
    public void answered(long latencyNanos) {
        latency.record(latencyNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void interrupted() {
        interruptions.increment();
    }

    @Override
    public void legOver(int late, long millis, int starved) {
        lateFrames.increment(late);
        lateMillis.increment((double) millis);
        starvedFrames.increment(starved);
    }
}
