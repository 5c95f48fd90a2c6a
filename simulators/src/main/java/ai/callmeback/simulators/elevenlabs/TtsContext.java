package ai.callmeback.simulators.elevenlabs;

import ai.callmeback.simulators.tuning.Tuning;
import ai.callmeback.simulators.wire.Peer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * One stream of text and its audio: gathers text until there is reason to generate, generates in order, and ends when it
 * is closed and what it owes has been sent.
 */
final class TtsContext {
    /** The session around it. */
    interface Host {
        Segment generate(TtsContext context, String text);

        void send(TtsContext context, Segment segment, Segment.Chunk chunk);

        void finished(TtsContext context);

        Tuning tuning();

        Peer peer();
    }

    private record Due(Segment segment, Segment.Chunk chunk, long atNanos, boolean flushed) {}

    /** Less than this is not worth generating unless it must be. */
    private static final int TRY_TRIGGER_CHARACTERS = 50;

    final String id;
    private final Host host;
    private final boolean autoMode;
    private final int[] schedule;
    private final StringBuilder buffer = new StringBuilder();
    private final Queue<Due> owed = new ArrayDeque<>();
    private int scheduled;
    private long busyUntilNanos;
    private boolean waiting;
    private boolean closing;
    private boolean finished;
    private int characters;
    long lastMessageNanos = System.nanoTime();

    TtsContext(String id, Host host, boolean autoMode, int[] schedule) {
        this.id = id;
        this.host = host;
        this.autoMode = autoMode;
        this.schedule = schedule;
        this.busyUntilNanos = System.nanoTime();
    }

    /** More text; generates if there is enough of it, or always in auto mode. */
    void text(String text, boolean tryTrigger) {
        buffer.append(text);
        if (autoMode && !text.isBlank()) {
            generate(buffer.length(), true);
        } else if (buffer.length() >= schedule[Math.min(scheduled, schedule.length - 1)]) {
            scheduled++;
            generate(lastWordEnd(), false);
        } else if (tryTrigger && buffer.length() >= TRY_TRIGGER_CHARACTERS) {
            generate(lastWordEnd(), false);
        }
    }

    /** Generates all there is. */
    void flush() {
        if (!buffer.toString().isBlank()) {
            generate(buffer.length(), true);
        }
    }

    /** No new generation. What was flushed is still sent, of the rest only the chunk that is already on its way. */
    void close() {
        if (closing) {
            return;
        }
        closing = true;
        buffer.setLength(0);
        Due first = owed.peek();
        owed.removeIf(due -> !due.flushed && !due.equals(first));
        if (owed.isEmpty()) {
            finish();
        }
    }

    /** The end of a stream that is not interrupted: generates the rest, then closes. */
    void complete() {
        flush();
        close();
    }

    boolean closing() {
        return closing;
    }

    /** Characters generated, and so billed. */
    int characters() {
        return characters;
    }

    /** The connection is gone. */
    void abandon() {
        finished = true;
        owed.clear();
    }

    private int lastWordEnd() {
        int space = buffer.lastIndexOf(" ");
        return space < 0 ? buffer.length() : space + 1;
    }

    private void generate(int length, boolean flushed) {
        String text = buffer.substring(0, length);
        buffer.delete(0, length);
        Segment segment = host.generate(this, text);
        characters += text.codePointCount(0, text.length());
        Tuning tuning = host.tuning();
        long start = Math.max(busyUntilNanos, System.nanoTime())
                + TimeUnit.MILLISECONDS.toNanos(tuning.ttsFirstAudioMillis());
        for (Segment.Chunk chunk : segment.chunks()) {
            long generating = tuning.ttsSpeed() == 0
                    ? 0
                    : (long) (TimeUnit.MILLISECONDS.toNanos(chunk.startMillis()) / tuning.ttsSpeed());
            busyUntilNanos = start + generating;
            owed.add(new Due(segment, chunk, busyUntilNanos, flushed));
        }
        sendDue();
    }

    private void sendDue() {
        while (!finished && !waiting && !owed.isEmpty()) {
            long wait = owed.element().atNanos - System.nanoTime();
            if (wait > 0) {
                waiting = true;
                host.peer().after(Duration.ofNanos(wait), () -> {
                    waiting = false;
                    sendDue();
                });
                return;
            }
            Due due = owed.remove();
            host.send(this, due.segment, due.chunk);
        }
        if (closing && owed.isEmpty()) {
            finish();
        }
    }

    private void finish() {
        if (!finished) {
            finished = true;
            host.finished(this);
        }
    }
}
