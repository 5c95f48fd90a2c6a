package ai.callmeback.dev.eval.turns;

import ai.callmeback.voice.loop.CallLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;

/** An event loop whose time passes when it is told to. */
final class VirtualLoop implements AutoCloseable {
    private static final int STEP_MILLIS = 2;

    private final MockTicker ticker = Ticker.newMockTicker();
    private final EmbeddedChannel channel =
            EmbeddedChannel.builder().ticker(ticker).build();
    private final CallLoop loop = new CallLoop(channel.eventLoop(), ticker);

    CallLoop loop() {
        return loop;
    }

    long millis() {
        return TimeUnit.NANOSECONDS.toMillis(ticker.nanoTime());
    }

    /** Lets 20 ms pass, in small steps, running what falls due. */
    void passFrame() {
        for (int passed = 0; passed < 20; passed += STEP_MILLIS) {
            ticker.advanceMillis(STEP_MILLIS);
            channel.runPendingTasks();
        }
    }

    /** Runs what is due now. */
    void settle() {
        channel.runPendingTasks();
    }

    @Override
    public void close() {
        var unused = channel.close();
    }
}
