package ai.callmeback.dev.eval.turns;

import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.simulators.speech.SpeechListener;
import ai.callmeback.voice.call.CallJournal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the phone heard of each turn of the persona, to be held against what the journal says was heard. */
final class PhoneRecord implements SpeechListener {
    private final Map<Integer, StringBuilder> heard = new HashMap<>();
    private final Map<Integer, @Nullable Integer> broken = new HashMap<>();
    private int turn;
    private boolean saidAgain;

    /** Playback has come to this mark of ours: {@code t<turn>.<n>…}. */
    void markReached(String name) {
        if (name.charAt(0) == 't' && name.endsWith("s")) {
            turn = Integer.parseInt(name.substring(1, name.indexOf('.')));
        }
    }

    @Override
    public void character(int codePoint, long startByte, long endByte, boolean complete) {
        StringBuilder text = heard.computeIfAbsent(turn, number -> new StringBuilder());
        Integer before = broken.put(turn, complete ? null : codePoint);
        // A first letter broken off by a pause is said again when speech goes on, any other is finished; one broken off
        // for good was not heard.
        if (before != null && !saidAgain) {
            text.appendCodePoint(before);
        }
        saidAgain = false;
        if (complete) {
            text.appendCodePoint(codePoint);
        }
    }

    @Override
    public void utterance(long atByte) {
        saidAgain = true;
    }

    /** Words missing, added or changed in the journal's account, over all turns; all words of a turn it does not have. */
    int wordErrors(List<CallJournal.Line> journal) {
        int errors = 0;
        Map<Integer, StringBuilder> untold = new HashMap<>(heard);
        for (CallJournal.Line said : journal) {
            if (said.kind() == JournalKind.AGENT_SAID) {
                List<String> planned = words(plannedText(journal, said.turn()));
                List<String> played = words(
                        heard.getOrDefault(said.turn(), new StringBuilder()).toString());
                errors += errors(words(said.text()), withoutBrokenWord(played, planned));
                untold.remove(said.turn());
            }
        }
        for (StringBuilder played : untold.values()) {
            errors += words(played.toString()).size();
        }
        return errors;
    }

    private static String plannedText(List<CallJournal.Line> journal, int turn) {
        StringBuilder text = new StringBuilder();
        for (CallJournal.Line line : journal) {
            if (line.kind() == JournalKind.AGENT_PLANNED && line.turn() == turn) {
                text.append(line.text());
            }
        }
        return text.toString();
    }

    /** A word that was broken off was not heard. */
    private static List<String> withoutBrokenWord(List<String> played, List<String> planned) {
        int last = played.size() - 1;
        boolean broken = last >= 0
                && last < planned.size()
                && !planned.get(last).equals(played.get(last))
                && planned.get(last).startsWith(played.get(last));
        return broken ? played.subList(0, last) : played;
    }

    private static int errors(List<String> said, List<String> played) {
        int same = 0;
        while (same < Math.min(said.size(), played.size()) && said.get(same).equals(played.get(same))) {
            same++;
        }
        return Math.max(said.size(), played.size()) - same;
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (String word : text.toLowerCase(java.util.Locale.ROOT).split("[^\\p{L}\\p{N}']+", -1)) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }
}
