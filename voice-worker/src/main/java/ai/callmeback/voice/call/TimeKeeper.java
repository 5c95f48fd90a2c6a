package ai.callmeback.voice.call;

import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.loop.CallLoop.Timer;
import java.util.ArrayList;
import java.util.List;

/**
 * Watches the talk's allowed time: warnings thirty seconds before the end (and two minutes before, in talks of five and
 * more; one minute in talks of three), time for a farewell, and the hard stop. Twilio's own time limit stands behind it.
 */
final class TimeKeeper {
    private static final int LAST_WARNING_SECONDS = 30;
    private static final int EARLY_WARNING_SECONDS = 120;
    private static final int EARLY_WARNING_FROM_SECONDS = 300;
    private static final int SHORT_TALK_WARNING_SECONDS = 60;
    private static final int SHORT_TALK_WARNING_FROM_SECONDS = 180;
    private static final int FAREWELL_SECONDS = 12;
    private static final int LAST_WORDS_SECONDS = 8;

    private final CallLoop loop;
    private final Listener listener;
    private final List<Timer> timers = new ArrayList<>();

    TimeKeeper(CallLoop loop, Listener listener) {
        this.loop = loop;
        this.listener = listener;
    }

    interface Listener {
        void onTimeIsShort(int secondsLeft);

        /** Say goodbye when the present turn is over. */
        void onTimeForFarewell();

        /** Say goodbye now. */
        void onLastWords();

        void onHardStop();
    }

    /** Starts over with this much time left. */
    void start(int allowedSeconds, int talkedSeconds) {
        stop();
        int left = allowedSeconds - talkedSeconds;
        if (allowedSeconds >= EARLY_WARNING_FROM_SECONDS) {
            at(left - EARLY_WARNING_SECONDS, () -> listener.onTimeIsShort(EARLY_WARNING_SECONDS));
        } else if (allowedSeconds >= SHORT_TALK_WARNING_FROM_SECONDS) {
            at(left - SHORT_TALK_WARNING_SECONDS, () -> listener.onTimeIsShort(SHORT_TALK_WARNING_SECONDS));
        }
        at(left - LAST_WARNING_SECONDS, () -> listener.onTimeIsShort(LAST_WARNING_SECONDS));
        always(left - FAREWELL_SECONDS, listener::onTimeForFarewell);
        always(left - LAST_WORDS_SECONDS, listener::onLastWords);
        always(left, listener::onHardStop);
    }

    void stop() {
        timers.forEach(Timer::cancel);
        timers.clear();
    }

    /** A warning whose time has passed is not given. */
    private void at(int seconds, Runnable task) {
        if (seconds > 0) {
            always(seconds, task);
        }
    }

    private void always(int seconds, Runnable task) {
        timers.add(loop.after(Math.max(0, seconds) * 1000L, task));
    }
}
