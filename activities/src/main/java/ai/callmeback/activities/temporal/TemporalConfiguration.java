package ai.callmeback.activities.temporal;

import ai.callmeback.vendors.settings.PlatformSettings;
import ai.callmeback.workflows.codec.PayloadEncryption;
import io.temporal.common.converter.DataConverter;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the Temporal starter picks up: payloads are always sealed. */
@Configuration(proxyBeanMethods = false)
class TemporalConfiguration {
    @Bean
    DataConverter dataConverter(PlatformSettings platform) {
        if (!platform.payloadKeys().isSet()) {
            throw new IllegalStateException("PAYLOAD_KEYS is not set; it looks like key1:<base64 of 32 bytes>");
        }
        return PayloadEncryption.converter(platform.payloadKeys().reveal());
    }

    @Bean
    InstantSource clock() {
        return InstantSource.system();
    }
}
