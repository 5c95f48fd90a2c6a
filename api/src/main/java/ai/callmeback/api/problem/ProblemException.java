package ai.callmeback.api.problem;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer that is a problem document. Thrown anywhere below a controller, written in one place. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ProblemCode code;
    private final transient List<FieldProblem> errors;
    private final @Nullable String remedy;
    private final @Nullable Duration retryAfter;

    private ProblemException(
            ProblemCode code,
            String detail,
            List<FieldProblem> errors,
            @Nullable String remedy,
            @Nullable Duration retryAfter) {
        // No stack trace: this is an answer, not a surprise.
        super(detail, null, false, false);
        this.code = code;
        this.errors = List.copyOf(errors);
        this.remedy = remedy;
        this.retryAfter = retryAfter;
    }

    public static ProblemException of(ProblemCode code, String detail) {
        return new ProblemException(code, detail, List.of(), null, null);
    }

    public static ProblemException of(ProblemCode code, String detail, String remedy) {
        return new ProblemException(code, detail, List.of(), remedy, null);
    }

    /** The first wrong field gives the document its code; all are listed. */
    public static ProblemException ofFields(List<FieldProblem> errors) {
        FieldProblem first = errors.getFirst();
        return new ProblemException(first.rule(), first.detail(), errors, null, null);
    }

    public static ProblemException ofField(FieldProblem error) {
        return ofFields(List.of(error));
    }

    public static ProblemException retryLater(ProblemCode code, String detail, Duration retryAfter) {
        return new ProblemException(code, detail, List.of(), null, retryAfter);
    }

    /** What is not yours does not exist: the same words for both. */
    public static ProblemException notFound(String what) {
        return of(ProblemCode.NOT_FOUND, "There is no such " + what + ".");
    }

    public ProblemCode code() {
        return code;
    }

    public String detail() {
        return getMessage() == null ? code.title() : getMessage();
    }

    public List<FieldProblem> errors() {
        return errors;
    }

    public @Nullable String remedy() {
        return remedy;
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
