package ai.callmeback.voice.call;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Consumer;

/**
 * The queue between the stages of one call. Frames posted while one is being handled wait for it to end, so that no stage
 * is ever entered twice at once.
 *
 * <p>Bounds: system frames and lasting frames {@value #MOST_OTHERS} together (they come at the pace of a person; more
 * means a stage is broken, and posting fails); data frames {@value #MOST_DATA}, beyond which a data frame is discarded and
 * counted.
 */
final class FrameQueue {
    static final int MOST_DATA = 2048;
    static final int MOST_OTHERS = 512;

    private final Deque<Frame> system = new ArrayDeque<>();
    private final Deque<Frame> ordered = new ArrayDeque<>();
    private final Consumer<Frame> handler;
    private boolean draining;
    private int data;
    private int discarded;

    FrameQueue(Consumer<Frame> handler) {
        this.handler = handler;
    }

    void post(Frame frame) {
        switch (frame) {
            case Frame.SystemFrame urgent -> {
                checkRoom(system.size());
                system.add(urgent);
            }
            case Frame.DataFrame mortal -> {
                if (data >= MOST_DATA) {
                    discarded++;
                    mortal.discard();
                    return;
                }
                data++;
                ordered.add(mortal);
            }
            case Frame.LastingFrame lasting -> {
                checkRoom(ordered.size() - data);
                ordered.add(lasting);
            }
        }
        drain();
    }

    /** Discards every waiting data frame of this turn. */
    void dropTurn(int turn) {
        for (Iterator<Frame> frames = ordered.iterator(); frames.hasNext(); ) {
            if (frames.next() instanceof Frame.DataFrame mortal && mortal.turn() == turn) {
                frames.remove();
                data--;
                mortal.discard();
            }
        }
    }

    /** Data frames discarded because too many waited. */
    int discarded() {
        return discarded;
    }

    private void drain() {
        if (draining) {
            return;
        }
        draining = true;
        try {
            for (Frame next = next(); next != null; next = next()) {
                handler.accept(next);
            }
        } finally {
            draining = false;
        }
    }

    private @org.jspecify.annotations.Nullable Frame next() {
        if (!system.isEmpty()) {
            return system.poll();
        }
        Frame frame = ordered.poll();
        if (frame instanceof Frame.DataFrame) {
            data--;
        }
        return frame;
    }

    private static void checkRoom(int waiting) {
        if (waiting >= MOST_OTHERS) {
            throw new IllegalStateException(waiting + " frames wait, most is " + MOST_OTHERS);
        }
    }
}
