package ai.callmeback.voice.mouth;

import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.loop.CallLoop.Timer;
import org.jspecify.annotations.Nullable;

/** The vendor's word that a context is complete may get lost; after its last audio it is waited for only so long. */
final class ContextEnd {
    private static final long DEADLINE_MILLIS = 5000;

    private final CallLoop loop;
    private @Nullable Timer deadline;

    ContextEnd(CallLoop loop) {
        this.loop = loop;
    }

    /** Waits from now, instead of an earlier now. */
    void await(Runnable overdue) {
        cancel();
        deadline = loop.after(DEADLINE_MILLIS, overdue);
    }

    void cancel() {
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
    }
}
