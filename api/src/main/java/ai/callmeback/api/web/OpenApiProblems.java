package ai.callmeback.api.web;

import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;

/** Lists with every operation the problems it may answer with, each with an example. */
@Component
class OpenApiProblems implements GlobalOperationCustomizer {
    private static final Set<ProblemCode> OF_ANY = EnumSet.of(
            ProblemCode.NOT_ACCEPTABLE,
            ProblemCode.METHOD_NOT_ALLOWED,
            ProblemCode.BAD_REQUEST,
            ProblemCode.INTERNAL_ERROR,
            ProblemCode.BUSY,
            ProblemCode.STORAGE_UNAVAILABLE);
    private static final Set<ProblemCode> OF_A_TOKEN =
            EnumSet.of(ProblemCode.NOT_AUTHENTICATED, ProblemCode.NOT_ALLOWED);
    private static final Set<ProblemCode> OF_A_BODY = EnumSet.of(
            ProblemCode.MALFORMED_JSON,
            ProblemCode.BODY_REQUIRED,
            ProblemCode.BODY_TOO_LARGE,
            ProblemCode.UNSUPPORTED_MEDIA_TYPE,
            ProblemCode.FIELD_UNKNOWN,
            ProblemCode.FIELD_TYPE_WRONG,
            ProblemCode.FIELD_REQUIRED);

    @Override
    public Operation customize(Operation operation, HandlerMethod method) {
        Set<ProblemCode> codes = EnumSet.copyOf(OF_ANY);
        // An empty list says that no token is needed; none at all, that the document's own rule holds.
        if (operation.getSecurity() == null || !operation.getSecurity().isEmpty()) {
            codes.addAll(OF_A_TOKEN);
        }
        if (operation.getRequestBody() != null) {
            codes.addAll(OF_A_BODY);
        }
        if (operation.getParameters() != null
                && operation.getParameters().stream().anyMatch(p -> "path".equals(p.getIn()))) {
            codes.add(ProblemCode.NOT_FOUND);
        }
        MayAnswer own = method.getMethodAnnotation(MayAnswer.class);
        if (own != null) {
            codes.addAll(List.of(own.value()));
        }
        byStatus(codes).forEach((status, all) -> operation.getResponses().addApiResponse(status, response(all)));
        return operation;
    }

    private static Map<String, List<ProblemCode>> byStatus(Set<ProblemCode> codes) {
        Map<String, List<ProblemCode>> byStatus = new TreeMap<>();
        for (ProblemCode code : codes) {
            byStatus.computeIfAbsent(Integer.toString(code.status().value()), status -> new ArrayList<>())
                    .add(code);
        }
        return byStatus;
    }

    private static ApiResponse response(List<ProblemCode> codes) {
        MediaType problem = new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem"));
        codes.forEach(code -> problem.addExamples(code.code(), example(code)));
        return new ApiResponse()
                .description(codes.stream()
                        .map(code -> "`" + code.code() + "`: " + code.title())
                        .collect(Collectors.joining("<br>")))
                .content(new Content().addMediaType("application/problem+json", problem));
    }

    private static Example example(ProblemCode code) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("type", "/problems#" + code.code());
        document.put("title", code.title());
        document.put("status", code.status().value());
        document.put("detail", code.title() + ".");
        document.put("code", code.code());
        return new Example().value(document);
    }
}
