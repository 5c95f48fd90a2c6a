package ai.callmeback.voice.recording;

import ai.callmeback.db.recording.SoundChunk;
import ai.callmeback.voice.call.CallSetup;
import ai.callmeback.voice.loop.CallLoop;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Both sides of a leg on one line of time, which begins with the leg: the user where the telephony's clock has it, the
 * persona where the phone should be playing it. What the phone is told to drop is taken out again. Sound is given away
 * in stretches of {@value #CHUNK_SAMPLES} samples, a second after their end.
 */
final class LegTape implements Tape {
    static final int CHUNK_SAMPLES = 16_000;
    private static final int SAMPLES_PER_MILLI = 8;
    private static final long MARGIN_SAMPLES = 8_000;
    /** Nothing is ever this far ahead of its time; a clock that says so is wrong. */
    private static final long AHEAD_MOST_SAMPLES = 8 * 30_000;

    private static final byte SILENCE = (byte) 0xFF;

    private final CallLoop loop;
    private final CallSetup leg;
    private final Instant startedAt;
    private final long startedNanos;
    private final Consumer<SoundChunk> kept;
    private final Map<Integer, Stretch> open = new TreeMap<>();
    private int next;
    private long heardShift = Long.MIN_VALUE;
    private long saidUpTo;
    private boolean recording;
    private boolean closed;

    private static final class Stretch {
        final byte[] user = silence();
        final byte[] agent = silence();
        int length;

        private static byte[] silence() {
            byte[] samples = new byte[CHUNK_SAMPLES];
            Arrays.fill(samples, SILENCE);
            return samples;
        }
    }

    /** @param kept takes plain sound, at once */
    LegTape(CallLoop loop, CallSetup leg, Instant startedAt, Consumer<SoundChunk> kept) {
        this.loop = loop;
        this.leg = leg;
        this.startedAt = startedAt;
        this.startedNanos = loop.nanos();
        this.kept = kept;
    }

    /** There is consent: records from here on. */
    void record() {
        recording = !closed;
        next = Math.toIntExact(now() / CHUNK_SAMPLES);
    }

    private long now() {
        return TimeUnit.NANOSECONDS.toMicros(loop.nanos() - startedNanos) * SAMPLES_PER_MILLI / 1000;
    }

    @Override
    public void heard(long timestampMillis, byte[] mulaw, int length) {
        if (!recording) {
            return;
        }
        long stream = timestampMillis * SAMPLES_PER_MILLI;
        if (heardShift == Long.MIN_VALUE) {
            heardShift = now() - stream;
        }
        write(true, stream + heardShift, mulaw, 0, length);
        giveAway(now() - MARGIN_SAMPLES);
    }

    @Override
    public void said(byte[] mulaw, int offset, int length) {
        if (recording) {
            saidUpTo = Math.max(saidUpTo, now());
            write(false, saidUpTo, mulaw, offset, length);
            saidUpTo += length;
        }
    }

    @Override
    public void cleared() {
        if (!recording) {
            return;
        }
        long now = now();
        for (long at = now; at < saidUpTo; ) {
            Stretch stretch = open.get(number(at));
            int from = (int) (at % CHUNK_SAMPLES);
            int to = (int) Math.min(CHUNK_SAMPLES, from + saidUpTo - at);
            if (stretch != null) {
                Arrays.fill(stretch.agent, from, to, SILENCE);
            }
            at += to - from;
        }
        saidUpTo = now;
    }

    @Override
    public void close() {
        if (recording) {
            // What was sent and will not be played any more is no part of the call.
            cleared();
            giveAway(Long.MAX_VALUE);
        }
        recording = false;
        closed = true;
        open.clear();
    }

    private void write(boolean user, long position, byte[] samples, int offset, int length) {
        if (position < (long) next * CHUNK_SAMPLES || position > now() + AHEAD_MOST_SAMPLES) {
            return;
        }
        int done = 0;
        while (done < length) {
            long at = position + done;
            Stretch stretch = open.computeIfAbsent(number(at), absent -> new Stretch());
            int to = (int) (at % CHUNK_SAMPLES);
            int count = Math.min(length - done, CHUNK_SAMPLES - to);
            System.arraycopy(samples, offset + done, user ? stretch.user : stretch.agent, to, count);
            stretch.length = Math.max(stretch.length, to + count);
            done += count;
        }
    }

    private static int number(long position) {
        return Math.toIntExact(position / CHUNK_SAMPLES);
    }

    private void giveAway(long before) {
        while (!open.isEmpty()) {
            int first = open.keySet().iterator().next();
            if ((first + 1L) * CHUNK_SAMPLES > before) {
                return;
            }
            Stretch stretch = open.remove(first);
            next = first + 1;
            byte[] sound = new byte[2 * stretch.length];
            System.arraycopy(stretch.user, 0, sound, 0, stretch.length);
            System.arraycopy(stretch.agent, 0, sound, stretch.length, stretch.length);
            kept.accept(new SoundChunk(
                    leg.callId(),
                    leg.mediaLeg(),
                    first,
                    startedAt.plusMillis((long) first * CHUNK_SAMPLES / SAMPLES_PER_MILLI),
                    stretch.length,
                    sound));
        }
    }
}
