package ai.callmeback.vendors.trace;

import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Traces go to the collector that is set, by a thread of their own; without one there are none. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TraceSettings.class)
public class TraceConfiguration {
    private static final Logger log = LoggerFactory.getLogger(TraceConfiguration.class);
    /** Some forty turns of each of a hundred calls; beyond it the newest spans are dropped. */
    private static final int WAITING_MOST = 16_384;

    private static final int BATCH = 512;
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    @Bean(destroyMethod = "close")
    CallTraces callTraces(TraceSettings settings, @Value("${spring.application.name:callmeback}") String service) {
        if (!settings.on()) {
            return CallTraces.none();
        }
        log.info("traces of calls go to {}", settings.tracesUrl());
        var exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(settings.tracesUrl())
                .setTimeout(DEADLINE)
                .setCompression("gzip");
        settings.headerMap().forEach(exporter::addHeader);
        return new OpenTelemetryTraces(
                service,
                BatchSpanProcessor.builder(exporter.build())
                        .setMaxQueueSize(WAITING_MOST)
                        .setMaxExportBatchSize(BATCH)
                        .setScheduleDelay(EVERY)
                        .setExporterTimeout(DEADLINE)
                        .build());
    }
}
