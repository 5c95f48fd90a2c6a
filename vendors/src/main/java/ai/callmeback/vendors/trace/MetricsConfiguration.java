package ai.callmeback.vendors.trace;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.ipc.http.HttpUrlConnectionSender;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpHttpMetricsSender;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Metrics go to the collector traces go to, by a thread of their own, each {@value #STEP_SECONDS} s and once at the end;
 * without a collector they are only there to be asked for. One that is slow or gone is noticed by no call.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(MetricsConfiguration.HasCollector.class)
public class MetricsConfiguration {
    static final int STEP_SECONDS = 15;
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(3);

    @Bean
    OtlpMeterRegistry otlpMeters(
            TraceSettings settings, @Value("${spring.application.name:callmeback}") String service) {
        return OtlpMeterRegistry.builder(
                        new Collector(settings, service, UUID.randomUUID().toString()))
                .clock(Clock.SYSTEM)
                .metricsSender(new OtlpHttpMetricsSender(new HttpUrlConnectionSender(CONNECT, ANSWER)))
                .build();
    }

    /** @param instance tells processes of one service apart, whose counters would overwrite each other */
    private record Collector(TraceSettings settings, String service, String instance) implements OtlpConfig {
        @Override
        public @Nullable String get(String key) {
            return null;
        }

        @Override
        public String url() {
            return settings.metricsUrl();
        }

        @Override
        public Map<String, String> headers() {
            return settings.headerMap();
        }

        @Override
        public Map<String, String> resourceAttributes() {
            return Map.of("service.name", service, "service.namespace", "callmeback", "service.instance.id", instance);
        }

        @Override
        public Duration step() {
            return Duration.ofSeconds(STEP_SECONDS);
        }
    }

    static final class HasCollector implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !context.getEnvironment()
                    .getProperty("callmeback.traces.endpoint", "")
                    .isBlank();
        }
    }
}
