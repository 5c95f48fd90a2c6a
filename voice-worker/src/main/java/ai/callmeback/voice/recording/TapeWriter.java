package ai.callmeback.voice.recording;

import ai.callmeback.db.recording.Recordings;
import ai.callmeback.db.recording.SoundChunk;
import ai.callmeback.voice.call.CallSetup;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.workflows.codec.SealedBytes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the calls of a worker whose users have agreed: seals what their tapes give away and writes it, on a thread of its
 * own. At most {@value #MOST_WAITING} stretches wait (two seconds of a call each); beyond that new ones are dropped and
 * counted, and one that the database does not take in {@value #TRIES} tries is as well. No call notices.
 */
public final class TapeWriter implements Tapes, AutoCloseable {
    static final int MOST_WAITING = 512;
    static final int TRIES = 5;

    private static final Logger LOG = LoggerFactory.getLogger(TapeWriter.class);
    private static final Duration DATABASE = Duration.ofSeconds(5);
    private static final Duration CONSENT = Duration.ofSeconds(2);
    private static final long IDLE_MILLIS = 200;
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LAST_WORDS_SECONDS = 5;

    private final Recordings recordings;
    private final SealedBytes seal;
    private final InstantSource clock;
    private final long pauseMillis;
    private final BlockingQueue<SoundChunk> queue = new ArrayBlockingQueue<>(MOST_WAITING);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread = Thread.ofPlatform().name("recording").daemon().unstarted(this::run);
    private volatile boolean closing;

    public TapeWriter(Recordings recordings, SealedBytes seal, InstantSource clock) {
        this(recordings, seal, clock, FIRST_PAUSE_MILLIS);
    }

    /** @param pauseMillis between the first two tries, twice as long each time after */
    TapeWriter(Recordings recordings, SealedBytes seal, InstantSource clock, long pauseMillis) {
        this.recordings = recordings;
        this.seal = seal;
        this.clock = clock;
        this.pauseMillis = pauseMillis;
    }

    public TapeWriter start() {
        thread.start();
        return this;
    }

    /** Stretches that were lost. */
    public long dropped() {
        return dropped.get();
    }

    /** Begins to record when the database says that it may, a moment after the leg begins. */
    @Override
    public Tape open(CallLoop loop, CallSetup leg) {
        LegTape tape = new LegTape(loop, leg, clock.instant(), this::keep);
        recordings
                .consentOf(leg.callId())
                .timeout(CONSENT)
                .filter(Optional::isPresent)
                .subscribe(
                        agreed -> loop.execute(tape::record),
                        error -> LOG.warn("call {} is not recorded: {}", leg.callId(), error.toString()));
        return tape;
    }

    private void keep(SoundChunk chunk) {
        if (!queue.offer(chunk)) {
            lost(chunk, "too many wait");
        }
    }

    private void lost(SoundChunk chunk, String why) {
        dropped.incrementAndGet();
        LOG.warn("{} samples of call {} are not in its recording: {}", chunk.samples(), chunk.callId(), why);
    }

    private void run() {
        try {
            while (true) {
                SoundChunk chunk = queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (chunk != null) {
                    write(chunk);
                } else if (closing) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(SoundChunk chunk) throws InterruptedException {
        String why = "";
        for (int tries = 0; tries < TRIES; tries++) {
            if (tries > 0) {
                TimeUnit.MILLISECONDS.sleep(pauseMillis << (tries - 1));
            }
            try {
                recordings.append(sealed(chunk)).block(DATABASE);
                return;
            } catch (RuntimeException e) {
                why = e.toString();
            }
        }
        lost(chunk, why);
    }

    private SoundChunk sealed(SoundChunk chunk) {
        return new SoundChunk(
                chunk.callId(),
                chunk.mediaLeg(),
                chunk.number(),
                chunk.startsAt(),
                chunk.samples(),
                seal.seal(chunk.sound()));
    }

    /** Writes what waits, for a moment at most. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(LAST_WORDS_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
