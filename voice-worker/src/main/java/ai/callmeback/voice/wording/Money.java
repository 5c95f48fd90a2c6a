package ai.callmeback.voice.wording;

import java.util.Locale;

/** Amounts of money in words. */
final class Money {
    private Money() {}

    /**
     * "$1,250.50" is "one thousand two hundred fifty dollars and fifty cents", "$2.5m" is "two point five million dollars".
     *
     * @param scale behind the number: "k", "million"; or empty
     */
    static String words(String currency, String number, String scale) {
        String[] names = names(currency);
        if (!scale.isEmpty()) {
            return NumberWords.number(number) + " " + scaled(scale) + " " + names[1];
        }
        String plain = number.replace(",", "");
        int point = plain.indexOf('.');
        String whole = point < 0 ? plain : plain.substring(0, point);
        String fraction = point < 0 ? "" : plain.substring(point + 1);
        if (fraction.length() > 2 || whole.length() > 12) {
            return NumberWords.number(number) + " " + names[1];
        }
        long units = Long.parseLong(whole);
        long cents = fraction.isEmpty() ? 0 : Long.parseLong(fraction.length() == 1 ? fraction + "0" : fraction);
        String unitWords = NumberWords.cardinal(units) + " " + (units == 1 ? names[0] : names[1]);
        if (cents == 0) {
            return unitWords;
        }
        String centWords = NumberWords.cardinal(cents) + " " + (cents == 1 ? names[2] : names[3]);
        return units == 0 ? centWords : unitWords + " and " + centWords;
    }

    private static String scaled(String scale) {
        return switch (scale.toLowerCase(Locale.ROOT)) {
            case "k", "thousand" -> "thousand";
            case "bn", "billion" -> "billion";
            default -> "million";
        };
    }

    private static String[] names(String currency) {
        return switch (currency.toUpperCase(Locale.ROOT)) {
            case "\u20ac", "EUR" -> new String[] {"euro", "euros", "cent", "cents"};
            case "\u00a3", "GBP" -> new String[] {"pound", "pounds", "penny", "pence"};
            default -> new String[] {"dollar", "dollars", "cent", "cents"};
        };
    }
}
