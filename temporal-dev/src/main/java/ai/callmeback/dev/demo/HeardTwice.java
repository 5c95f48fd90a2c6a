package ai.callmeback.dev.demo;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Compares what the phone heard of the persona with our transcript, word by word. Sentences that follow each other
 * without the other side speaking count as one turn, since a phone hears pauses where we know turns.
 *
 * <p>Our transcript of a turn that was cut off holds whole words only, and where playback stopped is known to within the
 * last mark and 100 ms. So the word of which the phone heard a part may be missing there, or stand whole. The last turn may
 * have been cut off by the caller's hanging up.
 */
final class HeardTwice {

    private HeardTwice() {}

    /** One side's words until the other side spoke. */
    record Turn(List<String> words, boolean cut) {}

    /** The differences in words; none when all is equal. */
    static List<String> differences(List<Turn> phone, List<Turn> ours) {
        List<String> differences = new ArrayList<>();
        int turns = Math.max(phone.size(), ours.size());
        Turn nothing = new Turn(List.of(), false);
        for (int turn = 0; turn < turns; turn++) {
            Turn heard = turn < phone.size() ? phone.get(turn) : nothing;
            Turn written = turn < ours.size() ? ours.get(turn) : nothing;
            boolean cut = heard.cut() || written.cut() || turn == turns - 1;
            if (!same(heard.words(), written.words(), cut)) {
                differences.add("persona turn " + (turn + 1) + ": the phone heard \"" + String.join(" ", heard.words())
                        + "\", our transcript has \"" + String.join(" ", written.words()) + "\"");
            }
        }
        return differences;
    }

    private static boolean same(List<String> heard, List<String> written, boolean cut) {
        if (heard.equals(written)) {
            return true;
        }
        return cut && (lacksTheLastOf(heard, written) || endsInTheSameWord(heard, written));
    }

    private static boolean lacksTheLastOf(List<String> heard, List<String> written) {
        return heard.size() == written.size() + 1
                && heard.subList(0, written.size()).equals(written);
    }

    private static boolean endsInTheSameWord(List<String> heard, List<String> written) {
        int whole = written.size() - 1;
        return whole >= 0
                && heard.size() == written.size()
                && heard.subList(0, whole).equals(written.subList(0, whole))
                && written.getLast().startsWith(heard.getLast());
    }

    /** The persona's turns in a phone's conversation. */
    static List<Turn> ofPhone(JsonNode conversation) {
        return turns(conversation, "who", "persona");
    }

    /** The persona's turns in our transcript. */
    static List<Turn> ofTranscript(JsonNode transcript) {
        return turns(transcript, "speaker", "assistant");
    }

    private static List<Turn> turns(JsonNode lines, String whoField, String who) {
        List<Turn> turns = new ArrayList<>();
        boolean open = false;
        for (JsonNode line : lines) {
            boolean theirs = line.path(whoField).asString().equals(who);
            List<String> words = words(line.path("text").asString());
            if (theirs && !words.isEmpty()) {
                boolean cut = line.path("interrupted").asBoolean();
                if (open) {
                    List<String> all = new ArrayList<>(turns.removeLast().words());
                    all.addAll(words);
                    turns.add(new Turn(all, cut));
                } else {
                    turns.add(new Turn(words, cut));
                }
            }
            open = theirs && (open || !words.isEmpty());
        }
        return turns;
    }

    private static List<String> words(String text) {
        String plain = text.strip();
        return plain.isEmpty() ? List.of() : List.of(plain.split("\\s+"));
    }
}
