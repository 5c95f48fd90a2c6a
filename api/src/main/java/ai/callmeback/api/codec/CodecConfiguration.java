package ai.callmeback.api.codec;

import ai.callmeback.vendors.settings.PlatformSettings;
import ai.callmeback.workflows.codec.AesGcmCodec;
import ai.callmeback.workflows.codec.PayloadEncryption;
import ai.callmeback.workflows.codec.PayloadKeys;
import io.temporal.common.converter.DataConverter;
import io.temporal.payload.codec.PayloadCodec;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** The same sealing as the workers': for what this process asks of workflows, and for the Temporal UI. */
@Configuration(proxyBeanMethods = false)
class CodecConfiguration {
    @Bean
    DataConverter dataConverter(PlatformSettings platform) {
        return PayloadEncryption.converter(keys(platform));
    }

    /** Primary, because the converter is a codec too. */
    @Bean
    @Primary
    PayloadCodec payloadCodec(PlatformSettings platform) {
        return new AesGcmCodec(PayloadKeys.parse(keys(platform)));
    }

    private static String keys(PlatformSettings platform) {
        if (!platform.payloadKeys().isSet()) {
            throw new IllegalStateException("PAYLOAD_KEYS is not set; it looks like key1:<base64 of 32 bytes>");
        }
        return platform.payloadKeys().reveal();
    }
}
