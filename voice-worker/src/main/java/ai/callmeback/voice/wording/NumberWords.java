package ai.callmeback.voice.wording;

import java.util.Locale;

/** English words for numbers, as somebody would say them on the phone. */
final class NumberWords {
    private static final String[] SMALL = {
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen"
    };
    private static final String[] TENS = {
        "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"
    };
    private static final String[] SCALES = {"", " thousand", " million", " billion", " trillion"};

    /** Longer numbers than this are read out digit by digit. */
    private static final int MOST_DIGITS = 12;
    /** So many digits without separators are an account or a code, not an amount. */
    private static final int CODE_DIGITS = 7;

    private NumberWords() {}

    /** "1,250", "3.14", "007", of ASCII digits; a code or what is too long is read digit by digit. */
    static String number(String written) {
        String plain = written.replace(",", "");
        int point = plain.indexOf('.');
        String whole = point < 0 ? plain : plain.substring(0, point);
        boolean code = (whole.length() > 1 && whole.charAt(0) == '0')
                || whole.length() > MOST_DIGITS
                || (written.indexOf(',') < 0 && whole.length() >= CODE_DIGITS);
        String words = code ? digits(whole) : cardinal(Long.parseLong(whole));
        return point < 0 ? words : words + " point " + digits(plain.substring(point + 1));
    }

    static String cardinal(long number) {
        if (number < 1000) {
            return belowThousand((int) number);
        }
        StringBuilder words = new StringBuilder();
        int scale = 0;
        for (long rest = number; rest > 0; rest /= 1000, scale++) {
            int group = (int) (rest % 1000);
            if (group > 0) {
                words.insert(0, belowThousand(group) + SCALES[scale] + (words.isEmpty() ? "" : " "));
            }
        }
        return words.toString();
    }

    private static String belowThousand(int number) {
        if (number < 20) {
            return SMALL[number];
        }
        if (number < 100) {
            return TENS[number / 10] + (number % 10 == 0 ? "" : "-" + SMALL[number % 10]);
        }
        return SMALL[number / 100] + " hundred" + (number % 100 == 0 ? "" : " " + belowThousand(number % 100));
    }

    /** "first", "twenty-second". */
    static String ordinal(long number) {
        String cardinal = cardinal(number);
        int last = Math.max(cardinal.lastIndexOf(' '), cardinal.lastIndexOf('-')) + 1;
        String word = cardinal.substring(last);
        String ordinal = switch (word) {
            case "one" -> "first";
            case "two" -> "second";
            case "three" -> "third";
            case "five" -> "fifth";
            case "eight" -> "eighth";
            case "nine" -> "ninth";
            case "twelve" -> "twelfth";
            default -> word.endsWith("y") ? word.substring(0, word.length() - 1) + "ieth" : word + "th";
        };
        return cardinal.substring(0, last) + ordinal;
    }

    /** A year of the twentieth or twenty-first century: "nineteen oh five", "two thousand nine", "twenty twenty-six". */
    static String year(int year) {
        int rest = year % 100;
        if (rest == 0) {
            return year == 2000 ? "two thousand" : cardinal(year / 100) + " hundred";
        }
        if (year / 100 == 20 && rest < 10) {
            return "two thousand " + cardinal(rest);
        }
        return cardinal(year / 100) + " " + (rest < 10 ? "oh " : "") + cardinal(rest);
    }

    /** "nineties" of 1990, "two thousands" of 2000. */
    static String decade(int year) {
        String words = year(year);
        return words.endsWith("y") ? words.substring(0, words.length() - 1) + "ies" : words + "s";
    }

    /** Each digit by its name; anything else is left out. */
    static String digits(String written) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c >= '0' && c <= '9') {
                words.append(words.isEmpty() ? "" : " ").append(SMALL[c - '0']);
            }
        }
        return words.toString();
    }

    /** "eight thirty", "eight oh five p m"; of the second half of the day "twenty thirty" becomes "eight thirty p m". */
    static String time(int hour, int minute, String half) {
        String suffix = half.isEmpty() ? "" : half.toLowerCase(Locale.ROOT).startsWith("p") ? " p m" : " a m";
        if (suffix.isEmpty() && (hour > 12 || hour == 0)) {
            suffix = hour == 0 ? " a m" : " p m";
        }
        String hours = cardinal(hour == 0 ? 12 : hour > 12 ? hour - 12 : hour);
        if (minute == 0) {
            return hours + (suffix.isEmpty() ? " o'clock" : suffix);
        }
        return hours + (minute < 10 ? " oh " : " ") + cardinal(minute) + suffix;
    }
}
