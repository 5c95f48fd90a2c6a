package ai.callmeback.vendors;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** Four event loops, as a voice worker has: what arrives on the wrong one shows. */
public final class Loops implements AutoCloseable {

    static {
        // A loaded machine is slow, not wrong.
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(4, NioIoHandler.newFactory());
    private final List<EventLoop> loops =
            IntStream.range(0, 4).mapToObj(i -> group.next()).toList();

    public EventLoop get(int index) {
        return loops.get(index);
    }

    public List<EventLoop> all() {
        return loops;
    }

    public EventLoopGroup group() {
        return group;
    }

    /** Runs on the loop and waits for the result. */
    public static <T> T on(EventLoop loop, Callable<T> work) {
        try {
            return loop.submit(work).get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
