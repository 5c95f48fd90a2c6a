package ai.callmeback.domain;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A telephone number in E.164 form ({@code +} and at most 15 digits). {@link #toString()} masks it, so that a number
 * cannot slip into a log; {@link #value()} is for vendors and the database only.
 */
public record E164(String value) {
    private static final Pattern FORM = Pattern.compile("\\+[1-9][0-9]{6,14}");
    private static final int SHOWN_DIGITS = 2;
    private static final Set<PhoneNumberType> ORDINARY = EnumSet.of(
            PhoneNumberType.FIXED_LINE,
            PhoneNumberType.MOBILE,
            PhoneNumberType.FIXED_LINE_OR_MOBILE,
            PhoneNumberType.VOIP,
            PhoneNumberType.TOLL_FREE);

    public E164 {
        if (value == null || !FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not an E.164 number: '+' and 7 to 15 digits are needed");
        }
    }

    /**
     * Reads what a person types. {@code defaultCountry} (ISO 3166 alpha-2, may be null) is used only for numbers
     * without a country code. Empty when no such number can exist.
     */
    public static Optional<E164> parse(String text, String defaultCountry) {
        var util = PhoneNumberUtil.getInstance();
        try {
            PhoneNumber number = util.parse(text, defaultCountry);
            return util.isValidNumber(number)
                    ? Optional.of(new E164(util.format(number, PhoneNumberFormat.E164)))
                    : Optional.empty();
        } catch (NumberParseException e) {
            // The exception's text holds the number; the caller answers with a code instead.
            return Optional.empty();
        }
    }

    /** ISO 3166 alpha-2 country of the number; empty for non-geographic ones. */
    public Optional<String> country() {
        var util = PhoneNumberUtil.getInstance();
        try {
            String region = util.getRegionCodeForNumber(util.parse(value, null));
            return Optional.ofNullable(region).filter(r -> r.length() == 2);
        } catch (NumberParseException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether it is a line like any person's: neither one whose calls cost more than an ordinary minute (premium rate,
     * shared cost, and personal or universal access numbers, which hide where they lead), nor one that nobody answers
     * (pagers, mailboxes).
     */
    public boolean isOrdinaryLine() {
        var util = PhoneNumberUtil.getInstance();
        try {
            return ORDINARY.contains(util.getNumberType(util.parse(value, null)));
        } catch (NumberParseException e) {
            return false;
        }
    }

    /** The number with all but its last two digits hidden. */
    public String masked() {
        return "+…" + value.substring(value.length() - SHOWN_DIGITS);
    }

    @Override
    public String toString() {
        return masked();
    }
}
