package ai.callmeback.voice.audio;

import ai.callmeback.domain.conversation.WholeWords;
import java.util.Arrays;

/**
 * The words of one turn against the clock of its audio: which characters are over by when. Filled from the alignment the
 * voice vendor sends with its audio; where it sends none, characters are spread evenly over the audio they came with.
 *
 * <p>Times are milliseconds of this turn's own audio.
 */
public final class SpokenText {
    private final StringBuilder text = new StringBuilder();
    private int[] endMillis = new int[64];

    /** Adds characters that are over, one by one, at the given times; times that run backwards are straightened. */
    public void add(String characters, int[] endsMillis) {
        if (characters.length() != endsMillis.length) {
            throw new IllegalArgumentException(
                    characters.length() + " characters with " + endsMillis.length + " times");
        }
        int at = text.length();
        reserve(at + characters.length());
        int before = at == 0 ? 0 : endMillis[at - 1];
        for (int i = 0; i < endsMillis.length; i++) {
            before = Math.max(before, endsMillis[i]);
            endMillis[at + i] = before;
        }
        text.append(characters);
    }

    /** Adds characters said evenly between two times. */
    public void spread(String characters, long fromMillis, long toMillis) {
        int[] ends = new int[characters.length()];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = (int) (fromMillis + (toMillis - fromMillis) * (i + 1) / ends.length);
        }
        add(characters, ends);
    }

    /** Everything aligned so far. */
    public String all() {
        return text.toString();
    }

    public int length() {
        return text.length();
    }

    /** When the character before {@code length} is over. */
    public int endOf(int length) {
        return length == 0 ? 0 : endMillis[length - 1];
    }

    /**
     * The words heard when playback stopped at {@code millis}: a word counts when its last character is over, so a word
     * broken off is not among them.
     */
    public String heardBy(long millis) {
        return text.substring(0, lengthHeardBy(millis)).strip();
    }

    /** How many characters those words are, and what lies before them. */
    public int lengthHeardBy(long millis) {
        int heard = 0;
        while (heard < text.length() && endMillis[heard] <= millis) {
            heard++;
        }
        return WholeWords.lengthWithin(text, heard);
    }

    private void reserve(int capacity) {
        if (capacity > endMillis.length) {
            endMillis = Arrays.copyOf(endMillis, Math.max(capacity, endMillis.length * 2));
        }
    }
}
