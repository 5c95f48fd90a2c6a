package ai.callmeback.voice.call;

import ai.callmeback.vendors.telephony.Telephony;
import ai.callmeback.vendors.telephony.UpdateOutcome;
import ai.callmeback.voice.loop.CallLoop;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How the call ends: what is planned while there is still talk, and the way out. The call is completed by REST before the
 * socket is closed, for a socket closed first goes to the next worker.
 */
final class Ending {
    private static final int TRIES = 3;
    private static final long RETRY_MILLIS = 500;
    private static final long STOP_GRACE_MILLIS = 1_500;

    private enum Phase {
        TALKING,
        /** No more turns; the call is being completed by REST. */
        HANGING_UP,
        OVER
    }

    private final CallLoop loop;
    private final Telephony telephony;
    private final String callSid;
    private final Consumer<String> whenSaid;
    private final Consumer<EndReason> whenOver;
    private Phase phase = Phase.TALKING;
    private @Nullable EndReason planned;
    private @Nullable String lastWords;

    /**
     * @param whenSaid given the last words once the telephony says them
     * @param whenOver called once the call has been completed, or could not be in {@value #TRIES} tries
     */
    Ending(
            CallLoop loop,
            Telephony telephony,
            String callSid,
            Consumer<String> whenSaid,
            Consumer<EndReason> whenOver) {
        this.whenSaid = whenSaid;
        this.loop = loop;
        this.telephony = telephony;
        this.callSid = callSid;
        this.whenOver = whenOver;
    }

    boolean isTalking() {
        return phase == Phase.TALKING;
    }

    boolean isOver() {
        return phase == Phase.OVER;
    }

    /** There is talk, and nothing says that it is about to end. */
    boolean isOpen() {
        return phase == Phase.TALKING && planned == null;
    }

    /** Why the call ends when the present turn has been heard; null if it goes on. */
    void plan(@Nullable EndReason reason) {
        planned = reason;
    }

    @Nullable
    EndReason planned() {
        return planned;
    }

    /** Nothing happens any more; returns whether anything could until now. */
    boolean close() {
        boolean wasOpen = phase != Phase.OVER;
        phase = Phase.OVER;
        return wasOpen;
    }

    /**
     * Begins to hang up; only while there is talk.
     *
     * @param lastWords for the telephony to say itself, because nobody else can; null for none
     */
    void hangUp(EndReason reason, @Nullable String lastWords) {
        phase = Phase.HANGING_UP;
        planned = reason;
        this.lastWords = lastWords;
        if (lastWords == null) {
            complete(reason, 1);
        } else {
            await(telephony.sayAndEnd(callSid, lastWords), reason, 1);
        }
    }

    /** The telephony has ended the stream: to say what it was given, if it was given anything. */
    void streamStopped() {
        said();
    }

    private void said() {
        String words = lastWords;
        lastWords = null;
        if (words != null) {
            whenSaid.accept(words);
        }
    }

    private void complete(EndReason reason, int tryNumber) {
        await(telephony.endCall(callSid), reason, tryNumber);
    }

    private void await(CompletableFuture<UpdateOutcome> asked, EndReason reason, int tryNumber) {
        var unused = asked.thenAccept(outcome -> loop.execute(() -> answered(reason, tryNumber, outcome)));
    }

    private void answered(EndReason reason, int tryNumber, UpdateOutcome outcome) {
        if (phase == Phase.OVER) {
            return;
        }
        if (outcome instanceof UpdateOutcome.Done) {
            said();
        }
        lastWords = null;
        switch (outcome) {
            case UpdateOutcome.Done done -> loop.after(STOP_GRACE_MILLIS, () -> whenOver.accept(reason));
            case UpdateOutcome.AlreadyEnded ended -> loop.after(STOP_GRACE_MILLIS, () -> whenOver.accept(reason));
            case UpdateOutcome.Refused refused -> again(reason, tryNumber);
            case UpdateOutcome.Unknown unknown -> again(reason, tryNumber);
        }
    }

    /** If the vendor cannot be told, the workflow will: it hears that the call is over. */
    private void again(EndReason reason, int tryNumber) {
        if (tryNumber < TRIES) {
            loop.after(RETRY_MILLIS * tryNumber, () -> complete(reason, tryNumber + 1));
        } else {
            whenOver.accept(reason);
        }
    }
}
