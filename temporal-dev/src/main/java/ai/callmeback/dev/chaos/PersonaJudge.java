package ai.callmeback.dev.chaos;

import ai.callmeback.dev.chaos.CallRecord.HandOver;
import ai.callmeback.dev.chaos.CallRecord.Turn;
import ai.callmeback.dev.chaos.CallRecord.Word;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Compares what the phone heard of the persona with what our database says was heard, word by word and in order.
 *
 * <p>A turn is <em>lost</em> if our database has it and the phone heard less than a quarter of it, or if the phone heard a
 * sentence of which our database has less than a quarter. It is <em>repeated</em> if the phone heard a whole sentence again
 * within twenty seconds, on the other side of a hand-over and with nothing said by the caller in between, or if our database
 * has a turn once more than it was heard.
 *
 * <p>Every word that only one side has is a word error. Two kinds are not: the word that was cut, which may be missing or
 * stand whole; and what was heard around a death after the last that the dead process can have written down.
 */
final class PersonaJudge {
    /** Marks come half a second apart at most, and a line of the journal waits up to 100 ms to be written. */
    static final long UNKNOWN_MILLIS = 700;

    private static final long SOON_MILLIS = 20_000;
    private static final int SENTENCE_WORDS = 5;
    /** The end of a sound and that of the word in it may be noted some frames apart. */
    private static final long FRAMES_MILLIS = 60;
    /** What is said after a death may well be said after the next one too. */
    private static final String EXCUSE = "sorry";
    /** So the simulated model begins when it tells how far it had come, in the words it had said. */
    private static final List<String> QUOTES = List.of("got", "as", "far", "as");

    private static final int QUOTED_WORDS = 25;

    private final CallRecord call;
    private final List<HandOver> moves;
    private final WordMatch match;
    private final List<String> heard;
    private final List<String> lost = new ArrayList<>();
    private final List<String> repeated = new ArrayList<>();
    private final List<Integer> standWhole = new ArrayList<>();
    private final List<String> differences = new ArrayList<>();
    private int unknownAtDeath;

    private PersonaJudge(CallRecord call, List<HandOver> moves, WordMatch match) {
        this.call = call;
        this.moves = moves;
        this.match = match;
        this.heard = heardWords(call);
    }

    /** The persona's words as the phone heard them, first, beside those in our database. */
    static WordMatch words(CallRecord call) {
        List<String> written = call.ours().stream()
                .filter(Turn::persona)
                .flatMap(turn -> WordMatch.words(turn.text()).stream())
                .toList();
        return WordMatch.of(heardWords(call), written, String::equals);
    }

    private static List<String> heardWords(CallRecord call) {
        return call.heard().stream().map(word -> WordMatch.plain(word.text())).toList();
    }

    static TurnFindings judge(CallRecord call, List<HandOver> moves, WordMatch words) {
        PersonaJudge judge = new PersonaJudge(call, moves, words);
        List<Sentence> sentences = judge.sentences();
        judge.judgeHeard(sentences);
        judge.judgeWritten();
        judge.judgeHeardAgain(sentences);
        return new TurnFindings(judge.lost, judge.repeated, judge.differences, judge.unknownAtDeath);
    }

    // ---- what the phone heard --------------------------------------------------------------------------------------

    /** Words that follow each other without a pause, up to a full stop. */
    private record Sentence(int from, int to, boolean whole) {
        int size() {
            return to - from;
        }
    }

    private List<Sentence> sentences() {
        List<Sentence> sentences = new ArrayList<>();
        int from = 0;
        boolean begun = true;
        for (int i = 0; i < heard.size(); i++) {
            String text = call.heard().get(i).text();
            boolean over = !text.isEmpty() && ".!?".indexOf(text.charAt(text.length() - 1)) >= 0;
            if (over || isBeforeSilence(call.heard().get(i)) || i == heard.size() - 1) {
                sentences.add(new Sentence(from, i + 1, begun && over));
                from = i + 1;
                begun = over;
            }
        }
        return sentences;
    }

    private void judgeHeard(List<Sentence> sentences) {
        for (Sentence sentence : sentences) {
            int known = 0;
            int excused = 0;
            for (int i = sentence.from(); i < sentence.to(); i++) {
                if (match.ofFirst(i) != WordMatch.NONE) {
                    known++;
                } else if (excuse(i)) {
                    excused++;
                } else {
                    differences.add(onlyHeard(i));
                }
            }
            int judged = sentence.size() - excused;
            if (judged > 1 && known * 4 < judged) {
                lost.add(call.name() + ": the phone heard \"" + text(sentence) + "\", which our transcript has not");
            }
        }
    }

    /** With its neighbours and the moves about it, so that it can be looked up. */
    private String onlyHeard(int index) {
        Word word = call.heard().get(index);
        StringBuilder line = new StringBuilder(call.name() + ": the phone heard \"");
        for (int i = Math.max(0, index - 3); i < Math.min(heard.size(), index + 3); i++) {
            line.append(
                    i == index
                            ? "[" + call.heard().get(i).text() + "] "
                            : call.heard().get(i).text() + " ");
        }
        line.append("\" up to %.1f s".formatted(word.endMillis() / 1000.0));
        for (HandOver move : moves) {
            if (Math.abs(word.endMillis() - move.leftMillis()) < SOON_MILLIS) {
                line.append(", %s from %.1f to %.1f s"
                        .formatted(move.kind(), move.leftMillis() / 1000.0, move.takenMillis() / 1000.0));
            }
        }
        return line.toString();
    }

    private boolean excuse(int index) {
        Word word = call.heard().get(index);
        if (heard.get(index).isEmpty()) {
            return true;
        }
        Word earlier = call.heard().get(match.earliestFor(index, heard));
        if (isUnknownAtDeath(word) || isUnknownAtDeath(earlier)) {
            unknownAtDeath++;
            return true;
        }
        if (!isBeforeSilence(word)) {
            return false;
        }
        wholeInOurs(index);
        return true;
    }

    /** Notes the word of ours that was cut for the phone, so that it is no error there either. */
    private void wholeInOurs(int index) {
        int next = index == 0 || match.ofFirst(index - 1) == WordMatch.NONE ? WordMatch.NONE : match.ofFirst(index - 1);
        List<String> written = written();
        int at = next + 1;
        if (at < written.size()
                && match.ofSecond(at) == WordMatch.NONE
                && written.get(at).startsWith(heard.get(index))) {
            standWhole.add(at);
        }
    }

    private boolean isUnknownAtDeath(Word word) {
        return moves.stream()
                .anyMatch(move -> move.kind() == FaultKind.DEATH
                        && word.endMillis() >= move.leftMillis() - UNKNOWN_MILLIS
                        && word.endMillis() <= nextSoundAfter(move) + FRAMES_MILLIS);
    }

    private long nextSoundAfter(HandOver move) {
        return call.sounds().stream()
                .mapToLong(CallRecord.Span::startMillis)
                .filter(start -> start >= move.takenMillis())
                .min()
                .orElse(call.outcome().talkMillis());
    }

    private boolean isBeforeSilence(Word word) {
        return call.sounds().stream()
                .anyMatch(sound -> Math.abs(sound.endMillis() - word.endMillis()) <= FRAMES_MILLIS
                        // The end of a word that was cut is noted when the next sound begins.
                        || Math.abs(sound.startMillis() - word.endMillis()) <= FRAMES_MILLIS);
    }

    // ---- what our database has -------------------------------------------------------------------------------------

    private List<String> written() {
        return call.ours().stream()
                .filter(Turn::persona)
                .flatMap(turn -> WordMatch.words(turn.text()).stream())
                .toList();
    }

    private void judgeWritten() {
        int at = 0;
        for (Turn turn : call.ours()) {
            if (!turn.persona()) {
                continue;
            }
            int size = WordMatch.words(turn.text()).size();
            int known = 0;
            int whole = 0;
            for (int i = at; i < at + size; i++) {
                boolean isKnown = match.ofSecond(i) != WordMatch.NONE;
                boolean stands = standWhole.contains(i);
                known += isKnown ? 1 : 0;
                whole += stands ? 1 : 0;
                if (!isKnown && !stands) {
                    differences.add(call.name() + ": our transcript has word " + (i - at + 1) + " of \"" + turn.text()
                            + "\", which the phone did not hear" + (turn.interrupted() ? " (cut)" : ""));
                }
            }
            if (size > whole && known * 4 < size - whole) {
                differs(turn);
            }
            at += size;
        }
    }

    private void differs(Turn turn) {
        List<String> words = WordMatch.words(turn.text());
        boolean twice = call.ours().stream()
                        .filter(other ->
                                other.persona() && WordMatch.words(other.text()).equals(words))
                        .count()
                > 1;
        if (twice) {
            repeated.add(
                    call.name() + ": our transcript has \"" + turn.text() + "\" once more than the phone heard it");
        } else {
            lost.add(call.name() + ": our transcript has \"" + turn.text() + "\", which the phone never heard");
        }
    }

    // ---- what was heard again --------------------------------------------------------------------------------------

    private void judgeHeardAgain(List<Sentence> sentences) {
        for (int i = 0; i < sentences.size(); i++) {
            Sentence again = sentences.get(i);
            for (Sentence first : sentences.subList(0, i)) {
                if (isRepetition(first, again)) {
                    repeated.add(call.name() + ": the phone heard \"" + text(again) + "\" twice");
                    break;
                }
            }
        }
    }

    private boolean isRepetition(Sentence first, Sentence again) {
        long firstEnd = call.heard().get(first.to() - 1).endMillis();
        long againEnd = call.heard().get(again.to() - 1).endMillis();
        return first.whole()
                && again.whole()
                && again.size() >= SENTENCE_WORDS
                && heard.subList(first.from(), first.to()).equals(heard.subList(again.from(), again.to()))
                && !heard.get(again.from()).equals(EXCUSE)
                && Collections.indexOfSubList(
                                heard.subList(Math.max(0, again.from() - QUOTED_WORDS), again.from()), QUOTES)
                        < 0
                && againEnd - firstEnd < SOON_MILLIS
                && call.said().stream()
                        .noneMatch(said -> said.span().endMillis() > firstEnd
                                && said.span().startMillis() < againEnd)
                && moves.stream()
                        .anyMatch(move ->
                                firstEnd < nextSoundAfter(move) + FRAMES_MILLIS && againEnd > move.leftMillis());
    }

    private String text(Sentence sentence) {
        return String.join(
                " ",
                call.heard().subList(sentence.from(), sentence.to()).stream()
                        .map(Word::text)
                        .toList());
    }
}
