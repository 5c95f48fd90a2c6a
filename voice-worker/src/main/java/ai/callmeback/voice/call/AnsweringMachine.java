package ai.callmeback.voice.call;

import ai.callmeback.voice.ears.Ears;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.loop.CallLoop.Timer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is done when a machine has picked up: told by the telephony, which goes on listening beside the call, or by what
 * is announced in its first {@value #LISTENS_SECONDS} seconds ({@link Announcement}). The persona stops; by policy it waits for the machine to have
 * said its piece and leaves a short message. Then the call ends, and is not charged. A fax is hung up on.
 */
final class AnsweringMachine {
    static final long LISTENS_SECONDS = 20;

    private static final long LOOK_MILLIS = 100;
    private static final long QUIET_MILLIS = 1_500;
    private static final long PATIENCE_MILLIS = 45_000;

    private final CallLoop loop;
    private final Ears ears;
    private final Dialogue dialogue;
    private final Runnable whenHeard;
    private final boolean leavesMessage;
    private final long listensUntilNanos;
    private @Nullable Timer timer;
    private boolean found;
    private boolean spoken;
    private boolean screened;
    private long quietMillis;
    private long waitedMillis;

    /**
     * @param talkedSeconds how long the call has been answered: only its beginning is a machine's
     * @param whenHeard told once if it was known by its words: nobody else knows
     */
    AnsweringMachine(
            CallLoop loop, Ears ears, Dialogue dialogue, boolean leavesMessage, int talkedSeconds, Runnable whenHeard) {
        this.loop = loop;
        this.ears = ears;
        this.dialogue = dialogue;
        this.leavesMessage = leavesMessage;
        this.whenHeard = whenHeard;
        this.listensUntilNanos = loop.nanos() + TimeUnit.SECONDS.toNanos(LISTENS_SECONDS - talkedSeconds);
    }

    /** The telephony knows. A repeat does nothing. */
    void told(boolean fax) {
        if (!found) {
            found = true;
            dialogue.machineAnswered();
            if (leavesMessage && !fax) {
                listen();
            } else {
                dialogue.leave();
            }
        }
    }

    /** Somebody has said this; returns whether it was a machine, and has been answered as one. */
    boolean said(String text) {
        if (found) {
            return true;
        }
        if (loop.nanos() - listensUntilNanos >= 0) {
            return false;
        }
        boolean first = !spoken;
        spoken = true;
        return switch (Announcement.of(text, first)) {
            case MACHINE -> {
                whenHeard.run();
                told(false);
                yield true;
            }
            case SCREENING -> {
                boolean again = screened;
                screened = true;
                if (!again) {
                    dialogue.introduce();
                }
                yield !again;
            }
            case NONE -> false;
        };
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** Until the machine has been quiet for a while, its beep included. */
    private void listen() {
        timer = loop.after(LOOK_MILLIS, () -> {
            waitedMillis += LOOK_MILLIS;
            quietMillis = ears.userSounds() ? 0 : quietMillis + LOOK_MILLIS;
            if (quietMillis >= QUIET_MILLIS || waitedMillis >= PATIENCE_MILLIS) {
                dialogue.leaveMessage();
            } else {
                listen();
            }
        });
    }
}
