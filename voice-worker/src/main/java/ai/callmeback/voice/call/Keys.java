package ai.callmeback.voice.call;

import ai.callmeback.voice.ears.TurnTaker;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.loop.CallLoop.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Keys pressed on the phone, as a turn of the user: those pressed within a second and a half of each other together, at
 * once when "#" ends them. Bound: {@value #MOST} keys in a turn; more end it.
 */
final class Keys {
    static final int MOST = 32;

    private static final String KNOWN = "0123456789*#ABCD";
    private static final long PAUSE_MILLIS = 1_500;

    private final CallLoop loop;
    private final FrameQueue frames;
    private final TurnTaker turns;
    private final StringBuilder pressed = new StringBuilder();
    private @Nullable Timer timer;

    Keys(CallLoop loop, FrameQueue frames, TurnTaker turns) {
        this.loop = loop;
        this.frames = frames;
        this.turns = turns;
    }

    /** What is no key is ignored. */
    void press(String key) {
        if (key.length() != 1 || KNOWN.indexOf(key.charAt(0)) < 0) {
            return;
        }
        boolean ends = key.equals("#");
        if (!ends) {
            pressed.append(pressed.isEmpty() ? "" : " ").append(key);
        }
        stop();
        if (ends || pressed.length() >= 2 * MOST - 1) {
            tell();
        } else {
            timer = loop.after(PAUSE_MILLIS, this::tell);
        }
    }

    /** Not in the middle of a sentence: what is being said comes first. */
    private void tell() {
        stop();
        if (turns.userIsSpeaking()) {
            timer = loop.after(PAUSE_MILLIS, this::tell);
        } else if (!pressed.isEmpty()) {
            String keys = pressed.toString();
            pressed.setLength(0);
            frames.post(new Frame.UserTurnEnded("(pressed " + keys + " on the phone)", loop.nanos(), 0));
        }
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
