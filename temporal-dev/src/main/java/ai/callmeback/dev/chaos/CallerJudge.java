package ai.callmeback.dev.chaos;

import ai.callmeback.dev.chaos.CallRecord.HandOver;
import ai.callmeback.dev.chaos.CallRecord.Said;
import ai.callmeback.dev.chaos.CallRecord.Turn;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares what the caller said with what our database says the caller said.
 *
 * <p>A turn of the caller is <em>lost</em> if our database has less than half of its words, or if the caller waited five
 * seconds for an answer in vain; a turn in our database is <em>repeated</em> if less than a quarter of it was said and not
 * there already. Two turns of the caller may be one of ours, or one of the caller's two of ours.
 */
final class CallerJudge {
    private static final long PATIENCE_MILLIS = 5_000;
    /** What is said just before the receiver goes down need not be understood any more. */
    private static final long LAST_WORDS_MILLIS = 2_500;

    private CallerJudge() {}

    static TurnFindings judge(CallRecord call, List<HandOver> moves) {
        List<String> lost = new ArrayList<>();
        List<String> repeated = new ArrayList<>();
        List<Turn> ours = call.ours().stream().filter(turn -> !turn.persona()).toList();
        WordMatch match = WordMatch.of(
                call.said().stream()
                        .flatMap(said -> WordMatch.words(said.text()).stream())
                        .toList(),
                ours.stream()
                        .flatMap(turn -> WordMatch.words(turn.text()).stream())
                        .toList(),
                CallerJudge::isPartOf);
        int at = 0;
        for (Said said : call.said()) {
            int size = WordMatch.words(said.text()).size();
            int known = 0;
            for (int i = at; i < at + size; i++) {
                known += match.ofFirst(i) == WordMatch.NONE ? 0 : 1;
            }
            at += size;
            if (known * 2 < size && !isLast(call, said)) {
                lost.add(call.name() + ": the caller said \"" + said.text() + "\"" + when(said, moves)
                        + ", which our transcript has not");
            } else if (isUnanswered(call, said)) {
                lost.add(call.name() + ": the caller said \"" + said.text() + "\"" + when(said, moves)
                        + " and was not answered");
            }
        }
        at = 0;
        for (Turn turn : ours) {
            int size = WordMatch.words(turn.text()).size();
            int known = 0;
            for (int i = at; i < at + size; i++) {
                known += match.ofSecond(i) == WordMatch.NONE ? 0 : 1;
            }
            at += size;
            if (size > 0 && known * 4 < size) {
                repeated.add(call.name() + ": our transcript has \"" + turn.text()
                        + "\" of the caller, who did not say it, or not again");
            }
        }
        return new TurnFindings(lost, repeated, List.of(), 0);
    }

    /** The first or last word of a stretch may have been understood in part. */
    private static boolean isPartOf(String said, String written) {
        return said.equals(written) || (written.length() > 1 && (said.endsWith(written) || said.startsWith(written)));
    }

    /** In seconds of the call, with the moves about it, so that the finding can be looked up. */
    private static String when(Said said, List<HandOver> moves) {
        StringBuilder words = new StringBuilder(" (from %.1f to %.1f s"
                .formatted(
                        seconds(said.span().startMillis()), seconds(said.span().endMillis())));
        for (HandOver move : moves) {
            if (move.takenMillis() > said.span().startMillis() - PATIENCE_MILLIS
                    && move.leftMillis() < said.span().endMillis() + PATIENCE_MILLIS) {
                words.append(", %s from %.1f to %.1f s"
                        .formatted(move.kind(), seconds(move.leftMillis()), seconds(move.takenMillis())));
            }
        }
        return words.append(')').toString();
    }

    private static double seconds(long millis) {
        return millis / 1000.0;
    }

    private static boolean isLast(CallRecord call, Said said) {
        return call.outcome().talkMillis() - said.span().endMillis() < LAST_WORDS_MILLIS;
    }

    private static boolean isUnanswered(CallRecord call, Said said) {
        long asked = said.span().endMillis();
        long next = call.said().stream()
                .mapToLong(other -> other.span().startMillis())
                .filter(start -> start >= asked)
                .min()
                .orElse(call.outcome().talkMillis());
        return next - asked >= PATIENCE_MILLIS
                && call.sounds().stream().noneMatch(sound -> sound.endMillis() > asked && sound.startMillis() < next);
    }
}
