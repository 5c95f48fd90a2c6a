package ai.callmeback.dev.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * Compares what the phone heard of the persona with our transcript. Sentences that follow each other without the
 * other side speaking count as one turn, since a phone hears pauses where we know turns.
 *
 * <p>A turn that was cut off is equal when one text begins with the other and at most {@value #CUT_CHARACTERS}
 * characters are between them: what was on the line when the caller spoke up.
 */
final class HeardTwice {
    static final int CUT_CHARACTERS = 6;

    private HeardTwice() {}

    /** The differences in words; none when all is equal. */
    static List<String> differences(List<String> phone, List<String> ours) {
        List<String> differences = new ArrayList<>();
        for (int turn = 0; turn < Math.max(phone.size(), ours.size()); turn++) {
            String heard = turn < phone.size() ? phone.get(turn) : "";
            String written = turn < ours.size() ? ours.get(turn) : "";
            if (!same(heard, written)) {
                differences.add("persona turn " + (turn + 1) + ": the phone heard \"" + heard
                        + "\", our transcript has \"" + written + "\"");
            }
        }
        return differences;
    }

    private static boolean same(String heard, String written) {
        String shorter = heard.length() < written.length() ? heard : written;
        String longer = heard.length() < written.length() ? written : heard;
        return heard.equals(written)
                || (!shorter.isEmpty()
                        && longer.startsWith(shorter)
                        && longer.length() - shorter.length() <= CUT_CHARACTERS);
    }

    /** The persona's turns in a phone's conversation. */
    static List<String> ofPhone(JsonNode conversation) {
        return turns(conversation, "who", "persona");
    }

    /** The persona's turns in our transcript. */
    static List<String> ofTranscript(JsonNode transcript) {
        return turns(transcript, "speaker", "assistant");
    }

    private static List<String> turns(JsonNode lines, String whoField, String who) {
        List<String> turns = new ArrayList<>();
        boolean open = false;
        for (JsonNode line : lines) {
            boolean theirs = line.path(whoField).asString().equals(who);
            String text = plain(line.path("text").asString());
            if (theirs && !text.isEmpty()) {
                if (open) {
                    turns.set(turns.size() - 1, turns.getLast() + " " + text);
                } else {
                    turns.add(text);
                }
            }
            open = theirs && (open || !text.isEmpty());
        }
        return turns;
    }

    private static String plain(String text) {
        return text.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    }
}
