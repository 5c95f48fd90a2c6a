package ai.callmeback.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.testing.ApiTest;
import io.swagger.v3.oas.annotations.Hidden;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/** The OpenAPI document beside the routes that are really there. */
class OpenApiTest extends ApiTest {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    private RequestMappingHandlerMapping routes;

    @Test
    void everyRouteIsInTheDocumentAndNoOther() {
        TreeSet<String> real = new TreeSet<>();
        routes.getHandlerMethods().forEach((mapping, handler) -> {
            if (isPublic(handler)) {
                real.addAll(names(mapping));
            }
        });
        TreeSet<String> told = new TreeSet<>();
        operations(document()).forEach(operation -> told.add(operation.name()));

        assertThat(told).isEqualTo(real).contains("post /api/calls", "get /api/calls/{id}/events");
    }

    /** They become the names of functions in generated clients. */
    @Test
    void everyOperationHasANameOfItsOwn() {
        List<String> names = operations(document()).stream()
                .map(operation -> operation.node().at("/operationId").asString())
                .toList();

        assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("register|[a-z]+([A-Z][a-z]+)+"));
    }

    @Test
    void theCodesAreAPageAndJsonWhenAskedFor() {
        for (String accept : List.of("text/html,application/xhtml+xml,*/*;q=0.8", "*/*")) {
            String page = codes(accept, "text/html;charset=UTF-8", String.class);
            for (ProblemCode code : ProblemCode.values()) {
                assertThat(page).contains("<section id=\"" + code.code() + "\">");
            }
            assertThat(page).contains("Use a landline or mobile number.");
        }
        for (String accept : List.of("application/json", "application/json;q=0.9,*/*;q=0.1")) {
            JsonNode all = codes(accept, "application/json", JsonNode.class);
            assertThat(all.at("/problems")).hasSize(ProblemCode.values().length);
            all.at("/problems")
                    .forEach(entry -> assertThat(entry.at("/remedy").asString())
                            .as(entry.at("/code").asString())
                            .isNotBlank());
            assertThat(all.at("/refusals")).isNotEmpty();
        }
    }

    private <T> T codes(String accept, String type, Class<T> as) {
        return Objects.requireNonNull(web.get()
                .uri("/problems")
                .header("Accept", accept)
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .contentType(type)
                .expectBody(as)
                .returnResult()
                .getResponseBody());
    }

    @Test
    void everyOperationSaysWhatItDoesAndWhatItAnswers() {
        JsonNode document = document();
        for (Operation operation : operations(document)) {
            JsonNode node = operation.node();
            assertThat(node.at("/summary").asString()).as(operation.name()).isNotBlank();
            assertThat(node.at("/tags")).as(operation.name()).isNotEmpty();
            Set<String> answers = new TreeSet<>(node.at("/responses").propertyNames());
            assertThat(answers).as(operation.name()).anyMatch(status -> status.startsWith("2"));
            assertThat(answers).as(operation.name()).contains("500", "503");
            if (operation.name().contains("{")) {
                assertThat(answers).as(operation.name()).contains("404");
            }
            if (node.has("requestBody")) {
                assertThat(answers).as(operation.name()).contains("400", "413", "415");
            }
            boolean open = node.has("security") && node.at("/security").isEmpty();
            assertThat(answers.contains("401") || open).as(operation.name()).isTrue();
        }
    }

    @Test
    void whatTheDocumentCallsOpenIsOpenAndTheRestIsNot() {
        for (Operation operation : operations(document())) {
            if (!operation.name().startsWith("get ") || operation.name().contains("{")) {
                continue;
            }
            boolean open = operation.node().has("security")
                    && operation.node().at("/security").isEmpty();
            int status = web.get()
                    .uri(operation.name().substring(4))
                    .exchange()
                    .returnResult(String.class)
                    .getStatus()
                    .value();
            assertThat(status).as(operation.name()).isEqualTo(open ? 200 : 401);
        }
    }

    @Test
    void everyCodeIsToldAndEachOneOfAnOperationHasAnExample() {
        JsonNode document = document();
        List<String> all =
                Arrays.stream(ProblemCode.values()).map(ProblemCode::code).toList();
        List<String> told = new ArrayList<>();
        document.at("/components/schemas/Problem/properties/code/enum").forEach(code -> told.add(code.asString()));
        assertThat(told).containsExactlyElementsOf(all);
        JsonNode booking = document.at("/paths/~1api~1calls/post/responses");
        assertThat(booking.at("/402/content/application~1problem+json/examples/insufficient_credit/value/code")
                        .asString())
                .isEqualTo("insufficient_credit");
        assertThat(booking.at("/409/content/application~1problem+json/examples").propertyNames())
                .contains("idempotency_conflict");
    }

    @Test
    void theExamplesAreWhatTheirSchemasSay() {
        JsonNode schemas = document().at("/components/schemas");
        OpenApiConfiguration.EXAMPLES.keySet().forEach(name -> {
            JsonNode schema = schemas.at("/" + name);
            assertThat(schema.at("/example")).as(name).isNotEmpty();
            assertThat(schema.at("/properties").propertyNames())
                    .as(name)
                    .containsAll(schema.at("/example").propertyNames());
        });
    }

    private record Operation(String name, JsonNode node) {}

    private static List<Operation> operations(JsonNode document) {
        List<Operation> all = new ArrayList<>();
        document.at("/paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(method -> METHODS.contains(method.getKey()))
                        .forEach(method ->
                                all.add(new Operation(method.getKey() + " " + path.getKey(), method.getValue()))));
        return all;
    }

    private static boolean isPublic(HandlerMethod handler) {
        Class<?> controller = handler.getBeanType();
        return controller.getName().startsWith("ai.callmeback.")
                && !AnnotatedElementUtils.hasAnnotation(controller, Hidden.class)
                && !handler.hasMethodAnnotation(Hidden.class);
    }

    private static List<String> names(RequestMappingInfo mapping) {
        List<String> names = new ArrayList<>();
        mapping.getPatternsCondition()
                .getPatterns()
                .forEach(pattern -> mapping.getMethodsCondition()
                        .getMethods()
                        .forEach(method ->
                                names.add(method.name().toLowerCase(Locale.ROOT) + " " + pattern.getPatternString())));
        return names;
    }

    private JsonNode document() {
        return Objects.requireNonNull(web.get()
                .uri("/api-docs")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody());
    }
}
