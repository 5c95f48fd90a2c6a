package ai.callmeback.api.operator;

import ai.callmeback.db.persona.PersonaDesk;
import ai.callmeback.db.persona.PersonaSettings;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.tts.TtsOptions;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A persona's settings as operators see them. */
@Schema(name = "PersonaSettings")
@JsonInclude(JsonInclude.Include.NON_NULL)
record PersonaDeskView(
        String id,
        String name,

        @Schema(description = "Whether the persona can be picked")
        boolean active,

        @Schema(description = "To be sent with a change") int version,
        String voiceId,
        @Nullable String speechModel,
        @Nullable String languageModel,
        BigDecimal temperature,
        int maxTokens,
        @Nullable BigDecimal stability,
        @Nullable BigDecimal similarityBoost,
        @Nullable BigDecimal style,
        @Nullable BigDecimal speed,
        EffectiveView effective,

        @Schema(description = "Not there for a persona that is as it was made") @Nullable
        ChangeView lastChange) {

    @Schema(name = "PersonaSettingsEffective", description = "What a call that begins now gets")
    record EffectiveView(
            String speechModel,

            @Schema(description = "Asked one after the other until one answers")
            List<String> languageModels,

            BigDecimal stability,
            BigDecimal similarityBoost,
            BigDecimal style,
            BigDecimal speed) {}

    @Schema(name = "PersonaSettingsChange")
    record ChangeView(
            Instant at,

            @Schema(description = "The operator's pseudonym")
            String by,

            @Schema(description = "Empty when no reason was given")
            String note) {}

    @Schema(name = "ProductVoice", description = "What personas without settings of their own use")
    record ProductView(
            String speechModel,

            @Schema(description = "Speaks for a persona whose voice the vendor refuses")
            String voiceId,

            List<String> languageModels,
            BigDecimal stability,
            BigDecimal similarityBoost,
            BigDecimal style,
            BigDecimal speed) {
        static ProductView of(VendorSettings vendors) {
            TtsOptions usual = TtsOptions.voice(vendors.elevenlabs().voice());
            return new ProductView(
                    vendors.elevenlabs().model(),
                    usual.voiceId(),
                    vendors.llm().models(),
                    BigDecimal.valueOf(usual.stability()),
                    BigDecimal.valueOf(usual.similarityBoost()),
                    BigDecimal.valueOf(usual.style()),
                    BigDecimal.valueOf(usual.speed()));
        }
    }

    @Schema(name = "PersonaSettingsList")
    record ListView(ProductView product, List<PersonaDeskView> personas) {}

    static PersonaDeskView of(PersonaDesk.State state, ProductView product) {
        PersonaSettings settings = state.settings();
        PersonaSettings.Sound sound = settings.sound();
        return new PersonaDeskView(
                state.id().value(),
                state.name(),
                state.active(),
                state.version(),
                settings.voiceId(),
                settings.speechModel(),
                settings.languageModel(),
                settings.temperature(),
                settings.maxTokens(),
                sound.stability(),
                sound.similarityBoost(),
                sound.style(),
                sound.speed(),
                new EffectiveView(
                        Objects.requireNonNullElse(settings.speechModel(), product.speechModel()),
                        Stream.concat(Stream.ofNullable(settings.languageModel()), product.languageModels().stream())
                                .distinct()
                                .toList(),
                        Objects.requireNonNullElse(sound.stability(), product.stability()),
                        Objects.requireNonNullElse(sound.similarityBoost(), product.similarityBoost()),
                        Objects.requireNonNullElse(sound.style(), product.style()),
                        Objects.requireNonNullElse(sound.speed(), product.speed())),
                state.lastChange()
                        .map(change -> new ChangeView(change.at(), change.by(), change.note()))
                        .orElse(null));
    }
}
