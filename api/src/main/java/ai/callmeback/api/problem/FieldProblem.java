package ai.callmeback.api.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with one field: where, which rule, in words, and the bound that was broken (a number, an instant, a
 * list of what is allowed), if the rule has one. The wrong value itself is not echoed when it may be personal.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FieldProblem(
        String field,
        ProblemCode rule,
        String detail,
        @Nullable Object bound) {
    public static FieldProblem of(String field, ProblemCode rule, String detail) {
        return new FieldProblem(field, rule, detail, null);
    }
}
