package ai.callmeback.api.auth;

import ai.callmeback.db.identity.UserAccount;
import ai.callmeback.domain.E164;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An account as its owner sees it. */
@Schema(name = "User")
public record UserView(
        String id,
        String email,
        String displayName,
        @Nullable String phoneNumber,
        String country,
        String role,
        Instant createdAt,

        @Schema(description = "Since when recordings of all calls are agreed to; absent when they are not.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Instant recordCallsSince) {
    static UserView of(UserAccount user) {
        return new UserView(
                user.id().toString(),
                user.email(),
                user.displayName(),
                user.phone().map(E164::value).orElse(null),
                user.country(),
                user.role().name().toLowerCase(Locale.ROOT),
                user.createdAt(),
                user.recordingConsentAt().orElse(null));
    }
}
