package ai.callmeback.voice.ears;

import ai.callmeback.vendors.stt.SttEvent;

/** The turn the engine has open, in positions of the user's audio: what of it another connection would have to hear again. */
final class EngineTurn {
    private final ReplayBuffer recent;
    private boolean open;
    private long start;
    private long wordsUpTo;

    EngineTurn(ReplayBuffer recent) {
        this.recent = recent;
    }

    boolean isOpen() {
        return open;
    }

    /** There is none, whatever was said of one. */
    void forget() {
        open = false;
    }

    /** @param position up to which the engine has heard when it says this */
    void note(SttEvent event, long position) {
        switch (event) {
            case SttEvent.StartOfTurn begun -> {
                if (!open) {
                    open = true;
                    start = recent.start();
                }
                wordsUpTo = position;
            }
            case SttEvent.Update update -> wordsUpTo = position;
            case SttEvent.TurnResumed resumed -> wordsUpTo = position;
            case SttEvent.EndOfTurn end -> {
                open = false;
                recent.forgetBefore(Math.min(recent.next(), position));
            }
            case SttEvent.EagerEndOfTurn eager -> {}
            case SttEvent.Opened ready -> {}
            case SttEvent.Closed gone -> {}
        }
    }

    /** Back to the last final; in too long a turn, to the last words known. Returns whether it is the former. */
    boolean rewind() {
        boolean all = !open || start >= recent.start();
        recent.rewind(open ? (all ? start : wordsUpTo) : recent.start());
        open &= !all;
        return all;
    }

    /** How much of the audio sent on a connection the engine had heard when it reported this, in milliseconds. */
    static long audioMillis(SttEvent event) {
        return switch (event) {
            case SttEvent.StartOfTurn begun -> begun.audioMillis();
            case SttEvent.Update update -> update.audioMillis();
            case SttEvent.EagerEndOfTurn eager -> eager.audioMillis();
            case SttEvent.TurnResumed resumed -> resumed.audioMillis();
            case SttEvent.EndOfTurn end -> end.audioMillis();
            case SttEvent.Opened ready -> 0;
            case SttEvent.Closed gone -> 0;
        };
    }
}
