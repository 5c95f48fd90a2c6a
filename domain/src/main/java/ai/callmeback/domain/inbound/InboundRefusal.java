package ai.callmeback.domain.inbound;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why a caller is turned away. {@link #code()} is stable and kept with the call; {@link #words()} are spoken. */
public enum InboundRefusal {
    NUMBER_NOT_ASSIGNED("Nobody answers at this number. Please check it, and try again."),
    ANSWERING_STOPPED("We cannot take calls at the moment. Please try again later."),
    CALLER_BLOCKED("We cannot take calls from this number."),
    NUMBER_WITHHELD("We can only take your call if you show your number. Please ring again without hiding it."),
    USER_NOT_ACTIVE("Your account is not active. Please write to our support."),
    TOO_MANY_CALLS("You are already on a call with us. Please ring again when it has ended."),
    BUDGET_USED_UP("Your budget for calls is used up. You can raise it in your account."),
    INSUFFICIENT_CREDIT("You do not have enough credit for a call. You can buy more in your account, and ring again."),
    PLAN_CALLS_USED_UP("The calls of your plan are used up. You can buy credits in your account, and ring again."),
    FAIR_USE_EXCEEDED("You have had more calls than your plan's fair use allows. You can buy credits in your account."),
    FREE_CALL_USED("You have had your free call. To go on talking, please open an account on our website."),
    DAILY_CAP_REACHED("All our free calls for today are taken. Please try again tomorrow, or open an account.");

    private final String words;

    InboundRefusal(String words) {
        this.words = words;
    }

    /** Stable, snake_case. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String words() {
        return words;
    }

    public static Optional<InboundRefusal> ofCode(String code) {
        return Arrays.stream(values()).filter(r -> r.code().equals(code)).findFirst();
    }
}
