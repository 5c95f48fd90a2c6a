package ai.callmeback.api.problem;

import ai.callmeback.domain.call.RefusalCode;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Every error this API can answer with, on one screen. The code on the wire is the name in lower case and never
 * changes its meaning; the title is for people and may be reworded. What a booking and a later admission both check has
 * the code of {@link RefusalCode}. Served at {@code /problems}.
 */
public enum ProblemCode {
    MALFORMED_JSON(
            HttpStatus.BAD_REQUEST, "The body is not valid JSON", "Correct the body at the line and column named."),
    BODY_REQUIRED(HttpStatus.BAD_REQUEST, "A JSON body is required", "Send a JSON object."),
    BODY_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "The body is too large", "Send no more bytes than the bound says."),
    UNSUPPORTED_MEDIA_TYPE(
            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
            "The body must be application/json",
            "Send Content-Type: application/json."),
    NOT_ACCEPTABLE(
            HttpStatus.NOT_ACCEPTABLE,
            "None of the accepted media types can be produced",
            "Accept what the API document says of this path."),
    METHOD_NOT_ALLOWED(
            HttpStatus.METHOD_NOT_ALLOWED, "This path does not take that method", "Use one of the methods named."),
    BAD_REQUEST(
            HttpStatus.BAD_REQUEST,
            "The request cannot be understood",
            "Compare path, query and headers with the API document."),

    FIELD_UNKNOWN(
            HttpStatus.BAD_REQUEST,
            "The body has a field this request does not know",
            "Leave the field out; the bound lists those that are known."),
    FIELD_REQUIRED(HttpStatus.BAD_REQUEST, "A required field is missing", "Send the field."),
    FIELD_TYPE_WRONG(HttpStatus.BAD_REQUEST, "A field has the wrong type", "Send the type that the bound names."),
    TEXT_TOO_SHORT(
            HttpStatus.BAD_REQUEST, "A text is too short", "Send at least as many characters as the bound says."),
    TEXT_TOO_LONG(HttpStatus.BAD_REQUEST, "A text is too long", "Send at most as many characters as the bound says."),
    TEXT_NOT_UNICODE(
            HttpStatus.BAD_REQUEST,
            "A text holds characters that cannot be stored",
            "Remove NUL characters and halves of surrogate pairs."),
    EMAIL_INVALID(HttpStatus.BAD_REQUEST, "This is not an e-mail address", "Send an address such as name@example.org."),
    PRETEXT_TOO_LONG(HttpStatus.BAD_REQUEST, "The pretext is too long"),
    INVALID_NUMBER(HttpStatus.BAD_REQUEST, "This is not a phone number that can be called"),
    COUNTRY_INVALID(
            HttpStatus.BAD_REQUEST,
            "This is not a two-letter country code",
            "Send a code of ISO 3166 such as US or DE."),
    NUMBER_TYPE_NOT_ALLOWED(
            HttpStatus.BAD_REQUEST, "Premium-rate, shared-cost and other special numbers are not called"),
    COUNTRY_NOT_ALLOWED(HttpStatus.BAD_REQUEST, "Numbers of this country cannot be called yet"),
    UNKNOWN_PERSONA(HttpStatus.BAD_REQUEST, "There is no such persona"),
    INVALID_DURATION(HttpStatus.BAD_REQUEST, "Calls of this length are not offered"),
    UNKNOWN_TIME_ZONE(HttpStatus.BAD_REQUEST, "This is not an IANA time zone"),
    INVALID_LOCAL_TIME(HttpStatus.BAD_REQUEST, "This is not a local date and time"),
    PAST_TIME(HttpStatus.BAD_REQUEST, "The time has already passed"),
    TOO_FAR_AHEAD(HttpStatus.BAD_REQUEST, "The time is too far in the future"),
    INVALID_CALLBACK_POLICY(HttpStatus.BAD_REQUEST, "The call-back policy is outside its bounds"),
    MINUTES_OUT_OF_RANGE(
            HttpStatus.BAD_REQUEST, "The number of minutes is outside its bounds", "Choose a number within the bound."),
    SCOPE_UNKNOWN(HttpStatus.BAD_REQUEST, "There is no such scope", "Choose from the scopes that the bound lists."),
    IDEMPOTENCY_KEY_INVALID(
            HttpStatus.BAD_REQUEST,
            "The Idempotency-Key cannot be used",
            "Send 1 to 255 visible ASCII characters, such as a UUID."),
    EVENT_ID_INVALID(
            HttpStatus.BAD_REQUEST,
            "Last-Event-ID is not the id of an event",
            "Send the id of the last event received, or leave the header out."),
    CURSOR_INVALID(
            HttpStatus.BAD_REQUEST,
            "The cursor is not one this API gave out",
            "Send the cursor of the page before, or none to begin anew."),
    LIMIT_OUT_OF_RANGE(HttpStatus.BAD_REQUEST, "The limit is outside its bounds", "Choose a number within the bound."),
    UNKNOWN_PRODUCT(HttpStatus.BAD_REQUEST, "There is no such product", "Choose a product of /api/catalogue."),
    NOT_A_PLAN(HttpStatus.BAD_REQUEST, "This product is not a plan", "Choose a plan of /api/catalogue."),
    PRODUCT_NOT_SOLD_SINGLY(
            HttpStatus.BAD_REQUEST, "This product is not sold singly", "Choose another product of /api/catalogue."),
    QUANTITY_OUT_OF_RANGE(
            HttpStatus.BAD_REQUEST, "The quantity is outside its bounds", "Choose a number within the bound."),
    UNKNOWN_COUPON(HttpStatus.BAD_REQUEST, "There is no such coupon", "Check the code, or buy without one."),
    VALUE_NOT_OFFERED(
            HttpStatus.BAD_REQUEST,
            "The value is not one of those offered",
            "Choose one of the values that the bound lists."),
    AMOUNT_OUT_OF_RANGE(
            HttpStatus.BAD_REQUEST, "The amount is outside its bounds", "Choose an amount within the bound."),
    THRESHOLD_OUT_OF_RANGE(
            HttpStatus.BAD_REQUEST, "The threshold is outside its bounds", "Choose a threshold within the bound."),
    CONSENT_REQUIRED(HttpStatus.BAD_REQUEST, "Consent is missing", "Ask the person, and send consent as true."),
    PERCENT_OUT_OF_RANGE(
            HttpStatus.BAD_REQUEST, "The percentage is outside its bounds", "Choose a percentage within the bound."),
    TIME_INVALID(HttpStatus.BAD_REQUEST, "The time cannot be read", "Send a time as in 2026-11-20T00:00:00Z."),
    RANGE_INVALID(
            HttpStatus.BAD_REQUEST,
            "The range of time is empty or too long",
            "Send an end after the beginning, and no longer a range than the bound says."),
    SECONDS_OUT_OF_RANGE(
            HttpStatus.BAD_REQUEST, "The number of seconds is outside its bounds", "Choose a number within the bound."),
    NUMBER_OUT_OF_RANGE(
            HttpStatus.BAD_REQUEST,
            "A number is outside its bounds, or finer than is kept",
            "Choose a number within the bound, with at most two decimals."),
    VENDOR_NAME_INVALID(
            HttpStatus.BAD_REQUEST,
            "This cannot be the name of a model or a voice",
            "Copy the id from the vendor; the bound says what it is made of."),

    NOT_AUTHENTICATED(
            HttpStatus.UNAUTHORIZED,
            "A valid token is required",
            "Sign in, or send an API key, as 'Authorization: Bearer …'."),
    INVALID_CREDENTIALS(
            HttpStatus.UNAUTHORIZED,
            "The e-mail or the password is wrong",
            "Check the e-mail address and the password."),
    ACCOUNT_NOT_ACTIVE(HttpStatus.FORBIDDEN, "This account is not active", "Ask support to reactivate the account."),
    NOT_ALLOWED(
            HttpStatus.FORBIDDEN,
            "This token may not do that",
            "Use a token with the scope or role that the API document names."),
    SIGNATURE_INVALID(
            HttpStatus.FORBIDDEN,
            "The webhook's signature is missing or wrong",
            "Check that both sides have the vendor's current secret and see the same address."),
    ORIGIN_NOT_ALLOWED(
            HttpStatus.FORBIDDEN, "This origin may not ask", "Set TEMPORAL_UI_URL to where the Temporal UI is opened."),
    INSUFFICIENT_CREDIT(HttpStatus.PAYMENT_REQUIRED, "There is not enough credit for this call"),
    PLAN_CALLS_USED_UP(HttpStatus.PAYMENT_REQUIRED, "The plan's calls of this period are used up"),
    FAIR_USE_EXCEEDED(HttpStatus.PAYMENT_REQUIRED, "The plan's fair use of this period is reached"),

    NOT_FOUND(
            HttpStatus.NOT_FOUND,
            "There is no such thing here",
            "Check the id, and that it belongs to the account that asks."),
    EMAIL_TAKEN(HttpStatus.CONFLICT, "An account with this e-mail exists", "Sign in with it, or use another address."),
    IDEMPOTENCY_CONFLICT(
            HttpStatus.CONFLICT,
            "The Idempotency-Key was used for a different request",
            "Use a new key for a new request; repeat a request unchanged."),
    COUPON_USED(HttpStatus.CONFLICT, "The coupon has been used", "Use another coupon, or none."),
    SUBSCRIPTION_EXISTS(HttpStatus.CONFLICT, "There is a subscription already", "Change its plan, or cancel it first."),
    SUBSCRIPTION_STATE_CONFLICT(
            HttpStatus.CONFLICT,
            "The subscription does not stand where that is possible",
            "Look at the subscription: its state says what is possible now."),
    SAME_PLAN(HttpStatus.CONFLICT, "The subscription is for this plan", "Choose another plan of /api/catalogue."),
    CALL_STATE_CONFLICT(
            HttpStatus.CONFLICT,
            "The call is past the point where that is possible",
            "Look at the call: 'actions' lists what is possible now."),
    PURCHASE_NOT_PAID(HttpStatus.CONFLICT, "The purchase has not been paid", "Wait until the purchase is paid."),
    PAYMENT_DISPUTED(HttpStatus.CONFLICT, "The payment is disputed", "Wait for the end of the dispute."),
    REFUND_EXCEEDS_PAYMENT(
            HttpStatus.CONFLICT, "That is more than is left of the payment", "Refund at most what is left."),
    BOOKS_NOT_CLEAN(
            HttpStatus.CONFLICT,
            "The ledger's audit finds violations",
            "Look at the audit; operators mend what it names."),
    PRICE_CHANGE_DECIDED(
            HttpStatus.CONFLICT,
            "The price change has been decided",
            "Read how it was decided; a price can be entered anew."),
    CASE_RESOLVED(HttpStatus.CONFLICT, "The case has been resolved in other words", "Read how the case was resolved."),
    CHARGE_NOT_SETTLED(HttpStatus.CONFLICT, "The call's charge is not decided yet", "Wait until the call is settled."),
    CHARGE_NOT_REVERSIBLE(
            HttpStatus.CONFLICT, "There is no charge that can be reversed", "Read the call's charge first."),
    CHARGE_EXCEEDED(HttpStatus.CONFLICT, "That is more than is left of the charge", "Reverse at most what is left."),
    PERSONA_CHANGED(
            HttpStatus.CONFLICT,
            "The persona has been changed by somebody else",
            "Read the persona anew, and send the change with its present version."),
    ACCOUNT_CLOSED(
            HttpStatus.CONFLICT,
            "The account is closed",
            "Nobody could use the minutes; give money back by a refund of the purchase."),
    TOO_MANY_API_KEYS(
            HttpStatus.CONFLICT, "There are too many API keys on this account", "Revoke a key that is no longer used."),

    TOO_MANY_ATTEMPTS(HttpStatus.TOO_MANY_REQUESTS, "Too many attempts", "Try again after the time in Retry-After."),
    TOO_MANY_STREAMS(
            HttpStatus.TOO_MANY_REQUESTS,
            "Too many live event streams are open",
            "Close another live stream of this account."),

    INTERNAL_ERROR(
            HttpStatus.INTERNAL_SERVER_ERROR,
            "Something went wrong on our side",
            "Try again; if it persists, tell support the requestId."),
    BUSY(HttpStatus.SERVICE_UNAVAILABLE, "The service is busy", "Try again after the time in Retry-After."),
    STORAGE_UNAVAILABLE(
            HttpStatus.SERVICE_UNAVAILABLE,
            "The service cannot reach its storage",
            "Try again after the time in Retry-After."),
    WORKFLOW_UNAVAILABLE(
            HttpStatus.SERVICE_UNAVAILABLE,
            "The call engine cannot be reached just now",
            "Try again after the time in Retry-After.");

    private final HttpStatus status;
    private final String title;
    private final String remedy;

    /** Of a code that a later admission may give too: with its remedy. */
    ProblemCode(HttpStatus status, String title) {
        this.status = status;
        this.title = title;
        this.remedy = Objects.requireNonNull(refusalRemedy());
    }

    ProblemCode(HttpStatus status, String title, String remedy) {
        this.status = status;
        this.title = title;
        this.remedy = remedy;
    }

    /** The stable code on the wire. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public HttpStatus status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** The remedy of what an admission, too, refuses under this code; null when none does. */
    final @Nullable String refusalRemedy() {
        return RefusalCode.ofCode(code()).map(RefusalCode::remedy).orElse(null);
    }

    /** What whoever reads it can do about it, in general; an answer may know better. */
    public String remedy() {
        return remedy;
    }
}
