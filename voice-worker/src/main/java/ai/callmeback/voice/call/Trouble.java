package ai.callmeback.voice.call;

import ai.callmeback.vendors.VendorFault;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is said while the model or the voice is late, and when a vendor fails or is lost. */
final class Trouble {
    private static final int MODEL_FAILURES_MOST = 3;

    private final Dialogue dialogue;
    private final Floor floor;
    private final Ending ending;
    private final LegAccount account;
    private final Phrases phrases;
    private final Consumer<EndReason> hangUp;
    private int modelFailures;
    private @Nullable String lastWords;

    Trouble(
            Dialogue dialogue,
            Floor floor,
            Ending ending,
            LegAccount account,
            Phrases phrases,
            Consumer<EndReason> hangUp) {
        this.dialogue = dialogue;
        this.floor = floor;
        this.ending = ending;
        this.account = account;
        this.phrases = phrases;
        this.hangUp = hangUp;
    }

    /** A held turn has no wait that anybody hears. */
    void modelIsLate(int number) {
        AgentTurn turn = floor.holder();
        if (turn == null || turn.number != number || !turn.saidNothingYet()) {
            return;
        }
        if (turn.warns && !turn.warnedPlainly) {
            dialogue.warnPlainly(turn);
        } else if (turn.fillerSaid()) {
            floor.mouth().phrase(number, phrases.filler());
        }
    }

    void voiceIsLate(int number) {
        AgentTurn turn = floor.holder();
        if (turn != null && turn.number == number && turn.fillerSaid()) {
            floor.mouth().putIn(number, phrases.filler());
        }
    }

    /** What the telephony shall say as it hangs up, because the voice is lost and nothing that is known can be said. */
    @Nullable
    String lastWords() {
        return lastWords;
    }

    void modelAnswered() {
        modelFailures = 0;
    }

    void modelFailed(Frame.ModelFailed failed) {
        AgentTurn turn = floor.turn(failed.turn());
        if (turn == null) {
            return;
        }
        boolean last = ++modelFailures >= MODEL_FAILURES_MOST;
        if (turn.warns && !failed.spoken() && turn.answersNobody()) {
            dialogue.warnPlainly(turn);
            return;
        }
        floor.mouth().phrase(turn.number, instead(turn, failed.spoken(), last));
        if (last) {
            account.vendorFailed();
            dialogue.endAfter(turn, turn.thenEnd == null ? EndReason.VENDOR_FAULT : turn.thenEnd);
        }
        floor.mouth().finish(turn.number);
    }

    /**
     * Who was left in the middle of a sentence would wait for the rest of it, and nobody is asked to say something again and
     * then hung up on.
     */
    private String instead(AgentTurn turn, boolean spoken, boolean last) {
        if (turn.thenEnd != null) {
            return phrases.farewell();
        }
        return last ? phrases.breakdown() : spoken ? phrases.lostThread() : phrases.trouble();
    }

    /**
     * The ears are gone, or the voice, which can still say what it has said before: that is told, then the call ends. Of a
     * voice that has said nothing yet the telephony's own takes the place.
     */
    void vendorLost(VendorFault fault) {
        account.vendorFailed();
        boolean deaf = fault.vendor().equals("deepgram");
        if (deaf ? ending.planned() == null : floor.mouth().knows(phrases.breakdown())) {
            floor.cut();
            dialogue.say(phrases.breakdown(), false, EndReason.VENDOR_FAULT);
        } else {
            lastWords = deaf ? null : phrases.breakdownByTelephony();
            hangUp.accept(EndReason.VENDOR_FAULT);
        }
    }
}
