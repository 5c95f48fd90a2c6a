package ai.callmeback.voice.call;

import ai.callmeback.voice.loop.CallLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;

/** An event loop whose time stands still until it is told to pass. */
public final class VirtualTime {
    private final MockTicker ticker = Ticker.newMockTicker();
    private final EmbeddedChannel channel =
            EmbeddedChannel.builder().ticker(ticker).build();
    private final CallLoop loop = new CallLoop(channel.eventLoop(), ticker);

    public CallLoop loop() {
        return loop;
    }

    public long millis() {
        return TimeUnit.NANOSECONDS.toMillis(ticker.nanoTime());
    }

    /** Lets time pass one millisecond after the other, running what falls due. */
    public void pass(long millis) {
        for (long i = 0; i < millis; i++) {
            ticker.advanceMillis(1);
            channel.runPendingTasks();
        }
    }

    /** The loop stands still for so long, as in a pause of the collector; what fell due runs afterwards. */
    public void stall(long millis) {
        ticker.advanceMillis(millis);
        channel.runPendingTasks();
    }

    /** Runs what is due without any time passing. */
    public void settle() {
        for (int i = 0; i < 10; i++) {
            channel.runPendingTasks();
        }
    }
}
