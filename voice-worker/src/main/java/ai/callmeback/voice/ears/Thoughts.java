package ai.callmeback.voice.ears;

import java.util.function.Consumer;

/** Somebody who can tell from the words alone whether a speaker who pauses has finished a thought. */
public interface Thoughts {
    /** What is known when the time for it is over. */
    enum Verdict {
        WHOLE,
        UNFINISHED,
        /** Nobody said so in time: as if nobody had been asked. */
        UNKNOWN
    }

    /** Whether the engine in use leaves that open: one that listens for it itself needs nobody else. */
    boolean areWanted();

    /** Asks about one pause; the answer comes once, on the call's loop and in time, unless {@link #cancel} comes before. */
    void ask(String said, Consumer<Verdict> answer);

    /** Nothing is asked any more. */
    void cancel();

    /** Nobody. */
    static Thoughts none() {
        return new Thoughts() {
            @Override
            public boolean areWanted() {
                return false;
            }

            @Override
            public void ask(String said, Consumer<Verdict> answer) {
                answer.accept(Verdict.UNKNOWN);
            }

            @Override
            public void cancel() {}
        };
    }
}
