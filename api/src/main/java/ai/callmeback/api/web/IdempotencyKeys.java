package ai.callmeback.api.web;

import ai.callmeback.api.problem.FieldProblem;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** The header that makes a repeat of a decision about money harmless. */
public final class IdempotencyKeys {
    public static final String HEADER = "Idempotency-Key";
    public static final String RULE = "1 to 100 visible ASCII characters";

    private IdempotencyKeys() {}

    /** The key, if it may be one. */
    public static String checked(@Nullable String key) {
        if (key == null || !key.matches("[\\x21-\\x7e]{1,100}")) {
            throw ProblemException.ofField(FieldProblem.of(
                    HEADER, ProblemCode.IDEMPOTENCY_KEY_INVALID, "This needs an " + HEADER + " of " + RULE + "."));
        }
        return key;
    }

    /** The key was used for another request. */
    public static ProblemException conflict() {
        return ProblemException.ofField(FieldProblem.of(
                HEADER,
                ProblemCode.IDEMPOTENCY_CONFLICT,
                "This " + HEADER + " was used for another request; use a new key for a new one."));
    }
}
