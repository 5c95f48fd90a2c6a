package ai.callmeback.voice.wording;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import ai.callmeback.voice.wording.Speakable.Rule;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is said otherwise than it is written. Earlier rules go first; what one has taken no other sees. */
final class Rules {
    private static final String NUMBER = "\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?";
    private static final String FREE = "(?<![\\p{L}\\d])";
    /** The rest of "a.m."; a full stop that ends the clause as well is left to it. */
    private static final String HALF = "(?:\\.m\\.(?!\\s*$)|\\.?m\\b)";

    private static final String OVER = "(?![\\p{L}\\d])";

    /** First words of what an actor does and nobody says, perhaps behind a word on how. */
    private static final String DIRECTION =
            "(?:(?:soft|gent|long|short|brief|deep|warm|light|nervous|quiet|small|a|takes|with)(?:ly|le|ly)?\\s+)*"
                    + "(?:laugh|chuckl|giggl|sigh|smil|grin|nod|paus|beat\\b|whisper|gasp|cough|clear(?:s|ing)\\s|breath|wink"
                    + "|shrug|sniff|sob|yawn|groan|snort|silence|lean(?:s|ing)\\s|softly|gently|warmly|quietly|cheerfully"
                    + "|excitedly|thinking\\b|hums?\\b)";

    private static final Map<String, String> UNITS = Map.ofEntries(
            Map.entry("km/h", "kilometer per hour"),
            Map.entry("mph", "mile per hour"),
            Map.entry("km", "kilometer"),
            Map.entry("kg", "kilogram"),
            Map.entry("cm", "centimeter"),
            Map.entry("mm", "millimeter"),
            Map.entry("m", "meter"),
            Map.entry("lb", "pound"),
            Map.entry("lbs", "pound"),
            Map.entry("oz", "ounce"),
            Map.entry("min", "minute"),
            Map.entry("mins", "minute"),
            Map.entry("hr", "hour"),
            Map.entry("hrs", "hour"),
            Map.entry("h", "hour"),
            Map.entry("sec", "second"),
            Map.entry("ms", "millisecond"),
            Map.entry("gb", "gigabyte"),
            Map.entry("mb", "megabyte"),
            Map.entry("\u00b0c", "degree Celsius"),
            Map.entry("\u00b0f", "degree Fahrenheit"),
            Map.entry("\u00b0", "degree"));

    private static final Map<String, String> SHORT = Map.ofEntries(
            Map.entry("mr.", "Mister"),
            Map.entry("mrs.", "Missus"),
            Map.entry("ms.", "Miz"),
            Map.entry("dr.", "Doctor"),
            Map.entry("prof.", "Professor"),
            Map.entry("jr.", "Junior"),
            Map.entry("sr.", "Senior"),
            Map.entry("vs.", "versus"),
            Map.entry("etc.", "et cetera"),
            Map.entry("e.g.", "for example"),
            Map.entry("i.e.", "that is"),
            Map.entry("approx.", "approximately"),
            Map.entry("inc.", "Incorporated"),
            Map.entry("ave.", "Avenue"),
            Map.entry("w/", "with"),
            Map.entry("and/or", "and or"));

    private static final Map<String, String> SIGNS = Map.ofEntries(
            Map.entry("&", "and"),
            Map.entry("@", "at"),
            Map.entry("%", "percent"),
            Map.entry("=", "equals"),
            Map.entry("+", "plus"),
            Map.entry("$", "dollars"),
            Map.entry("\u20ac", "euros"),
            Map.entry("\u00a3", "pounds"),
            Map.entry("\u00b0", "degrees"),
            Map.entry("\u00d7", "times"),
            Map.entry("<", "less than"),
            Map.entry(">", "more than"));

    private static final List<String> MONTHS = List.of(
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December");

    static final List<Rule> ALL = Stream.of(markup(), Addresses.rules(), dates(), amounts(), words())
            .flatMap(List::stream)
            .toList();

    private Rules() {}

    private static List<Rule> markup() {
        return List.of(
                dropped("```\\w*|!?\\[(?=[^\\]\\n]*\\]\\()|(?<=\\[[^\\]\\n]{0,200})\\]\\([^)\\s]*\\)"),
                dropped("\\s*(?:\\*{1,3}" + DIRECTION + "[^*\\n]{0,80}\\*{1,3}|\\[" + DIRECTION
                        + "[^\\]\\n]{0,80}\\]|\\(" + DIRECTION + "[^)\\n]{0,80}\\)|(?<![\\p{L}\\d])_" + DIRECTION
                        + "[^_\\n]{0,80}_)"),
                dropped("</?[a-zA-Z][^<>\\n]{0,80}>"),
                dropped("^\\s*(?:#{1,6}\\s+|>\\s+|[-*\u2022+]\\s+|[-*_]{3,}\\s*$|\\|)"),
                dropped("\\s*[\\p{IsEmoji_Presentation}\\p{IsExtended_Pictographic}\\x{1F3FB}-\\x{1F3FF}"
                        + "\\x{1F1E6}-\\x{1F1FF}\\x{FE0F}\\x{200D}\\x{20E3}]+"),
                dropped("(?<!\\S)[:;]-?[()DPp](?=$|[\\s.,!?])"));
    }

    private static List<Rule> dates() {
        return List.of(
                rule("(?<![\\d-])((?:19|20)\\d\\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])(?![\\d-])", Rules::date),
                rule(
                        FREE + "([01]?\\d|2[0-3]):([0-5]\\d)(?::[0-5]\\d)?(?:\\s?([ap])" + HALF + ")?(?!\\d)",
                        m -> NumberWords.time(integer(m, 1), integer(m, 2), orEmpty(m.group(3)))),
                rule(FREE + "(1[0-2]|0?[1-9])\\s?([ap])" + HALF, m -> NumberWords.time(integer(m, 1), 0, m.group(2))),
                rule(FREE + "((?:19|20)\\d0)s\\b", m -> NumberWords.decade(integer(m, 1))),
                rule(FREE + "(\\d{1,9})(?:st|nd|rd|th)\\b", m -> NumberWords.ordinal(integer(m, 1))));
    }

    private static List<Rule> amounts() {
        String units = UNITS.keySet().stream()
                .sorted((a, b) -> b.length() - a.length())
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
        return List.of(
                rule(
                        "([$\u20ac\u00a3])\\s?(" + NUMBER + ")(?:\\s?(k|thousand|million|billion|bn|m)\\b)?",
                        m -> Money.words(m.group(1), m.group(2), orEmpty(m.group(3)))),
                rule(
                        FREE + "(" + NUMBER + ")\\s?([\u20ac\u00a3]|(?:USD|EUR|GBP)\\b)",
                        m -> Money.words(m.group(2), m.group(1), "")),
                rule("(?<=^|[\\s(])[-\u2212](?=[\\d$\u20ac\u00a3])", m -> "minus "),
                rule("~(?=\\s?[\\d$\u20ac\u00a3])", m -> "about "),
                rule("#(?=\\d)", m -> "number "),
                rule(FREE + "No\\.(?=\\s?\\d)", m -> "Number"),
                rule(FREE + "(" + NUMBER + ")\\s?%", m -> NumberWords.number(m.group(1)) + " percent"),
                rule(FREE + "(" + NUMBER + ")\\s?(" + units + ")" + OVER, Rules::measure),
                rule(FREE + "24/7" + OVER, m -> "twenty-four seven"),
                rule(FREE + "1/2" + OVER, m -> "one half"),
                rule("(?<=\\d)\\s?/\\s?(?=\\d)", m -> " slash "),
                rule("(?<=\\d)(?:\\s?\u2013\\s?|-)(?=\\d)", m -> " to "),
                rule("(?<=\\d)\\s?[x*\u00d7]\\s?(?=\\d)", m -> " times "),
                rule("(?<=\\d)\\s?\\+\\s?(?=\\d)", m -> " plus "),
                rule(FREE + "\\d+(?:\\.\\d+){2,}" + OVER, Rules::version),
                rule(
                        "(?<![\\p{L}\\d.,])(?:19|20)\\d\\d(?![\\p{L}\\d]|[.,]\\d)",
                        m -> NumberWords.year(Integer.parseInt(m.group()))),
                rule(FREE + "(?:" + NUMBER + ")" + OVER, m -> NumberWords.number(m.group())),
                rule("[\\p{L}\\d]*\\d[\\p{L}\\d]*", Rules::mixed));
    }

    private static List<Rule> words() {
        String shorts = SHORT.keySet().stream().map(Pattern::quote).collect(Collectors.joining("|"));
        return List.of(
                rule(
                        "(?<![\\p{L}\\d.])(?:" + shorts + ")(?![.\\d])",
                        m -> SHORT.get(m.group().toLowerCase(Locale.ROOT))),
                rule("(?<![\\p{L}\\d.])St\\.(?=\\s\\p{Lu})", m -> "Saint"),
                rule("(?<![\\p{L}\\d.])St\\.", m -> "Street"),
                rule("(?<=\\p{L})/(?=\\p{L})", m -> " or "),
                rule("(?<=\\p{L})_(?=\\p{L})", m -> " "),
                rule("[&@%=+$\u20ac\u00a3\u00b0\u00d7]|(?<=\\s)[<>](?=\\s)", m -> " " + SIGNS.get(m.group()) + " "),
                dropped("[*_`~|#\\\\^<>{}\\[\\]\u2122\u00ae\u00a9]+"));
    }

    /** "Jr.", "etc.": said otherwise than written, though it has nothing but letters and a full stop. */
    static boolean isShort(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        return SHORT.containsKey(lower) || lower.equals("st.");
    }

    private static String date(MatchResult m) {
        return MONTHS.get(integer(m, 2) - 1) + " " + NumberWords.ordinal(integer(m, 3)) + ", "
                + NumberWords.year(integer(m, 1));
    }

    private static String measure(MatchResult m) {
        String unit = UNITS.getOrDefault(m.group(2).toLowerCase(Locale.ROOT), m.group(2));
        int space = unit.indexOf(' ');
        String first = space < 0 ? unit : unit.substring(0, space);
        String plural = m.group(1).equals("1") ? first : first + "s";
        return NumberWords.number(m.group(1)) + " " + plural + (space < 0 ? "" : unit.substring(space));
    }

    private static String version(MatchResult m) {
        return Stream.of(m.group().split("\\.", -1)).map(NumberWords::number).collect(Collectors.joining(" point "));
    }

    /** "A4", "B12", "3D": letters stay, short numbers are said as such, long ones by their digits. */
    private static String mixed(MatchResult m) {
        return Pattern.compile("\\d+").matcher(m.group()).replaceAll(number -> {
            String digits = number.group();
            return " " + (digits.length() <= 2 ? NumberWords.number(digits) : NumberWords.digits(digits)) + " ";
        });
    }

    private static Rule dropped(String pattern) {
        return rule(pattern, m -> "");
    }

    static Rule rule(String pattern, Function<MatchResult, String> words) {
        return new Rule(Pattern.compile(pattern, CASE_INSENSITIVE), words);
    }

    private static int integer(MatchResult m, int group) {
        return Integer.parseInt(m.group(group));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
