package ai.callmeback.api.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A problem document of RFC 9457 with our extension members. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Problem", description = "A problem document (RFC 9457). `code` is stable; see /problems for all.")
public record ProblemDocument(
        String type,
        String title,
        int status,
        String detail,
        @Nullable String instance,
        String code,
        @Nullable String field,
        @Nullable Object bound,
        @Nullable List<FieldError> errors,
        @Nullable String remedy,
        @Nullable Long retryAfterSeconds,
        @Nullable String requestId) {

    /** One wrong field. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record FieldError(
            String field,
            String code,
            String detail,
            @Nullable Object bound) {}

    static ProblemDocument of(ProblemException problem, @Nullable String path, @Nullable String requestId) {
        ProblemCode code = problem.code();
        List<FieldError> errors = problem.errors().stream()
                .map(e -> new FieldError(e.field(), e.rule().code(), e.detail(), e.bound()))
                .toList();
        FieldError first = errors.isEmpty() ? null : errors.getFirst();
        Long retryAfterSeconds = problem.retryAfter() == null
                ? null
                : Math.max(1, problem.retryAfter().toSeconds());
        return new ProblemDocument(
                "/problems#" + code.code(),
                code.title(),
                code.status().value(),
                problem.detail(),
                path,
                code.code(),
                first == null ? null : first.field(),
                first == null ? null : first.bound(),
                errors.isEmpty() ? null : errors,
                problem.remedy() == null ? code.refusalRemedy() : problem.remedy(),
                retryAfterSeconds,
                requestId);
    }
}
