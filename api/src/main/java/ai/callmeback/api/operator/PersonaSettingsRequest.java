package ai.callmeback.api.operator;

import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.web.Checks;
import ai.callmeback.db.persona.PersonaDesk;
import ai.callmeback.db.persona.PersonaSettings;
import ai.callmeback.domain.PersonaId;
import ai.callmeback.domain.UserId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a persona shall sound and think, as it was asked for. */
@Schema(name = "NewPersonaSettings")
record PersonaSettingsRequest(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, description = "Of the settings the change was made from")
        @Nullable
        Integer version,

        @Schema(
                requiredMode = Schema.RequiredMode.REQUIRED,
                description = "The speech vendor's voice: 1 to 64 letters, digits, _ and -")
        @Nullable
        String voiceId,

        @Schema(
                description = "One that is spoken over a socket and by HTTP; left out for the product's",
                maxLength = 64)
        @Nullable
        String speechModel,

        @Schema(description = "Asked before the product's; left out for none", maxLength = 100) @Nullable
        String languageModel,

        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, minimum = "0", maximum = "2") @Nullable
        BigDecimal temperature,

        @Schema(
                requiredMode = Schema.RequiredMode.REQUIRED,
                minimum = "16",
                maximum = "1000",
                description = "Of one answer")
        @Nullable
        Integer maxTokens,

        @Schema(minimum = "0", maximum = "1") @Nullable BigDecimal stability,
        @Schema(minimum = "0", maximum = "1") @Nullable BigDecimal similarityBoost,
        @Schema(minimum = "0", maximum = "1") @Nullable BigDecimal style,
        @Schema(minimum = "0.7", maximum = "1.2") @Nullable BigDecimal speed,

        @Schema(description = "Why, for whoever comes after", maxLength = 200) @Nullable
        String note) {
    private static final int MAX_NOTE = 200;
    private static final int DECIMALS = 2;
    private static final int LEAST_TOKENS = 16;
    private static final int MOST_TOKENS = 1000;
    private static final BigDecimal ZERO = BigDecimal.ZERO;
    private static final BigDecimal ONE = BigDecimal.ONE;
    private static final Pattern VOICE = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern SPEECH_MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern LANGUAGE_MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}");

    /** The change it asks for; answers with everything that is wrong with it. */
    PersonaDesk.Change checked(PersonaId persona, UserId by, Instant at) {
        Checks checks = new Checks();
        int asOf = version == null ? missing(checks, "version") : version;
        PersonaSettings settings = new PersonaSettings(
                voiceId == null ? required(checks, "voiceId") : named(checks, "voiceId", voiceId, VOICE),
                model(checks, "speechModel", speechModel, SPEECH_MODEL),
                model(checks, "languageModel", languageModel, LANGUAGE_MODEL),
                temperature(checks),
                tokens(checks),
                new PersonaSettings.Sound(
                        within(checks, "stability", stability, ZERO, ONE),
                        within(checks, "similarityBoost", similarityBoost, ZERO, ONE),
                        within(checks, "style", style, ZERO, ONE),
                        within(checks, "speed", speed, new BigDecimal("0.7"), new BigDecimal("1.2"))));
        String why = checks.optionalText("note", note, MAX_NOTE, ProblemCode.TEXT_TOO_LONG);
        checks.done();
        return new PersonaDesk.Change(persona, asOf, settings, why, by, at);
    }

    private BigDecimal temperature(Checks checks) {
        if (temperature == null) {
            missing(checks, "temperature");
            return ZERO;
        }
        within(checks, "temperature", temperature, ZERO, new BigDecimal(2));
        return temperature;
    }

    private int tokens(Checks checks) {
        if (maxTokens == null) {
            return missing(checks, "maxTokens");
        }
        within(
                checks,
                "maxTokens",
                new BigDecimal(maxTokens),
                new BigDecimal(LEAST_TOKENS),
                new BigDecimal(MOST_TOKENS));
        return maxTokens;
    }

    private static @Nullable BigDecimal within(
            Checks checks, String field, @Nullable BigDecimal value, BigDecimal least, BigDecimal most) {
        if (value != null
                && (value.compareTo(least) < 0
                        || value.compareTo(most) > 0
                        || value.stripTrailingZeros().scale() > DECIMALS)) {
            checks.reject(
                    field,
                    ProblemCode.NUMBER_OUT_OF_RANGE,
                    "'" + field + "' must be " + least + " to " + most + ", with at most two decimals.",
                    List.of(least, most));
        }
        return value;
    }

    /** An empty name is none. */
    private static @Nullable String model(Checks checks, String field, @Nullable String value, Pattern shape) {
        return value == null || value.isEmpty() ? null : named(checks, field, value, shape);
    }

    private static String named(Checks checks, String field, String value, Pattern shape) {
        if (!shape.matcher(value).matches()) {
            checks.reject(
                    field,
                    ProblemCode.VENDOR_NAME_INVALID,
                    "'" + field + "' cannot be an id of the vendor.",
                    shape.pattern());
        }
        return value;
    }

    private static int missing(Checks checks, String field) {
        required(checks, field);
        return 0;
    }

    private static String required(Checks checks, String field) {
        checks.reject(field, ProblemCode.FIELD_REQUIRED, "The field '" + field + "' is required.");
        return "";
    }
}
