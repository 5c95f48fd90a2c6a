package ai.callmeback.simulators.llm;

import ai.callmeback.simulators.core.Details;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The list of models, and the endpoint that some clients call to warm their connection. */
@RestController
@RequestMapping("/llm/v1")
@EnableConfigurationProperties(LlmSettings.class)
class ModelsController {
    private static final long CREATED = 1_767_225_600L;

    private final LlmSettings settings;

    ModelsController(LlmSettings settings) {
        this.settings = settings;
    }

    @GetMapping("/models")
    ResponseEntity<Object> models(
            @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String authorization) {
        if (!settings.accepts(authorization)) {
            LlmError refused =
                    new LlmError(401, "invalid_request_error", null, "invalid_api_key", "Incorrect API key provided.");
            return ResponseEntity.status(401)
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(refused.wrapped());
        }
        List<Map<String, Object>> data = Stream.concat(settings.models().stream(), settings.moreModels().stream())
                .distinct()
                .map(id -> Details.of("id", id, "object", "model", "created", CREATED, "owned_by", "simulator"))
                .toList();
        return ResponseEntity.ok(Details.of("object", "list", "data", data));
    }

    @GetMapping("/tcp_warming")
    ResponseEntity<Void> warm() {
        return ResponseEntity.ok().build();
    }
}
