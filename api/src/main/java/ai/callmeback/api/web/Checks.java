package ai.callmeback.api.web;

import ai.callmeback.api.problem.FieldProblem;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gathers everything that is wrong with a request before it answers, so that a person corrects it once. Lengths are
 * counted in code points: what a person sees as characters, not what UTF-16 makes of them.
 */
public final class Checks {
    private static final int MAX_EMAIL_LENGTH = 254;
    private static final Pattern EMAIL = Pattern.compile("[^\\s@\\p{Cntrl}]+@[^\\s@\\p{Cntrl}]+\\.[^\\s@\\p{Cntrl}]+");

    private final List<FieldProblem> errors = new ArrayList<>();

    /** A text that must be there, after trimming, with {@code min} to {@code max} code points. */
    public String text(String field, @Nullable String value, int min, int max) {
        if (value == null) {
            reject(field, ProblemCode.FIELD_REQUIRED, "The field '" + field + "' is required.");
            return "";
        }
        String text = value.strip();
        if (!storable(text)) {
            reject(field, ProblemCode.TEXT_NOT_UNICODE, "'" + field + "' holds a NUL or half a surrogate pair.");
            return "";
        }
        return bounded(field, text, min, max, ProblemCode.TEXT_TOO_LONG);
    }

    /** As {@link #text}, but absent and empty mean the same: nothing. */
    public String optionalText(String field, @Nullable String value, int max, ProblemCode tooLong) {
        if (value == null || value.isBlank()) {
            return "";
        }
        String text = value.strip();
        if (!storable(text)) {
            reject(field, ProblemCode.TEXT_NOT_UNICODE, "'" + field + "' holds a NUL or half a surrogate pair.");
            return "";
        }
        return bounded(field, text, 0, max, tooLong);
    }

    /** A password: any Unicode text, not trimmed, counted but otherwise not looked at. */
    public String password(String field, @Nullable String value, int min, int max) {
        if (value == null) {
            reject(field, ProblemCode.FIELD_REQUIRED, "The field '" + field + "' is required.");
            return "";
        }
        if (!isWellFormed(value)) {
            reject(field, ProblemCode.TEXT_NOT_UNICODE, "'" + field + "' holds half a surrogate pair.");
            return "";
        }
        return bounded(field, value, min, max, ProblemCode.TEXT_TOO_LONG);
    }

    /** How many of a page: 1 to {@code max}. */
    public static void pageLimit(int limit, int max) {
        if (limit < 1 || limit > max) {
            throw ProblemException.ofField(new FieldProblem(
                    "limit", ProblemCode.LIMIT_OUT_OF_RANGE, "'limit' must be 1 to " + max + ".", List.of(1, max)));
        }
    }

    /** An e-mail address in its normal form: trimmed, lower case. */
    public String email(String field, @Nullable String value) {
        String text = text(field, value, 0, MAX_EMAIL_LENGTH).toLowerCase(Locale.ROOT);
        if (errors.stream().noneMatch(e -> e.field().equals(field))
                && (text.length() > MAX_EMAIL_LENGTH || !EMAIL.matcher(text).matches())) {
            reject(field, ProblemCode.EMAIL_INVALID, "'" + field + "' must look like name@example.com.");
        }
        return text;
    }

    public void reject(String field, ProblemCode rule, String detail) {
        errors.add(FieldProblem.of(field, rule, detail));
    }

    public void reject(String field, ProblemCode rule, String detail, Object bound) {
        errors.add(new FieldProblem(field, rule, detail, bound));
    }

    /** Answers with all that was found, if anything was. */
    public void done() {
        if (!errors.isEmpty()) {
            throw ProblemException.ofFields(errors);
        }
    }

    /** Whether PostgreSQL can keep it: well-formed and without NUL. */
    public static boolean storable(String text) {
        return text.indexOf('\0') < 0 && isWellFormed(text);
    }

    private String bounded(String field, String text, int min, int max, ProblemCode tooLong) {
        int length = text.codePointCount(0, text.length());
        if (length < min) {
            String detail = "'" + field + "' needs at least " + min + " characters, it has " + length + ".";
            reject(field, ProblemCode.TEXT_TOO_SHORT, detail, min);
        } else if (length > max) {
            String detail = "'" + field + "' may have at most " + max + " characters, it has " + length + ".";
            reject(field, tooLong, detail, max);
        }
        return text;
    }

    private static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)) {
                i++;
                if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    return false;
                }
            } else if (Character.isLowSurrogate(c)) {
                return false;
            }
        }
        return true;
    }
}
