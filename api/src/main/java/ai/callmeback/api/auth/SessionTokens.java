package ai.callmeback.api.auth;

import ai.callmeback.api.settings.ApiSettings;
import ai.callmeback.domain.IdSource;
import ai.callmeback.domain.UserId;
import ai.callmeback.vendors.settings.PlatformSettings;
import ai.callmeback.vendors.settings.Secret;
import com.nimbusds.jose.jwk.source.ImmutableSecret;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.stereotype.Component;

/**
 * Session tokens: JWT, HS256 under {@code JWT_SECRET}. A token names the user and itself, nothing personal. That it is
 * well signed does not make it good: {@link ai.callmeback.db.identity.Sessions} has the last word.
 */
@Component
class SessionTokens {
    private static final String ISSUER = "callmeback";
    private static final int MIN_SECRET_BYTES = 32;
    private static final int MAX_LENGTH = 2_048;

    private final NimbusJwtEncoder encoder;
    private final NimbusJwtDecoder decoder;
    private final Duration lifetime;
    private final IdSource ids;
    private final Clock clock;

    SessionTokens(PlatformSettings platform, ApiSettings settings, IdSource ids, Clock clock) {
        SecretKey key = key(platform.jwtSecret());
        this.encoder = new NimbusJwtEncoder(new ImmutableSecret<>(key));
        this.decoder = NimbusJwtDecoder.withSecretKey(key)
                .macAlgorithm(MacAlgorithm.HS256)
                .build();
        JwtTimestampValidator time = new JwtTimestampValidator(Duration.ZERO);
        time.setClock(clock);
        this.decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(time, new JwtIssuerValidator(ISSUER)));
        this.lifetime = settings.sessionLifetime();
        this.ids = ids;
        this.clock = clock;
    }

    private static SecretKey key(Secret secret) {
        byte[] bytes = secret.reveal().getBytes(StandardCharsets.UTF_8);
        if (bytes.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "JWT_SECRET must have at least " + MIN_SECRET_BYTES + " bytes, it has " + bytes.length);
        }
        return new SecretKeySpec(bytes, "HmacSHA256");
    }

    /** A token as handed out. */
    record Issued(String token, Instant expiresAt) {}

    /** What a well-signed, unexpired token says. */
    record Claims(UserId user, String tokenId, Instant expiresAt) {}

    Issued issue(UserId user) {
        Instant now = clock.instant();
        Instant expiresAt = now.plus(lifetime);
        JwtClaimsSet claims = JwtClaimsSet.builder()
                .issuer(ISSUER)
                .subject(user.toString())
                .id(ids.get().toString())
                .issuedAt(now)
                .expiresAt(expiresAt)
                .build();
        JwsHeader header = JwsHeader.with(MacAlgorithm.HS256).build();
        Jwt jwt = encoder.encode(JwtEncoderParameters.from(header, claims));
        return new Issued(jwt.getTokenValue(), Objects.requireNonNull(jwt.getExpiresAt()));
    }

    /** Empty for anything but a good signature of ours over unexpired claims. */
    Optional<Claims> read(String token) {
        if (token.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            Jwt jwt = decoder.decode(token);
            if (jwt.getSubject() == null || jwt.getId() == null || jwt.getExpiresAt() == null) {
                return Optional.empty();
            }
            return Optional.of(new Claims(UserId.parse(jwt.getSubject()), jwt.getId(), jwt.getExpiresAt()));
        } catch (JwtException | IllegalArgumentException e) {
            // Which of the many ways a token can be wrong is nobody's business but the sender's.
            return Optional.empty();
        }
    }
}
