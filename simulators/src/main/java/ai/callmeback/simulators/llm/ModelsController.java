package ai.callmeback.simulators.llm;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.Resettable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * The list of models, with prices as OpenRouter states them (other hosts leave them out: so it is for a model without one),
 * and the endpoint that some clients call to warm their connection. */
@RestController
@EnableConfigurationProperties(LlmSettings.class)
class ModelsController implements Resettable {
    private static final long CREATED = 1_767_225_600L;

    private final LlmSettings settings;
    private final Map<String, ModelPrice> prices = new ConcurrentHashMap<>();

    ModelsController(LlmSettings settings) {
        this.settings = settings;
        reset();
    }

    /** Dollars a token, as text. */
    record ModelPrice(String prompt, String completion) {}

    /** Sets the price of a model; without one it is listed without a price. */
    @PutMapping("/control/llm/prices/{model}")
    Map<String, ModelPrice> price(
            @PathVariable String model, @RequestBody(required = false) @Nullable ModelPrice price) {
        if (price == null) {
            prices.remove(model);
        } else {
            prices.put(model, price);
        }
        return Map.copyOf(prices);
    }

    @Override
    public void reset() {
        prices.clear();
        prices.putAll(Map.of(
                "llama3.1-8b", new ModelPrice("0.0000001", "0.0000001"),
                "llama-3.3-70b", new ModelPrice("0.0000006", "0.0000006"),
                "gpt-oss-120b", new ModelPrice("0.0000006", "0.0000006")));
    }

    @GetMapping("/llm/v1/models")
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
                .map(this::model)
                .toList();
        return ResponseEntity.ok(Details.of("object", "list", "data", data));
    }

    private Map<String, Object> model(String id) {
        Map<String, Object> model = new LinkedHashMap<>(
                Details.of("id", id, "object", "model", "created", CREATED, "owned_by", "simulator"));
        ModelPrice price = prices.get(id);
        if (price != null) {
            model.put("pricing", price);
        }
        return model;
    }

    @GetMapping("/llm/v1/tcp_warming")
    ResponseEntity<Void> warm() {
        return ResponseEntity.ok().build();
    }
}
