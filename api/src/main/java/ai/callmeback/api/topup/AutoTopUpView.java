package ai.callmeback.api.topup;

import ai.callmeback.db.topup.AutoTopUp;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.topup.AutoTopUpStatus;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An auto top-up as the API shows it. */
@Schema(name = "AutoTopUp")
@JsonInclude(JsonInclude.Include.NON_NULL)
record AutoTopUpView(
        @Schema(description = "off, awaiting_card, on or needs_attention")
        String status,

        @Schema(
                description = "Why it needs attention, or is off by itself: card_declined, authentication_required,"
                        + " expired_card or another code of the card's bank, card_not_usable, payment_returned,"
                        + " product_retired, being_looked_at, card_not_saved")
        @Nullable
        String reason,

        @Schema(description = "The pack that is bought") @Nullable
        String product,

        @Schema(description = "It is bought when fewer minutes are available") @Nullable
        Long thresholdMinutes,

        @Schema(description = "What may be bought in a calendar month, UTC") @Nullable
        BigDecimal monthlyCapUsd,

        @Nullable Instant consentedAt,
        @Nullable Card card,

        @Schema(description = "Where to save a card; there while one is waited for.") @Nullable
        String cardSetupUrl,

        @Nullable Month month,
        @Nullable Bought last) {
    private static final int CENT_PLACES = 2;
    private static final long SECONDS_PER_MINUTE = 60;

    @Schema(name = "AutoTopUpCard")
    record Card(
            String brand,
            String last4,

            @Schema(example = "12/2030") String expires) {}

    @Schema(name = "AutoTopUpMonth")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Month(
            LocalDate from,

            @Schema(description = "Counts against the cap: bought, or under way; also what was refunded since")
            BigDecimal countedUsd,

            BigDecimal leftUsd,

            @Schema(description = "When a pack was not bought because of the cap") @Nullable
            Instant capReachedAt) {}

    @Schema(name = "AutoTopUpPurchase")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Bought(
            String purchase,

            @Schema(description = "The purchase's: new, open, processing, credited, completed, failed or case")
            String status,

            @Schema(description = "Also switched_off, not_needed and monthly_cap, where nothing was charged") @Nullable
            String reason,

            BigDecimal amountUsd,
            Instant at) {}

    static AutoTopUpView none() {
        return new AutoTopUpView("off", null, null, null, null, null, null, null, null, null);
    }

    static AutoTopUpView of(AutoTopUp topUp) {
        AutoTopUp.Card card = topUp.card();
        AutoTopUp.Bought last = topUp.last();
        long left = topUp.monthlyCap().amountMicros() - topUp.countedInMonth().amountMicros();
        return new AutoTopUpView(
                lower(topUp.status().name()),
                topUp.statusReason(),
                topUp.productCode(),
                topUp.threshold().seconds() / SECONDS_PER_MINUTE,
                dollars(topUp.monthlyCap()),
                topUp.consentedAt(),
                card == null ? null : new Card(card.brand(), card.last4(), card.expires()),
                topUp.status() == AutoTopUpStatus.OFF ? null : topUp.setupUrl(),
                new Month(
                        topUp.month(),
                        dollars(topUp.countedInMonth()),
                        dollars(new UsdMicros(Math.max(0, left))),
                        topUp.capReachedAt()),
                last == null
                        ? null
                        : new Bought(
                                last.purchaseId().toString(),
                                lower(last.status()),
                                last.statusReason(),
                                dollars(last.amount()),
                                last.at()));
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static BigDecimal dollars(UsdMicros amount) {
        return amount.toUsd().setScale(CENT_PLACES, RoundingMode.UNNECESSARY);
    }
}
