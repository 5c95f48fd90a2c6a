package ai.callmeback.domain.call;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Every reason for which a booking, an admission or a dial is turned down. {@link #code()} is stable and public. */
public enum RefusalCode {
    // Booking
    PAST_TIME("The time lies in the past.", "Choose a time to come, or leave it out to be called now."),
    TOO_FAR_AHEAD("The time lies too far ahead.", "Choose a time within the next 365 days."),
    UNKNOWN_TIME_ZONE("The time zone is not known.", "Use an IANA name such as Europe/Paris."),
    INVALID_LOCAL_TIME("The time cannot be read.", "Use a local date and time such as 2027-03-14T07:00."),
    INVALID_DURATION("This length is not offered.", "Choose 3, 5, 10 or 15 minutes."),
    UNKNOWN_PERSONA("There is no such persona.", "Choose one of the listed personas."),
    PRETEXT_TOO_LONG("The pretext is too long.", "Shorten it to 2,000 characters."),
    INVALID_CALLBACK_POLICY("The call-back policy is out of bounds.", "See the bounds in the API document."),
    // Admission
    USER_NOT_ACTIVE("The account is not active.", "Ask support to reactivate it."),
    INVALID_NUMBER("The telephone number is not valid.", "Correct the number, with its country code."),
    COUNTRY_NOT_ALLOWED("We do not call this country.", "Use a number in a supported country."),
    NUMBER_TYPE_NOT_ALLOWED(
            "We do not call premium-rate, shared-cost and other special numbers.", "Use a landline or mobile number."),
    TOO_MANY_CALLS("Too many calls at the same time.", "Wait until the other call has ended."),
    INSUFFICIENT_CREDIT("Not enough credit for the planned length.", "Buy credits or choose a shorter call."),
    PLAN_CALLS_USED_UP(
            "The plan's calls of this period are used up, and other credits do not reach.",
            "Buy a single call, change to a bigger plan, or wait for the next period."),
    FAIR_USE_EXCEEDED(
            "The plan's fair use of this period is reached, and other credits do not reach.",
            "Buy a single call, or wait for the next period."),
    BUDGET_USED_UP("The budget for calls is used up.", "Raise the budget, or wait for the next day or month."),
    DIALING_STOPPED("Calls are paused by the operator.", "Try again later; nothing was charged."),
    // The telephony vendor's refusals, under the codes its client gives
    TRIAL_NUMBER_NOT_VERIFIED(
            "The telephony account is a trial and may call verified numbers only.",
            "Verify the number in the Twilio console, or upgrade the account."),
    CALLER_NUMBER_NOT_VERIFIED(
            "The telephony account may not call from this number.", "Set TWILIO_PHONE_NUMBER to a number it owns."),
    COUNTRY_NOT_PERMITTED(
            "The telephony account may not call this country.", "Allow it under Twilio's geographic permissions."),
    NUMBER_BLOCKED("The telephony vendor blocks this number.", "Use another number."),
    NUMBER_FORBIDDEN("The telephony vendor does not call this number.", "Use another number."),
    NUMBER_INVALID("The telephony vendor finds the number invalid.", "Check the number."),
    NUMBER_UNREACHABLE("The telephony vendor cannot reach this number.", "Check the number."),
    NUMBER_UNROUTABLE("The telephony vendor has no route to this number.", "Check the number."),
    TELEPHONY_UNAUTHORIZED(
            "The telephony vendor rejects our credentials.", "Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN."),
    TELEPHONY_ACCOUNT_INACTIVE("The telephony account is not active.", "Reactivate it."),
    TELEPHONY_MISCONFIGURED("The telephony vendor finds our request wrong.", "Check PUBLIC_URL and the vendor's code."),
    TELEPHONY_BUSY("The telephony vendor takes no more calls for now.", "Try again later."),
    TELEPHONY_UNREACHABLE("The telephony vendor could not be reached.", "Try again later."),
    TELEPHONY_REFUSED("The telephony vendor refused the call.", "See the vendor's code in the call's events.");

    private final String message;
    private final String remedy;

    RefusalCode(String message, String remedy) {
        this.message = message;
        this.remedy = remedy;
    }

    /** Stable, snake_case. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String message() {
        return message;
    }

    public String remedy() {
        return remedy;
    }

    public static Optional<RefusalCode> ofCode(String code) {
        return Arrays.stream(values()).filter(c -> c.code().equals(code)).findFirst();
    }
}
