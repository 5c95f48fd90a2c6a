package ai.callmeback.vendors.telephony;

import ai.callmeback.vendors.telephony.DialOutcome.Refused;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What each refusal of Create Call means to us: one row per vendor code. A code that is not here is refused all the
 * same, as {@code telephony_refused}. The message is ours: the vendor's own often holds the number.
 */
public final class TwilioRefusals {

    record Row(int vendorCode, String code, String message, String remedy, boolean retryable) {}

    private static final String UNREACHABLE = "telephony_unreachable";
    private static final String CHECK_NUMBER = "Check the number, with country code";
    private static final String CHECK_KEYS = "Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN from the Twilio console";
    private static final String VERIFY_CALLEE =
            "Verify the number in the Twilio console (Phone Numbers, Verified Caller IDs) or upgrade the trial account";
    private static final String OWN_NUMBER =
            "Set TWILIO_PHONE_NUMBER to a number of the account, or verify it as a caller ID";
    private static final String GEO = "Allow the country in the Twilio console (Voice, Geo permissions)";

    private static final List<Row> ROWS = List.of(
            new Row(13224, "number_unroutable", "The number cannot be reached", CHECK_NUMBER, false),
            new Row(13225, "number_forbidden", "Twilio does not call this number", "Use another number", false),
            new Row(13226, "number_invalid", "The number's country code is invalid", CHECK_NUMBER, false),
            new Row(13227, "country_not_permitted", "The account may not call this country", GEO, false),
            new Row(20003, "telephony_unauthorized", "Twilio does not accept our credentials", CHECK_KEYS, false),
            new Row(20005, "telephony_account_inactive", "The Twilio account is not active", "Reactivate it", false),
            new Row(20404, "telephony_unauthorized", "Twilio does not know the account", CHECK_KEYS, false),
            new Row(
                    20429,
                    "telephony_busy",
                    "Twilio takes no more requests right now",
                    "It is tried again later",
                    true),
            new Row(21201, "number_invalid", "No number to call", CHECK_NUMBER, false),
            new Row(
                    21205,
                    "telephony_misconfigured",
                    "Twilio refuses our URL",
                    "Set PUBLIC_URL to a reachable URL",
                    false),
            new Row(21210, "caller_number_not_verified", "Our own number may not be used to call", OWN_NUMBER, false),
            new Row(21211, "number_invalid", "The number is invalid", CHECK_NUMBER, false),
            new Row(21212, "caller_number_not_verified", "Our own number is invalid", OWN_NUMBER, false),
            new Row(21214, "number_unreachable", "The number cannot be reached", CHECK_NUMBER, false),
            new Row(21215, "country_not_permitted", "The account may not call this country", GEO, false),
            new Row(21216, "number_blocked", "The account may not call this number", "Use another number", false),
            new Row(21217, "number_invalid", "The number is invalid", CHECK_NUMBER, false),
            new Row(
                    21219,
                    "trial_number_not_verified",
                    "A trial account calls verified numbers only",
                    VERIFY_CALLEE,
                    false),
            new Row(22005, "telephony_busy", "Twilio's queue of calls is full", "It is tried again later", true),
            new Row(
                    573002,
                    "caller_number_not_verified",
                    "A trial account calls from its own number only",
                    OWN_NUMBER,
                    false),
            new Row(
                    573005,
                    "trial_number_not_verified",
                    "A trial account calls verified numbers only",
                    VERIFY_CALLEE,
                    false));

    private static final Map<Integer, Row> BY_CODE =
            ROWS.stream().collect(Collectors.toUnmodifiableMap(Row::vendorCode, Function.identity()));

    private TwilioRefusals() {}

    /** @param vendorCode the vendor's code, null or 0 if the answer had none */
    static Refused of(@Nullable Integer vendorCode, int status) {
        int code = vendorCode == null ? 0 : vendorCode;
        Row row = BY_CODE.get(code != 0 ? code : status == 401 ? 20003 : status == 429 ? 20429 : 0);
        return row == null
                ? new Refused(
                        "telephony_refused",
                        "Twilio refused the call (HTTP " + status + ", code " + code + ")",
                        "See https://www.twilio.com/docs/errors/" + code,
                        code,
                        false)
                : new Refused(row.code, row.message, row.remedy, code, row.retryable);
    }

    /** Whether a later attempt may fare better, of a code in a {@link Refused}; false for a code not given here. */
    public static boolean mayPass(@Nullable String code) {
        return UNREACHABLE.equals(code) || ROWS.stream().anyMatch(row -> row.retryable && row.code.equals(code));
    }

    static Refused unreachable() {
        return new Refused(
                UNREACHABLE,
                "No connection to Twilio could be made, so nothing was dialled",
                "Check TWILIO_API_BASE and the network; it is tried again later",
                0,
                true);
    }
}
