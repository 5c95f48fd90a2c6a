package ai.callmeback.dev.chaos;

import ai.callmeback.dev.chaos.CallRecord.Leg;
import ai.callmeback.dev.chaos.CallRecord.Outcome;
import ai.callmeback.dev.chaos.CallRecord.Said;
import ai.callmeback.dev.chaos.CallRecord.Settlement;
import ai.callmeback.dev.chaos.CallRecord.Span;
import ai.callmeback.dev.chaos.CallRecord.Turn;
import ai.callmeback.dev.chaos.CallRecord.Word;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A call put together bit by bit as it goes on, each word a third of a second long. */
final class MadeUpCall {
    static final long WORD_MILLIS = 300;
    static final int PORT = 8082;

    private final List<Turn> ours = new ArrayList<>();
    private final List<Word> heard = new ArrayList<>();
    private final List<Span> sounds = new ArrayList<>();
    private final List<Said> said = new ArrayList<>();
    private final List<Leg> legs = new ArrayList<>();
    private final List<CallRecord.Fault> faults = new ArrayList<>();
    private long now;
    private long legBegan;
    private String status = "completed";
    private int rings = 1;
    private boolean hungUp = true;
    private @Nullable Settlement settlement;
    private boolean settlementGiven;

    /** Greeting, question, answer: nothing wrong with it. */
    static MadeUpCall usual() {
        return new MadeUpCall()
                .persona("Hello, how are you today?")
                .wait(900)
                .caller("Tell me a story.")
                .wait(1_000);
    }

    /** Said, heard, and written down. */
    MadeUpCall persona(String text) {
        return written(text, false).phoneHears(text);
    }

    /** The same of a turn that goes no further. */
    MadeUpCall personaCutAfter(String text) {
        return written(text, true).phoneHears(text);
    }

    MadeUpCall phoneHears(String text) {
        long from = now;
        for (String word : text.split(" ", -1)) {
            now += WORD_MILLIS;
            heard.add(new Word(word, now));
        }
        sounds.add(new Span(from, now));
        return this;
    }

    MadeUpCall written(String text, boolean interrupted) {
        ours.add(new Turn(true, text, interrupted));
        return this;
    }

    /** Said, understood, and written down. */
    MadeUpCall caller(String text) {
        return callerSays(text).understood(text);
    }

    MadeUpCall callerSays(String text) {
        long from = now;
        now += WORD_MILLIS * text.split(" ", -1).length;
        said.add(new Said(text, new Span(from, now)));
        return this;
    }

    MadeUpCall understood(String text) {
        ours.add(new Turn(false, text, false));
        return this;
    }

    MadeUpCall wait(int millis) {
        now += millis;
        return this;
    }

    /** The worker is hit now, and the next one has the call after so long. */
    MadeUpCall moves(FaultKind kind, int takenAfterMillis) {
        faults.add(new CallRecord.Fault(kind, PORT + legs.size(), now));
        legs.add(new Leg(PORT + legs.size(), legBegan, now));
        legBegan = now + takenAfterMillis;
        now = legBegan;
        return this;
    }

    MadeUpCall ended(String asStatus, int ringsInAll, boolean byCaller) {
        status = asStatus;
        rings = ringsInAll;
        hungUp = byCaller;
        return this;
    }

    MadeUpCall settled(@Nullable Settlement as) {
        settlement = as;
        settlementGiven = true;
        return this;
    }

    ChaosReport.Case over() {
        List<Leg> all = new ArrayList<>(legs);
        all.add(new Leg(PORT + legs.size(), legBegan, Long.MAX_VALUE));
        Settlement right = new Settlement("charged", "by_the_second", 60, 60, 180, 60, 120);
        return new ChaosReport.Case(
                new CallRecord(
                        "caller",
                        ours,
                        heard,
                        sounds,
                        said,
                        all,
                        new Outcome(status, rings, hungUp, now, 60, settlementGiven ? settlement : right)),
                faults);
    }

    ChaosReport judged() {
        return ChaosReport.of(List.of(over()), faults.size(), List.of());
    }
}
