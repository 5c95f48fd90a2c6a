package ai.callmeback.voice.rehearsal;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays a few calls within the process before it takes any: phones and {@linkplain StandInVendors vendors} on loopback,
 * and between them the real media server, conversation, journal and vendor clients. What a JVM does for the first time is
 * slow; without this the first calls would pay for it, and if many came together the vendors' deadlines would pass while
 * classes are loaded on their event loop.
 *
 * <p>First one call, then {@value #TOGETHER} at once (again and again if more turns are wanted), one of its turns interrupted
 * in each. No vendor is asked, no row written, no metric counted.
 */
public final class Rehearsal {
    static final int TOGETHER = 12;
    static final int TURNS = 4;
    private static final int USUAL = TURNS * (1 + TOGETHER);

    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

    /** @param complete whether every phone heard all its turns in time */
    public record Played(int turns, Duration took, boolean complete) {}

    private final Duration most;
    private final int wanted;

    /** @param most after which it ends, wherever it has got to; zero for no rehearsal */
    public Rehearsal(Duration most) {
        this(most, USUAL);
    }

    /** @param turns at least so many are played */
    public Rehearsal(Duration most, int turns) {
        this.most = most;
        this.wanted = turns;
    }

    /** Blocks until it is over. A failure is logged and changes nothing else: a cold worker is better than none. */
    public Played play() {
        if (most.isZero()) {
            return new Played(0, Duration.ZERO, false);
        }
        long began = System.nanoTime();
        int turns = 0;
        try (RehearsalStage stage = new RehearsalStage()) {
            long until = began + most.toNanos();
            turns = play(stage, 1, until);
            do {
                turns += play(stage, TOGETHER, until);
            } while (turns < wanted && System.nanoTime() < until);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("the rehearsal failed, the first calls will be slower", e);
        }
        Played played = new Played(turns, Duration.ofNanos(System.nanoTime() - began), turns >= wanted);
        LOG.info(
                "rehearsed {} turns in {} ms{}",
                turns,
                played.took().toMillis(),
                played.complete() ? "" : ", fewer than wanted");
        return played;
    }

    /** Returns how many turns were heard; of phones that had not finished in time, none. */
    private static int play(RehearsalStage stage, int calls, long untilNanos) throws InterruptedException {
        EventLoop loop = stage.loop();
        CountDownLatch over = new CountDownLatch(calls);
        List<RehearsalPhone> phones = IntStream.range(0, calls)
                .mapToObj(number -> new RehearsalPhone(loop, number, TURNS, over::countDown))
                .toList();
        loop.execute(() -> phones.forEach(phone -> phone.ring(stage.mediaUrl())));
        boolean inTime = over.await(Math.max(0, untilNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        if (!inTime) {
            loop.execute(() -> phones.forEach(RehearsalPhone::hangUp));
            return 0;
        }
        return phones.stream().mapToInt(RehearsalPhone::turnsHeard).sum();
    }
}
