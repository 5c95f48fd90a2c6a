package ai.callmeback.voice.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.conversation.JournalEvent;
import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.voice.call.CallJournal;
import ai.callmeback.voice.call.VirtualTime;
import ai.callmeback.voice.loop.CallLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Ticker;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.TransientDataAccessResourceException;

/** What the writer does while the database is away, full, or refuses; the database itself has tests of its own. */
@Timeout(30)
class JournalWriterTest {
    private static final CallId CALL = new CallId(new UUID(0, 1));

    private final BlockingQueue<List<JournalEvent>> written = new LinkedBlockingQueue<>();
    private final VirtualTime time = new VirtualTime();

    @Test
    void aLineRestsBeforeItIsWritten() throws InterruptedException {
        try (JournalWriter writer = writer(lines -> {
            written.add(List.copyOf(lines));
            return List.of();
        })) {
            CallJournal journal = open(writer);
            for (int i = 0; i < 10; i++) {
                journal.add(said("first"));
                time.pass(JournalWriter.REST_MILLIS - 1);
                journal.add(said("one that came while it rested"));
                time.pass(1);
                assertThat(written.take()).hasSize(2);
            }
        }
    }

    @Test
    void theWriterSleepsWhileThereIsNothingToWrite() throws InterruptedException {
        Thread[] thread = new Thread[1];
        try (JournalWriter writer = writer(lines -> {
            thread[0] = Thread.currentThread();
            written.add(List.copyOf(lines));
            return List.of();
        })) {
            CallJournal journal = open(writer);
            for (int i = 0; i < 3; i++) {
                journal.add(said("hello"));
                time.pass(JournalWriter.REST_MILLIS);
                assertThat(written.take()).hasSize(1);
                // Without a deadline: TIMED_WAITING would be a thread that looks again by itself.
                await().until(() -> thread[0].getState() == Thread.State.WAITING);
            }
        }
    }

    @Test
    void aLineOfALoopThatIsEndingIsWrittenAllTheSame() throws InterruptedException {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        CallLoop ending = new CallLoop(loops.next(), Ticker.systemTicker());
        loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
        try (JournalWriter writer = writer(lines -> {
            written.add(List.copyOf(lines));
            return List.of();
        })) {
            writer.open(ending, CALL, 1).add(said("last words"));
            assertThat(written.take()).hasSize(1);
        }
    }

    @Test
    void whatIsAddedWhileTheDatabaseIsAwayIsWrittenInOrderWhenItIsBack() throws InterruptedException {
        CountDownLatch refused = new CountDownLatch(2);
        try (JournalWriter writer = writer(lines -> {
            if (refused.getCount() > 0) {
                refused.countDown();
                throw new TransientDataAccessResourceException("away");
            }
            written.add(List.copyOf(lines));
            return List.of();
        })) {
            CallJournal journal = open(writer);
            journal.add(said("one"));
            time.pass(JournalWriter.REST_MILLIS);
            refused.await();
            journal.add(said("two"));
            time.pass(JournalWriter.REST_MILLIS);
            List<JournalEvent> lines = new ArrayList<>(written.take());
            lines.addAll(written.take());
            assertThat(lines).extracting(JournalEvent::text).containsExactly("one", "two");
            assertThat(lines).extracting(JournalEvent::sequence).containsExactly(1L, 2L);
        }
    }

    @Test
    void aLineTheDatabaseWillNeverTakeIsLeftOutAloneAndCounted() throws InterruptedException {
        try (JournalWriter writer = writer(lines -> {
            if (lines.stream().anyMatch(line -> line.text().equals("bad"))) {
                throw new DataIntegrityViolationException("no such call");
            }
            written.add(List.copyOf(lines));
            return List.of();
        })) {
            CallJournal journal = open(writer);
            journal.add(said("good"));
            journal.add(said("bad"));
            journal.add(said("better"));
            CountDownLatch done = new CountDownLatch(1);
            journal.whenWritten(done::countDown);
            time.pass(JournalWriter.REST_MILLIS);
            done.await();
            assertThat(written)
                    .flatMap(lines -> lines)
                    .extracting(JournalEvent::text)
                    .containsExactly("good", "better");
            assertThat(writer.dropped()).isEqualTo(1);
        }
    }

    @Test
    void partialsGiveWayFirstAndNothingWaitsBeyondTheBound() throws InterruptedException {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch back = new CountDownLatch(1);
        try (JournalWriter writer = writer(lines -> {
            blocked.countDown();
            awaitQuietly(back);
            return List.of();
        })) {
            CallJournal journal = open(writer);
            journal.add(said("holds the writer"));
            time.pass(JournalWriter.REST_MILLIS);
            blocked.await();
            int partialsMost = JournalWriter.MOST_WAITING / 4 * 3;
            IntStream.range(0, partialsMost + 10).forEach(i -> journal.add(partial()));
            assertThat(writer.waiting()).isEqualTo(partialsMost);
            assertThat(writer.dropped()).isEqualTo(10);
            IntStream.range(0, JournalWriter.MOST_WAITING).forEach(i -> journal.add(said("more")));
            assertThat(writer.waiting()).isEqualTo(JournalWriter.MOST_WAITING);
            assertThat(writer.dropped()).isEqualTo(10 + partialsMost);
            back.countDown();
        }
    }

    @Test
    void closingWritesWhatWaitsWithoutRest() {
        JournalWriter writer = writer(lines -> {
            written.add(List.copyOf(lines));
            return List.of();
        });
        open(writer).add(said("last words"));
        writer.close();
        assertThat(written)
                .flatMap(lines -> lines)
                .extracting(JournalEvent::text)
                .containsExactly("last words");
    }

    @Test
    void legsThatAreNoLongerOursAreReported() throws InterruptedException {
        BlockingQueue<JournalWriter.Leg> fenced = new LinkedBlockingQueue<>();
        JournalWriter.Leg leg = new JournalWriter.Leg(CALL, 3);
        try (JournalWriter writer =
                new JournalWriter(lines -> List.of(leg), fenced::add, InstantSource.system()).start()) {
            writer.open(time.loop(), CALL, 3).add(said("too late"));
            time.pass(JournalWriter.REST_MILLIS);
            assertThat(fenced.poll(10, TimeUnit.SECONDS)).isEqualTo(leg);
        }
    }

    private CallJournal open(JournalWriter writer) {
        return writer.open(time.loop(), CALL, 1);
    }

    private JournalWriter writer(JournalWriter.JournalStore store) {
        return new JournalWriter(store, leg -> {}, InstantSource.system()).start();
    }

    private static CallJournal.Line said(String text) {
        return line(JournalKind.USER_SAID, text);
    }

    private static CallJournal.Line partial() {
        return line(JournalKind.USER_PARTIAL, "and then");
    }

    private static CallJournal.Line line(JournalKind kind, String text) {
        return new CallJournal.Line(kind, 1, 0, text, List.of(), null, false, null, null);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
