package ai.callmeback.workflows.call;

import io.temporal.common.SearchAttributeKey;
import java.util.List;

/** The search attributes of call workflows. They are stored in clear, so none of them holds personal data. */
public final class CallSearch {
    public static final SearchAttributeKey<String> STATUS = SearchAttributeKey.forKeyword("CallStatus");
    public static final SearchAttributeKey<String> PERSONA = SearchAttributeKey.forKeyword("Persona");
    /** The user's pseudonym. */
    public static final SearchAttributeKey<String> USER_REF = SearchAttributeKey.forKeyword("UserRef");

    public static final SearchAttributeKey<String> CHARGE = SearchAttributeKey.forKeyword("ChargeDecision");
    public static final SearchAttributeKey<Long> COST_MICROS = SearchAttributeKey.forLong("CostUsdMicros");

    /** All of them; a namespace must know them before the first call. */
    public static final List<SearchAttributeKey<?>> ALL = List.of(STATUS, PERSONA, USER_REF, CHARGE, COST_MICROS);

    private CallSearch() {}
}
