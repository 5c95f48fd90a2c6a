package ai.callmeback.api.call;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A call as asked for. Without {@code scheduledFor} it is placed now. */
@Schema(name = "NewCall")
record NewCallRequest(
        @Schema(example = "brad_001", requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
        String personaId,

        @Schema(example = "+14155550123", description = "Whom to ring; without it the number of the account.") @Nullable
        String phoneNumber,

        @Schema(
                defaultValue = "5",
                allowableValues = {"3", "5", "10", "15"})
        @Nullable
        Integer durationMinutes,

        @Schema(maxLength = 2000, description = "What the call is about, told to the persona.") @Nullable
        String pretext,

        @Schema(example = "2027-03-14T07:00", description = "Local date and time, without offset.") @Nullable
        String scheduledFor,

        @Schema(
                example = "Europe/Paris",
                description =
                        "IANA zone of scheduledFor, needed with it; of an immediate call the one whose clock is meant when times are spoken of in the call.")
        @Nullable
        String timeZone,

        @Nullable PolicyRequest callbackPolicy,

        @Schema(
                description = "Consent to a recording of this call, or none; without it as the account says. A repeat"
                        + " under the same key does not change it.")
        @Nullable
        Boolean recorded) {

    /** When to ring again; what is absent is as in the account's or the standard policy. */
    @Schema(name = "CallbackPolicy")
    record PolicyRequest(
            @Schema(minimum = "1", maximum = "5", defaultValue = "3") @Nullable
            Integer maxAttempts,

            @Schema(description = "Waits before the second, third… attempt, 30 to 3600 each.", example = "[300, 900]")
            @Nullable
            List<@Nullable Integer> delaysSeconds,

            @Schema(minimum = "60", maximum = "14400", defaultValue = "3600") @Nullable
            Integer giveUpAfterSeconds) {}
}
