package ai.callmeback.vendors.settings;

import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings that are not about one vendor.
 *
 * @param environment {@code CALLMEBACK_ENV}: {@code local}, {@code test} or {@code production}
 * @param simulatedVendors names of vendors answered by stand-ins of the local environment; set by its launcher
 * @param needs {@code callmeback.needs}: the variables an app cannot work without, by name, from its own
 *     {@code application.yml}; none named: all of them
 * @param publicUrl {@code PUBLIC_URL}: how vendors reach our API; signatures are checked against it
 * @param mediaUrl {@code MEDIA_URL}: how the telephone network reaches the media sockets; null: each worker's own
 *     address
 */
@ConfigurationProperties("callmeback")
public record PlatformSettings(
        @DefaultValue("local") String environment,
        @DefaultValue Set<String> simulatedVendors,
        @DefaultValue Set<String> needs,
        @DefaultValue("http://127.0.0.1:8080") URI publicUrl,
        @Nullable URI mediaUrl,
        @Nullable Secret jwtSecret,
        @Nullable Secret payloadKeys) {

    public PlatformSettings {
        simulatedVendors = Set.copyOf(simulatedVendors);
        needs = Set.copyOf(needs);
        mediaUrl = mediaUrl == null || mediaUrl.toString().isBlank() ? null : mediaUrl;
        jwtSecret = jwtSecret == null ? Secret.NONE : jwtSecret;
        payloadKeys = payloadKeys == null ? Secret.NONE : payloadKeys;
    }

    public boolean production() {
        return "production".equals(environment);
    }

    public boolean needs(String variable) {
        return needs.isEmpty() || needs.contains(variable);
    }

    public boolean simulated(String vendor) {
        return simulatedVendors.contains(vendor);
    }

    /** {@code path} (with its leading slash) under the public URL, which may itself have a path. */
    public URI publicUri(String path) {
        return Urls.append(publicUrl, path);
    }
}
