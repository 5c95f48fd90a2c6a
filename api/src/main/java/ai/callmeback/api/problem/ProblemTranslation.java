package ai.callmeback.api.problem;

import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.R2dbcTransientException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.MethodParameter;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebInputException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Which exception of the frameworks below us means which problem. */
final class ProblemTranslation {
    private static final Duration STORAGE_RETRY = Duration.ofSeconds(2);

    /** How the framework says which limit was passed; paths have limits of their own. */
    private static final Pattern LIMIT = Pattern.compile("(\\d{1,9})$");

    /** PostgreSQL's character_not_in_repertoire: for a text that no check of its own has refused. */
    private static final String NOT_A_TEXT = "22021";

    private ProblemTranslation() {}

    static ProblemException translate(Throwable error) {
        ProblemException problem = cause(error, ProblemException.class);
        if (problem != null) {
            return problem;
        }
        DataBufferLimitException limit = cause(error, DataBufferLimitException.class);
        if (limit != null) {
            return tooLarge(limit);
        }
        JacksonException json = cause(error, JacksonException.class);
        if (json != null) {
            return ofJson(json);
        }
        R2dbcException database = cause(error, R2dbcException.class);
        if (database != null && NOT_A_TEXT.equals(database.getSqlState())) {
            return ProblemException.of(ProblemCode.TEXT_NOT_UNICODE, "A text holds a NUL.");
        }
        if (isStorage(error)) {
            return ProblemException.retryLater(
                    ProblemCode.STORAGE_UNAVAILABLE, "Nothing was changed. Please try again shortly.", STORAGE_RETRY);
        }
        if (cause(error, RejectedExecutionException.class) != null) {
            return ProblemException.retryLater(
                    ProblemCode.BUSY, "Too much is going on at once. Please try again shortly.", STORAGE_RETRY);
        }
        if (error instanceof ResponseStatusException status) {
            return ofStatus(status);
        }
        return ProblemException.of(
                ProblemCode.INTERNAL_ERROR, "Please try again; if it stays, tell us the request id.");
    }

    private static ProblemException ofJson(JacksonException error) {
        String field = path(error);
        if (error instanceof UnrecognizedPropertyException unknown) {
            List<String> known = unknown.getKnownPropertyIds() == null
                    ? List.of()
                    : unknown.getKnownPropertyIds().stream()
                            .map(Object::toString)
                            .sorted()
                            .toList();
            return ProblemException.ofField(new FieldProblem(
                    field, ProblemCode.FIELD_UNKNOWN, "The field '" + field + "' is not known here.", known));
        }
        if (error instanceof StreamReadException || error instanceof StreamConstraintsException || field.isEmpty()) {
            TokenStreamLocation at = error.getLocation();
            String where = at == null || at.getLineNr() < 1
                    ? ""
                    : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
            return ProblemException.of(
                    ProblemCode.MALFORMED_JSON, "The body could not be read as a JSON object" + where + ".");
        }
        Class<?> wanted = error instanceof MismatchedInputException mismatch ? mismatch.getTargetType() : null;
        String type = wanted == null ? "value" : type(wanted);
        return ProblemException.ofField(new FieldProblem(
                field,
                ProblemCode.FIELD_TYPE_WRONG,
                "The field '" + field + "' must be of the type " + type + ".",
                type));
    }

    private static String type(Class<?> type) {
        String name = type.getSimpleName().toLowerCase(Locale.ROOT);
        return name.equals("int") ? "integer" : name;
    }

    private static ProblemException tooLarge(Throwable error) {
        Matcher limit = LIMIT.matcher(String.valueOf(error.getMessage()));
        return limit.find()
                ? ProblemException.ofField(new FieldProblem(
                        "body",
                        ProblemCode.BODY_TOO_LARGE,
                        "The body may have at most " + limit.group(1) + " bytes.",
                        Integer.valueOf(limit.group(1))))
                : ProblemException.of(ProblemCode.BODY_TOO_LARGE, "The body is larger than this path accepts.");
    }

    private static String path(JacksonException error) {
        return error.getPath().stream()
                .map(ref -> ref.getPropertyName() == null ? "[" + ref.getIndex() + "]" : ref.getPropertyName())
                .collect(Collectors.joining("."))
                .replace(".[", "[");
    }

    private static boolean isStorage(Throwable error) {
        return cause(error, R2dbcNonTransientResourceException.class) != null
                || cause(error, R2dbcTransientException.class) != null
                || cause(error, TransientDataAccessException.class) != null
                || cause(error, NonTransientDataAccessResourceException.class) != null
                || cause(error, CannotCreateTransactionException.class) != null
                || (cause(error, TimeoutException.class) != null && cause(error, R2dbcException.class) == null);
    }

    private static ProblemException ofStatus(ResponseStatusException error) {
        int status = error.getStatusCode().value();
        if (error instanceof MethodNotAllowedException method) {
            return ProblemException.of(
                    ProblemCode.METHOD_NOT_ALLOWED,
                    method.getHttpMethod() + " is not possible here; try "
                            + method.getSupportedMethods().stream()
                                    .map(Object::toString)
                                    .sorted()
                                    .collect(Collectors.joining(", "))
                            + ".");
        }
        HttpStatus known = HttpStatus.resolve(status);
        return switch (known == null ? HttpStatus.INTERNAL_SERVER_ERROR : known) {
            case NOT_FOUND -> ProblemException.notFound("page");
            case UNSUPPORTED_MEDIA_TYPE ->
                ProblemException.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "Send Content-Type: application/json.");
            case NOT_ACCEPTABLE ->
                ProblemException.of(ProblemCode.NOT_ACCEPTABLE, "Accept application/json (or text/event-stream).");
            case CONTENT_TOO_LARGE -> tooLarge(error);
            case BAD_REQUEST -> ofBadRequest(error);
            default ->
                status >= 500
                        ? ProblemException.of(ProblemCode.INTERNAL_ERROR, "Please try again.")
                        : ProblemException.of(ProblemCode.BAD_REQUEST, "The request cannot be understood.");
        };
    }

    private static ProblemException ofBadRequest(ResponseStatusException error) {
        MethodParameter parameter = error instanceof ServerWebInputException input ? input.getMethodParameter() : null;
        String name = parameter == null ? null : parameter.getParameterName();
        if (name != null && cause(error, TypeMismatchException.class) != null) {
            String type = type(parameter.getParameterType());
            return ProblemException.ofField(new FieldProblem(
                    name, ProblemCode.FIELD_TYPE_WRONG, "'" + name + "' must be of the type " + type + ".", type));
        }
        String reason = error.getReason() == null ? "" : error.getReason();
        return reason.startsWith("No request body")
                ? ProblemException.of(ProblemCode.BODY_REQUIRED, "This request needs a JSON body.")
                : ProblemException.of(ProblemCode.BAD_REQUEST, "A part of the path or the query cannot be read.");
    }

    private static <T extends Throwable> @Nullable T cause(Throwable error, Class<T> type) {
        Throwable at = error;
        for (int depth = 0; at != null && depth < 16; depth++) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
            at = at.getCause();
        }
        return null;
    }
}
