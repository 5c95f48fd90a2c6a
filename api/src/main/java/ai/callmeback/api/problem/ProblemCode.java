package ai.callmeback.api.problem;

import java.util.Locale;
import org.springframework.http.HttpStatus;

/**
 * Every error this API can answer with, on one screen. The code on the wire is the name in lower case and never
 * changes its meaning; the title is for people and may be reworded. What a booking and a later admission both check has
 * the code of {@link ai.callmeback.domain.call.RefusalCode}. Served at {@code /problems}.
 */
public enum ProblemCode {
    MALFORMED_JSON(HttpStatus.BAD_REQUEST, "The body is not valid JSON"),
    BODY_REQUIRED(HttpStatus.BAD_REQUEST, "A JSON body is required"),
    BODY_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json"),
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "None of the accepted media types can be produced"),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "This path does not take that method"),
    BAD_REQUEST(HttpStatus.BAD_REQUEST, "The request cannot be understood"),

    FIELD_UNKNOWN(HttpStatus.BAD_REQUEST, "The body has a field this request does not know"),
    FIELD_REQUIRED(HttpStatus.BAD_REQUEST, "A required field is missing"),
    FIELD_TYPE_WRONG(HttpStatus.BAD_REQUEST, "A field has the wrong type"),
    TEXT_TOO_SHORT(HttpStatus.BAD_REQUEST, "A text is too short"),
    TEXT_TOO_LONG(HttpStatus.BAD_REQUEST, "A text is too long"),
    TEXT_NOT_UNICODE(HttpStatus.BAD_REQUEST, "A text holds characters that cannot be stored"),
    EMAIL_INVALID(HttpStatus.BAD_REQUEST, "This is not an e-mail address"),
    PRETEXT_TOO_LONG(HttpStatus.BAD_REQUEST, "The pretext is too long"),
    INVALID_NUMBER(HttpStatus.BAD_REQUEST, "This is not a phone number that can be called"),
    COUNTRY_INVALID(HttpStatus.BAD_REQUEST, "This is not a two-letter country code"),
    COUNTRY_NOT_ALLOWED(HttpStatus.BAD_REQUEST, "Numbers of this country cannot be called yet"),
    UNKNOWN_PERSONA(HttpStatus.BAD_REQUEST, "There is no such persona"),
    INVALID_DURATION(HttpStatus.BAD_REQUEST, "Calls of this length are not offered"),
    UNKNOWN_TIME_ZONE(HttpStatus.BAD_REQUEST, "This is not an IANA time zone"),
    INVALID_LOCAL_TIME(HttpStatus.BAD_REQUEST, "This is not a local date and time"),
    PAST_TIME(HttpStatus.BAD_REQUEST, "The time has already passed"),
    TOO_FAR_AHEAD(HttpStatus.BAD_REQUEST, "The time is too far in the future"),
    INVALID_CALLBACK_POLICY(HttpStatus.BAD_REQUEST, "The call-back policy is outside its bounds"),
    MINUTES_OUT_OF_RANGE(HttpStatus.BAD_REQUEST, "The number of minutes is outside its bounds"),
    SCOPE_UNKNOWN(HttpStatus.BAD_REQUEST, "There is no such scope"),
    IDEMPOTENCY_KEY_INVALID(HttpStatus.BAD_REQUEST, "The Idempotency-Key cannot be used"),
    EVENT_ID_INVALID(HttpStatus.BAD_REQUEST, "Last-Event-ID is not the id of an event"),
    CURSOR_INVALID(HttpStatus.BAD_REQUEST, "The cursor is not one this API gave out"),
    LIMIT_OUT_OF_RANGE(HttpStatus.BAD_REQUEST, "The limit is outside its bounds"),
    UNKNOWN_PRODUCT(HttpStatus.BAD_REQUEST, "There is no such product"),
    NOT_A_PLAN(HttpStatus.BAD_REQUEST, "This product is not a plan"),
    PRODUCT_NOT_SOLD_SINGLY(HttpStatus.BAD_REQUEST, "This product is not sold singly"),
    QUANTITY_OUT_OF_RANGE(HttpStatus.BAD_REQUEST, "The quantity is outside its bounds"),
    UNKNOWN_COUPON(HttpStatus.BAD_REQUEST, "There is no such coupon"),
    VALUE_NOT_OFFERED(HttpStatus.BAD_REQUEST, "The value is not one of those offered"),
    AMOUNT_OUT_OF_RANGE(HttpStatus.BAD_REQUEST, "The amount is outside its bounds"),
    PERCENT_OUT_OF_RANGE(HttpStatus.BAD_REQUEST, "The percentage is outside its bounds"),
    TIME_INVALID(HttpStatus.BAD_REQUEST, "The time cannot be read"),
    RANGE_INVALID(HttpStatus.BAD_REQUEST, "The range of time is empty or too long"),
    SECONDS_OUT_OF_RANGE(HttpStatus.BAD_REQUEST, "The number of seconds is outside its bounds"),

    NOT_AUTHENTICATED(HttpStatus.UNAUTHORIZED, "A valid token is required"),
    INVALID_CREDENTIALS(HttpStatus.UNAUTHORIZED, "The e-mail or the password is wrong"),
    ACCOUNT_NOT_ACTIVE(HttpStatus.FORBIDDEN, "This account is not active"),
    NOT_ALLOWED(HttpStatus.FORBIDDEN, "This token may not do that"),
    SIGNATURE_INVALID(HttpStatus.FORBIDDEN, "The webhook's signature is missing or wrong"),
    ORIGIN_NOT_ALLOWED(HttpStatus.FORBIDDEN, "This origin may not ask"),
    INSUFFICIENT_CREDIT(HttpStatus.PAYMENT_REQUIRED, "There is not enough credit for this call"),
    PLAN_CALLS_USED_UP(HttpStatus.PAYMENT_REQUIRED, "The plan's calls of this period are used up"),
    FAIR_USE_EXCEEDED(HttpStatus.PAYMENT_REQUIRED, "The plan's fair use of this period is reached"),

    NOT_FOUND(HttpStatus.NOT_FOUND, "There is no such thing here"),
    EMAIL_TAKEN(HttpStatus.CONFLICT, "An account with this e-mail exists"),
    IDEMPOTENCY_CONFLICT(HttpStatus.CONFLICT, "The Idempotency-Key was used for a different request"),
    COUPON_USED(HttpStatus.CONFLICT, "The coupon has been used"),
    SUBSCRIPTION_EXISTS(HttpStatus.CONFLICT, "There is a subscription already"),
    SUBSCRIPTION_STATE_CONFLICT(HttpStatus.CONFLICT, "The subscription does not stand where that is possible"),
    SAME_PLAN(HttpStatus.CONFLICT, "The subscription is for this plan"),
    CALL_STATE_CONFLICT(HttpStatus.CONFLICT, "The call is past the point where that is possible"),
    PURCHASE_NOT_PAID(HttpStatus.CONFLICT, "The purchase has not been paid"),
    PAYMENT_DISPUTED(HttpStatus.CONFLICT, "The payment is disputed"),
    REFUND_EXCEEDS_PAYMENT(HttpStatus.CONFLICT, "That is more than is left of the payment"),
    CASE_RESOLVED(HttpStatus.CONFLICT, "The case has been resolved in other words"),
    CHARGE_NOT_SETTLED(HttpStatus.CONFLICT, "The call's charge is not decided yet"),
    CHARGE_NOT_REVERSIBLE(HttpStatus.CONFLICT, "There is no charge that can be reversed"),
    CHARGE_EXCEEDED(HttpStatus.CONFLICT, "That is more than is left of the charge"),
    TOO_MANY_API_KEYS(HttpStatus.CONFLICT, "There are too many API keys on this account"),

    TOO_MANY_ATTEMPTS(HttpStatus.TOO_MANY_REQUESTS, "Too many attempts"),
    TOO_MANY_STREAMS(HttpStatus.TOO_MANY_REQUESTS, "Too many live event streams are open"),

    INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR, "Something went wrong on our side"),
    BUSY(HttpStatus.SERVICE_UNAVAILABLE, "The service is busy"),
    STORAGE_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "The service cannot reach its storage"),
    WORKFLOW_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "The call engine cannot be reached just now");

    private final HttpStatus status;
    private final String title;

    ProblemCode(HttpStatus status, String title) {
        this.status = status;
        this.title = title;
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
}
