package ai.callmeback.dev.chaos;

import ai.callmeback.dev.chaos.CallRecord.HandOver;
import ai.callmeback.dev.chaos.CallRecord.Said;
import ai.callmeback.dev.chaos.CallRecord.Span;
import ai.callmeback.dev.chaos.CallRecord.Turn;
import ai.callmeback.dev.chaos.CallRecord.Word;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The gap one hand-over made in the talk: the time in which the persona should have been heard and nothing was.
 *
 * <p>All times are the phone's own. Looked at is the silence of the persona around the hand-over, from the last it was heard
 * on the old socket to the first on the new one. Of this silence the persona is due
 *
 * <ul>
 *   <li>from its beginning until the caller speaks, if the persona had not finished its turn: our transcript has the turn as
 *       cut, and the caller had not begun to speak into it;
 *   <li>from the end of a turn of the caller, plus the time an answer usually takes, until the caller speaks again.
 * </ul>
 *
 * While the caller speaks nobody else is due. What is due is summed up. When the persona had finished and the caller was
 * silent, nothing was due, and however long that lasts there is no gap.
 *
 * @param due whether the persona was due at all in that silence
 * @param millis 0 if it was not
 * @param silentMillis from the end of the old socket to the first sound on the new one, whoever was due
 */
record Gap(FaultKind kind, boolean due, long millis, long silentMillis) {

    /** @param usualAnswerMillis from the caller's last word to the persona's first, with no fault about */
    static Gap of(CallRecord call, HandOver move, WordMatch words, long usualAnswerMillis) {
        Span silence = silence(call, move);
        List<Span> speaking = call.said().stream()
                .map(Said::span)
                .filter(span -> span.endMillis() > silence.startMillis() && span.startMillis() < silence.endMillis())
                .sorted(Comparator.comparingLong(Span::startMillis))
                .toList();
        List<Span> due = new ArrayList<>();
        if (cutOff(call, silence, words)) {
            due.add(new Span(silence.startMillis(), until(speaking, 0, silence)));
        }
        for (int i = 0; i < speaking.size(); i++) {
            due.add(new Span(speaking.get(i).endMillis() + usualAnswerMillis, until(speaking, i + 1, silence)));
        }
        long millis = due.stream()
                .mapToLong(span -> Math.max(0, span.endMillis() - span.startMillis()))
                .sum();
        return new Gap(move.kind(), !due.isEmpty(), millis, Math.max(0, silence.endMillis() - move.leftMillis()));
    }

    private static long until(List<Span> speaking, int next, Span silence) {
        return next < speaking.size() ? speaking.get(next).startMillis() : silence.endMillis();
    }

    /** From the last sound on the old socket, or what was still played of it, to the first on the new one. */
    private static Span silence(CallRecord call, HandOver move) {
        long from = call.sounds().stream()
                .filter(sound -> sound.startMillis() < move.takenMillis())
                .mapToLong(Span::endMillis)
                .max()
                .orElse(0);
        long to = call.sounds().stream()
                .mapToLong(Span::startMillis)
                .filter(start -> start >= move.takenMillis())
                .min()
                .orElse(call.outcome().talkMillis());
        return new Span(from, Math.max(from, to));
    }

    /** Whether our transcript has the turn as cut that the phone heard last before the silence. */
    private static boolean cutOff(CallRecord call, Span silence, WordMatch words) {
        for (int i = call.heard().size() - 1; i >= 0; i--) {
            Word word = call.heard().get(i);
            // The end of a word that was cut is noted when the next one begins.
            if (word.endMillis() < silence.endMillis() && words.ofFirst(i) != WordMatch.NONE) {
                return turnOf(call, words.ofFirst(i)).interrupted();
            }
        }
        return false;
    }

    /** The persona's turn its word of this number belongs to. */
    static Turn turnOf(CallRecord call, int word) {
        int left = word;
        for (Turn turn : call.ours()) {
            int size = turn.persona() ? WordMatch.words(turn.text()).size() : 0;
            if (left < size) {
                return turn;
            }
            left -= size;
        }
        throw new IllegalArgumentException("our transcript has no word " + word + " of the persona");
    }
}
