package ai.callmeback.voice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.conversation.JournalEvent;
import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.voice.call.CallJournal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
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

    @Test
    void aLineRestsBeforeItIsWritten() throws InterruptedException {
        CompletableFuture<Long> writtenAt = new CompletableFuture<>();
        try (JournalWriter writer = writer(lines -> {
            writtenAt.complete(System.nanoTime());
            return List.of();
        })) {
            long added = System.nanoTime();
            writer.open(CALL, 1).add(said("hello"));
            assertThat(Duration.ofNanos(writtenAt.join() - added))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(JournalWriter.REST_MILLIS));
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
            CallJournal journal = writer.open(CALL, 1);
            journal.add(said("one"));
            refused.await();
            journal.add(said("two"));
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
            CallJournal journal = writer.open(CALL, 1);
            journal.add(said("good"));
            journal.add(said("bad"));
            journal.add(said("better"));
            CountDownLatch done = new CountDownLatch(1);
            journal.whenWritten(done::countDown);
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
            CallJournal journal = writer.open(CALL, 1);
            journal.add(said("holds the writer"));
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
        writer.open(CALL, 1).add(said("last words"));
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
            writer.open(CALL, 3).add(said("too late"));
            assertThat(fenced.poll(10, TimeUnit.SECONDS)).isEqualTo(leg);
        }
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
