package ai.callmeback.voice.wording;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A clause of the model as a voice can say it: numbers, money, times, addresses and abbreviations in words; markdown,
 * emoji and stage directions left out. English.
 *
 * <p>Which clause a text is cut into does not depend on how it came in ({@code SentenceSplitter}), and this depends on the
 * clause alone; so neither does what is said. From here on the words as they are said are the words: they are what the
 * phone plays, the journal keeps and the model is told it said.
 */
public final class Speakable {
    /** Signs, beside letters and spaces, that need no rule; a full stop is one at the end only. */
    private static final String PLAIN = ",!?;'\u2019\u2026";

    private Speakable() {}

    /** A stretch of the written text; not yet taken by any rule while {@code spoken} is null. */
    private record Piece(int start, int end, @Nullable String spoken) {}

    /** One rule: what it finds, and how that is said. */
    record Rule(Pattern pattern, Function<MatchResult, String> words) {
        private List<Piece> cut(String written, int start, int end) {
            Matcher matcher = pattern.matcher(written)
                    .region(start, end)
                    .useTransparentBounds(true)
                    .useAnchoringBounds(false);
            List<Piece> pieces = new ArrayList<>();
            int from = start;
            while (matcher.find()) {
                if (matcher.end() == matcher.start()) {
                    continue;
                }
                if (matcher.start() > from) {
                    pieces.add(new Piece(from, matcher.start(), null));
                }
                pieces.add(new Piece(matcher.start(), matcher.end(), words.apply(matcher)));
                from = matcher.end();
            }
            if (!pieces.isEmpty() && from < end) {
                pieces.add(new Piece(from, end, null));
            }
            return pieces;
        }
    }

    /** Compiles the rules, which takes longer than a caller should wait. A repeat does nothing. */
    public static void prepare() {
        of("1 & 2");
    }

    /** What to say, without white space at its ends; empty if nothing is left of it. Any text will do. */
    public static String of(String written) {
        if (isPlain(written)) {
            return written;
        }
        List<Piece> pieces = List.of(new Piece(0, written.length(), null));
        for (Rule rule : Rules.ALL) {
            pieces = apply(rule, written, pieces);
        }
        String spoken = joined(written, pieces);
        return spoken.codePoints().anyMatch(Character::isLetterOrDigit) ? spoken : "";
    }

    /** Most clauses are: no rule has to be tried on them, which matters, for the user is waiting. */
    private static boolean isPlain(String written) {
        int last = written.length() - 1;
        if (last < 0 || written.charAt(last) == ' ' || written.charAt(0) == ' ') {
            return false;
        }
        boolean letters = false;
        for (int i = 0; i <= last; i++) {
            char c = written.charAt(i);
            letters |= Character.isLetter(c);
            boolean plain = Character.isLetter(c)
                    || c == ' '
                    || PLAIN.indexOf(c) >= 0
                    || (c == '.' && i == last)
                    || (c == '-' && i > 0 && isWord(written.charAt(i - 1)));
            if (!plain) {
                return false;
            }
        }
        return letters && !Rules.isShort(written.substring(written.lastIndexOf(' ') + 1));
    }

    private static List<Piece> apply(Rule rule, String written, List<Piece> pieces) {
        List<Piece> after = null;
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            List<Piece> cut = piece.spoken() == null ? rule.cut(written, piece.start(), piece.end()) : List.of();
            if (!cut.isEmpty() && after == null) {
                after = new ArrayList<>(pieces.subList(0, i));
            }
            if (after != null) {
                after.addAll(cut.isEmpty() ? List.of(piece) : cut);
            }
        }
        return after == null ? pieces : after;
    }

    /** White space is made single; words that a rule brought together are kept apart. */
    private static String joined(String written, List<Piece> pieces) {
        StringBuilder all = new StringBuilder(written.length() * 2);
        boolean space = false;
        for (Piece piece : pieces) {
            boolean verbatim = piece.spoken() == null;
            String text = verbatim ? written.substring(piece.start(), piece.end()) : piece.spoken();
            String core = text.strip().replaceAll("\\s+", " ");
            space |= verbatim && !text.isEmpty() && Character.isWhitespace(text.charAt(0));
            if (core.isEmpty()) {
                continue;
            }
            boolean glued = !all.isEmpty() && isWord(all.charAt(all.length() - 1)) && isWord(core.charAt(0));
            if ((space || glued) && !all.isEmpty()) {
                all.append(' ');
            }
            all.append(core);
            space = verbatim && Character.isWhitespace(text.charAt(text.length() - 1));
        }
        return all.toString();
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c);
    }
}
