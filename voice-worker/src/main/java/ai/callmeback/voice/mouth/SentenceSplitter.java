package ai.callmeback.voice.mouth;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Cuts a growing text into pieces worth speaking. The first piece of a turn is cut as early as a clause allows, because
 * the user waits for it; later ones are whole sentences, because those sound better. A piece may begin and end anywhere
 * within a chunk of the model's stream.
 *
 * <p>Nothing is lost or added: the pieces joined with one space are the text with its white space normalised.
 */
final class SentenceSplitter {
    /** Shortest first clause worth a breath of its own. */
    private static final int FIRST_CLAUSE_LEAST = 12;
    /** A sentence longer than this is cut at a comma, and at a space if it has none. */
    private static final int SENTENCE_MOST = 220;

    private static final Set<String> ABBREVIATIONS = Set.of(
            "mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr", "vs", "etc", "e.g", "i.e", "approx", "no", "inc", "a.m",
            "p.m", "ave");
    /** What is not closed within so many characters was none: of brackets, and of the asterisks about a direction. */
    private static final int ASIDE_MOST = 80;

    private final StringBuilder pending = new StringBuilder();
    private int examined;
    private boolean first = true;
    /** The sign that ends the aside the text is in; 0 outside. Nothing is cut within one. */
    private char asideEnd;

    private int asideSince;

    /** Adds text; returns the pieces it completes, in order. */
    List<String> push(String delta) {
        pending.append(delta);
        List<String> pieces = new ArrayList<>(2);
        for (int end = nextEnd(); end >= 0; end = nextEnd()) {
            cut(end, pieces);
        }
        return pieces;
    }

    /** The text is over; returns what is left of it. */
    List<String> finish() {
        List<String> pieces = new ArrayList<>(1);
        cut(pending.length(), pieces);
        return pieces;
    }

    /** What no piece has been made of yet. */
    String pending() {
        return pending.toString();
    }

    private void cut(int end, List<String> pieces) {
        String piece = pending.substring(0, end).strip().replaceAll("\\s+", " ");
        pending.delete(0, end);
        examined = 0;
        asideEnd = 0;
        if (!piece.isEmpty()) {
            pieces.add(piece);
            first = false;
        }
    }

    /** Where the next piece ends, or -1 if more text is needed to tell. The character after an end must be known. */
    private int nextEnd() {
        for (int i = examined; i + 1 < pending.length(); i++) {
            char c = pending.charAt(i);
            boolean end = c == '\n'
                    || (!isAside(i, c)
                            && ((isSentenceEnd(c) && isBreakAfter(i) && !isAbbreviation(i))
                                    || (first && i >= FIRST_CLAUSE_LEAST && isClauseEnd(i))));
            if (end) {
                return i + 1;
            }
            if (i >= SENTENCE_MOST) {
                return longSentenceEnd(i);
            }
        }
        examined = Math.max(0, pending.length() - 1);
        return -1;
    }

    /** "*laughs, then sighs*", "(a pause. A long one)": one piece, for what is left out must be seen whole. */
    private boolean isAside(int index, char c) {
        if (asideEnd != 0) {
            boolean over = c == asideEnd || index - asideSince > ASIDE_MOST;
            asideEnd = over ? 0 : asideEnd;
            return !over;
        }
        boolean opens = (c == '*' || c == '(' || c == '[')
                && (index == 0 || Character.isWhitespace(pending.charAt(index - 1)))
                && Character.isLetter(pending.charAt(index + 1));
        if (opens) {
            asideEnd = c == '(' ? ')' : c == '[' ? ']' : '*';
            asideSince = index;
        }
        return opens;
    }

    private int longSentenceEnd(int most) {
        int space = -1;
        for (int i = most; i > FIRST_CLAUSE_LEAST; i--) {
            if (isClauseEnd(i)) {
                return i + 1;
            }
            if (space < 0 && pending.charAt(i) == ' ') {
                space = i;
            }
        }
        return space > 0 ? space : Character.isLowSurrogate(pending.charAt(most)) ? most - 1 : most;
    }

    private boolean isBreakAfter(int index) {
        char next = pending.charAt(index + 1);
        return Character.isWhitespace(next);
    }

    private boolean isClauseEnd(int index) {
        char c = pending.charAt(index);
        return (c == ',' || c == ';' || c == ':' || c == '\u2014') && (c == '\u2014' || isBreakAfter(index));
    }

    private static boolean isSentenceEnd(char c) {
        return c == '.' || c == '!' || c == '?' || c == '\u2026' || c == '\u3002';
    }

    /** "Dr. Smith", "J. Smith", "3. item": a full stop that ends no sentence. */
    private boolean isAbbreviation(int index) {
        if (pending.charAt(index) != '.') {
            return false;
        }
        int start = index;
        while (start > 0 && !Character.isWhitespace(pending.charAt(start - 1))) {
            start--;
        }
        String word = pending.substring(start, index).toLowerCase(Locale.ROOT);
        boolean initial = word.length() == 1 && Character.isLetter(word.charAt(0)) && !word.equals("i");
        boolean listNumber = !word.isEmpty() && start == 0 && word.chars().allMatch(Character::isDigit);
        return initial || listNumber || ABBREVIATIONS.contains(word);
    }
}
