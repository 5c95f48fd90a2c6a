package ai.callmeback.simulators.core;

import io.netty.channel.EventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Real time on one Netty event loop, which also serves all media sockets: no hand-over between threads per frame. */
public final class EventLoopTime implements SimTime {
    private final EventLoop loop;
    private final Clock clock;

    public EventLoopTime(EventLoop loop, Clock clock) {
        this.loop = loop;
        this.clock = clock;
    }

    /** The loop itself, for sockets that belong to it. */
    public EventLoop loop() {
        return loop;
    }

    /** The kind of client socket that the loop can serve. */
    public Class<? extends SocketChannel> socketType() {
        return Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public Timer at(long deadlineNanos, Runnable task) {
        long delayNanos = Math.max(0, deadlineNanos - System.nanoTime());
        Future<?> future = loop.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public boolean onThread() {
        return loop.inEventLoop();
    }
}
