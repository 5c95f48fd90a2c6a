package ai.callmeback.vendors.trace;

import ai.callmeback.vendors.settings.Secret;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The collector of traces and metrics, by OpenTelemetry's own names.
 *
 * @param endpoint {@code OTEL_EXPORTER_OTLP_ENDPOINT}: the base of OTLP over HTTP, such as {@code
 *     http://127.0.0.1:4318}; {@code /v1/traces} or {@code /v1/metrics} follows. Empty: nothing is sent
 * @param headers {@code OTEL_EXPORTER_OTLP_HEADERS}: {@code name=value,…}, values percent-encoded
 */
@ConfigurationProperties("callmeback.traces")
public record TraceSettings(
        @DefaultValue("") String endpoint, @Nullable Secret headers) {
    public TraceSettings {
        endpoint = endpoint.strip();
        headers = headers == null ? Secret.NONE : headers;
        if (!endpoint.isEmpty() && !endpoint.matches("https?://[^\\s?#]+")) {
            throw new IllegalArgumentException("OTEL_EXPORTER_OTLP_ENDPOINT is no http or https URL");
        }
    }

    boolean on() {
        return !endpoint.isEmpty();
    }

    String tracesUrl() {
        return url("/v1/traces");
    }

    String metricsUrl() {
        return url("/v1/metrics");
    }

    private String url(String path) {
        return endpoint.replaceAll("/+$", "") + path;
    }

    Map<String, String> headerMap() {
        Map<String, String> map = new LinkedHashMap<>();
        if (headers != null && headers.isSet()) {
            for (String pair : headers.reveal().split(",", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    map.put(
                            pair.substring(0, equals).strip(),
                            URLDecoder.decode(pair.substring(equals + 1).strip(), StandardCharsets.UTF_8));
                }
            }
        }
        return map;
    }
}
