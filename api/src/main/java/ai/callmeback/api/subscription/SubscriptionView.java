package ai.callmeback.api.subscription;

import ai.callmeback.db.purchase.Product;
import ai.callmeback.db.subscription.Period;
import ai.callmeback.db.subscription.PlanStanding;
import ai.callmeback.db.subscription.Subscription;
import ai.callmeback.db.subscription.SubscriptionOrder;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.subscription.SubscriptionStatus;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

@Schema(name = "Subscription")
@JsonInclude(JsonInclude.Include.NON_NULL)
record SubscriptionView(
        String id,

        @Schema(description = "What the present period, or the checkout, is for.")
        String plan,

        String title,

        @Schema(description = "What the next period will be for, when that is another plan.") @Nullable
        String nextPlan,

        @Schema(description = "new, open, active, past_due, ended, expired or failed")
        String status,

        @Nullable String statusReason,

        @Schema(description = "It does not renew.") boolean endsAtPeriodEnd,

        @Schema(description = "Where to pay; there while the status is open.") @Nullable
        String checkoutUrl,

        @Schema(description = "What is left of the period of now.") @Nullable
        Standing period,

        @Schema(description = "What else the plan allows.") Map<String, Integer> entitlements,

        @Schema(description = "The last change asked for.") @Nullable
        Order lastChange,

        List<Paid> paid,
        Instant createdAt) {

    @Schema(name = "SubscriptionPeriod")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Standing(
            Instant startsAt,
            Instant endsAt,
            long callsLimit,
            long callsUsed,

            @Schema(description = "By fair use: a warning from this many calls.") @Nullable
            Long warningCalls,

            boolean nearlyUsedUp,

            @Schema(description = "Absent by fair use, where calls count and minutes do not.") @Nullable
            Long secondsGranted,

            @Nullable Long secondsLeft,

            @Schema(description = "The product call_5 costs this while the plan runs.") @Nullable
            BigDecimal furtherCallUsd) {
        static Standing of(PlanStanding plan) {
            Long warning = plan.warningCalls();
            UsdMicros further = plan.furtherCall();
            return new Standing(
                    plan.startsAt(),
                    plan.endsAt(),
                    plan.callsLimit(),
                    plan.callsUsed(),
                    warning,
                    plan.callsUsedUp() || (warning != null && plan.callsUsed() >= warning),
                    plan.fairUse() ? null : plan.granted().seconds(),
                    plan.fairUse() ? null : plan.available().seconds(),
                    further == null ? null : dollars(further));
        }
    }

    @Schema(name = "SubscriptionChange")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Order(
            @Schema(description = "change_plan, cancel or resume")
            String kind,

            @Nullable String plan,

            @Schema(description = "ordered, done or refused")
            String status,

            @Schema(description = "Of a refusal: payment_declined, refused_by_vendor or not_running") @Nullable
            String reason,

            Instant askedAt) {
        static Order of(SubscriptionOrder order) {
            return new Order(
                    lower(order.kind()),
                    order.planCode(),
                    lower(order.status()),
                    order.statusReason(),
                    order.createdAt());
        }
    }

    @Schema(name = "PaidPeriod")
    record Paid(
            @Schema(description = "create, cycle, or update: a bigger plan for the rest of a period")
            String reason,

            String plan,
            BigDecimal amountUsd,
            Instant startsAt,
            Instant endsAt) {
        static Paid of(Period period) {
            return new Paid(
                    lower(period.reason()),
                    period.planCode(),
                    dollars(period.amount()),
                    period.startsAt(),
                    period.endsAt());
        }
    }

    /**
     * @param periods the latest first
     * @param plan of the present period
     */
    static SubscriptionView of(
            Subscription subscription,
            List<Period> periods,
            Optional<PlanStanding> standing,
            Optional<SubscriptionOrder> order,
            Product plan) {
        boolean running = subscription.status() == SubscriptionStatus.ACTIVE
                || subscription.status() == SubscriptionStatus.PAST_DUE;
        boolean other = running && !subscription.planCode().equals(plan.code());
        return new SubscriptionView(
                subscription.id().toString(),
                plan.code(),
                plan.title(),
                other ? subscription.planCode() : null,
                lower(subscription.status()),
                subscription.statusReason(),
                subscription.endsAtPeriodEnd(),
                subscription.status() == SubscriptionStatus.OPEN && !subscription.superseded()
                        ? subscription.checkoutUrl()
                        : null,
                standing.filter(now -> now.subscriptionId().equals(subscription.id()))
                        .map(Standing::of)
                        .orElse(null),
                plan.entitlements(),
                order.map(Order::of).orElse(null),
                periods.stream().map(Paid::of).toList(),
                subscription.createdAt());
    }

    private static String lower(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT);
    }

    private static BigDecimal dollars(UsdMicros amount) {
        return amount.toUsd().setScale(2, RoundingMode.HALF_EVEN);
    }
}
