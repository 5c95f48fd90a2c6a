package ai.callmeback.dev.chaos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;

/** Two sequences of words laid beside each other so that as many as possible match, in order. */
final class WordMatch {
    static final int NONE = -1;

    private final int[] partnerOfFirst;
    private final int[] partnerOfSecond;

    private WordMatch(int[] partnerOfFirst, int[] partnerOfSecond) {
        this.partnerOfFirst = partnerOfFirst;
        this.partnerOfSecond = partnerOfSecond;
    }

    static WordMatch of(List<String> first, List<String> second, BiPredicate<String, String> same) {
        int[][] longest = new int[first.size() + 1][second.size() + 1];
        for (int i = first.size() - 1; i >= 0; i--) {
            for (int j = second.size() - 1; j >= 0; j--) {
                longest[i][j] = same.test(first.get(i), second.get(j))
                        ? longest[i + 1][j + 1] + 1
                        : Math.max(longest[i + 1][j], longest[i][j + 1]);
            }
        }
        int[] ofFirst = new int[first.size()];
        int[] ofSecond = new int[second.size()];
        Arrays.fill(ofFirst, NONE);
        Arrays.fill(ofSecond, NONE);
        int i = 0;
        int j = 0;
        while (i < first.size() && j < second.size()) {
            if (same.test(first.get(i), second.get(j)) && longest[i][j] == longest[i + 1][j + 1] + 1) {
                ofFirst[i] = j;
                ofSecond[j] = i;
                i++;
                j++;
            } else if (longest[i + 1][j] >= longest[i][j + 1]) {
                i++;
            } else {
                j++;
            }
        }
        return new WordMatch(ofFirst, ofSecond);
    }

    /** The place of its partner in the second sequence, or {@link #NONE}. */
    int ofFirst(int index) {
        return partnerOfFirst[index];
    }

    /** The place of its partner in the first sequence, or {@link #NONE}. */
    int ofSecond(int index) {
        return partnerOfSecond[index];
    }

    /**
     * The earliest word of the first sequence that might be without a partner in the place of this one, which is: of words that
     * are there twice in a row either time may be the one too many.
     */
    int earliestFor(int index, List<String> first) {
        int from = index;
        int to = index + 1;
        while (from > 0 && partnerOfFirst[from - 1] == NONE) {
            from--;
        }
        while (to < partnerOfFirst.length && partnerOfFirst[to] == NONE) {
            to++;
        }
        int earlier = 0;
        while (from - earlier > 0
                && partnerOfFirst[from - earlier - 1] != NONE
                && first.get(from - earlier - 1).equals(first.get(to - earlier - 1))) {
            earlier++;
        }
        return index - earlier;
    }

    /** Letters and digits in lower case: how people compare what they heard. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (String word : text.split("\\s+", -1)) {
            String plain = plain(word);
            if (!plain.isEmpty()) {
                words.add(plain);
            }
        }
        return words;
    }

    static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "");
    }
}
