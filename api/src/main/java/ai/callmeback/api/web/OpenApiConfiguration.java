package ai.callmeback.api.web;

import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemDocument;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.json.JsonMapper;

/** What the OpenAPI document says beyond what the controllers show. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {
    /** Answers whose example stands in a file, by the name of their schema. */
    static final Map<String, String> EXAMPLES = Map.of("Call", "call.json", "Session", "session.json");

    private static final String BEARER = "bearer";

    @Bean
    OpenAPI openApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Call Me Back")
                        .version("1")
                        .description("Be called by an AI persona, now or later. Errors are problem documents (RFC 9457)"
                                + " with stable codes, listed at /problems. Fields that are not known are refused."))
                .addSecurityItem(new SecurityRequirement().addList(BEARER))
                .components(new Components()
                        .addSecuritySchemes(
                                BEARER,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme(BEARER)
                                        .description("A session token (JWT) or an API key (cmb_…)")));
    }

    /** The problem document, with every code there is, and an example of the larger answers. */
    @Bean
    OpenApiCustomizer components(JsonMapper json) {
        return api -> {
            ModelConverters.getInstance()
                    .readAll(ProblemDocument.class)
                    .forEach((name, schema) -> api.getComponents().addSchemas(name, schema));
            List<String> codes =
                    Arrays.stream(ProblemCode.values()).map(ProblemCode::code).toList();
            api.getComponents()
                    .getSchemas()
                    .get("Problem")
                    .addProperty("code", new StringSchema()._enum(codes).description("Stable; see /problems."));
            EXAMPLES.forEach((schema, file) ->
                    api.getComponents().getSchemas().get(schema).setExample(read(json, file)));
        };
    }

    private static Object read(JsonMapper json, String file) {
        try (InputStream example = new ClassPathResource("openapi/" + file).getInputStream()) {
            return json.readValue(example, Object.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
