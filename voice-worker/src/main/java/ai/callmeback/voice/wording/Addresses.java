package ai.callmeback.voice.wording;

import ai.callmeback.voice.wording.Speakable.Rule;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** E-mail addresses, web addresses and telephone numbers, as one dictates them. */
final class Addresses {
    private static final String LABELS =
            "[\\p{L}\\d](?:[\\p{L}\\d-]*[\\p{L}\\d])?(?:\\.[\\p{L}\\d](?:[\\p{L}\\d-]*[\\p{L}\\d])?)*";
    private static final String TOP = "\\.(?:com|org|net|io|ai|dev|app|edu|gov|info|eu|uk|de|fr|es|ca|us|example)";
    private static final Pattern NAMED = Pattern.compile("\\d+|[-._+/%&=#~:@]");

    private Addresses() {}

    static List<Rule> rules() {
        return List.of(
                Rules.rule("[\\p{L}\\d._%+-]+@" + LABELS, Addresses::dictated),
                Rules.rule("(?:https?://|www\\.)[^\\s<>()\\[\\]\"*]*[\\p{L}\\d/]", Addresses::web),
                Rules.rule(
                        "(?<![\\p{L}\\d.@-])" + LABELS + TOP + "(?![\\p{L}\\d])(?:/[^\\s<>()\\[\\]\"*]*[\\p{L}\\d/])?",
                        Addresses::web),
                Rules.rule("\\+\\d[\\d\\s().-]{5,18}\\d", Addresses::telephone),
                Rules.rule(
                        "(?<![\\p{L}\\d])(?:\\(\\d{3}\\)\\s?|\\d{3}[-. ])?\\d{3}[-. ]\\d{4}(?![\\p{L}\\d])",
                        Addresses::telephone));
    }

    /** Without its scheme, "www" and what follows a question mark: nobody dictates those. */
    private static String web(MatchResult match) {
        String plain = match.group()
                .replaceFirst("(?i)^https?://", "")
                .replaceFirst("(?i)^www\\.", "")
                .replaceFirst("[?#].*$", "")
                .replaceFirst("/+$", "");
        return dictated(plain);
    }

    private static String dictated(MatchResult match) {
        return dictated(match.group());
    }

    private static String dictated(String address) {
        return NAMED.matcher(address).replaceAll(sign -> " " + name(sign.group()) + " ");
    }

    private static String name(String sign) {
        return switch (sign) {
            case "." -> "dot";
            case "-" -> "dash";
            case "_" -> "underscore";
            case "+" -> "plus";
            case "/" -> "slash";
            case "@" -> "at";
            case "&" -> "and";
            case "=" -> "equals";
            case "%" -> "percent";
            case "#" -> "hash";
            case "~" -> "tilde";
            case ":" -> "colon";
            default ->
                sign.length() <= 2 && sign.charAt(0) != '0' ? NumberWords.number(sign) : NumberWords.digits(sign);
        };
    }

    /** Digit by digit, with a breath between the groups. */
    private static String telephone(MatchResult match) {
        StringBuilder words = new StringBuilder(match.group().startsWith("+") ? "plus " : "");
        boolean first = true;
        for (String group : match.group().split("[^\\d]+", -1)) {
            if (!group.isEmpty()) {
                words.append(first ? "" : ", ").append(NumberWords.digits(group));
                first = false;
            }
        }
        return words.toString();
    }
}
