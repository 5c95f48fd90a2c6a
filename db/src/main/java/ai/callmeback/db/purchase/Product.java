package ai.callmeback.db.purchase;

import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.settlement.ChargePolicy;
import ai.callmeback.domain.subscription.Allowance;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something for sale.
 *
 * @param seconds of talk that one piece brings; null: by fair use
 * @param chargePolicy of the calls it pays for
 * @param callsPerPeriod plans: calls a month; null: by fair use or not a plan
 * @param furtherCall plans: the price of a call beyond those
 * @param fairUseWarningCalls plans by fair use: a warning from this many calls
 * @param fairUseLimitCalls plans by fair use: the last call of the period
 * @param fairUseCallSeconds plans by fair use: how long each of those calls may be
 * @param entitlements plans: what else they allow, by name
 */
public record Product(
        String code,
        Kind kind,
        String title,
        UsdMicros price,
        @Nullable Long seconds,
        @Nullable Integer expiresAfterDays,
        ChargePolicy chargePolicy,
        @Nullable Integer callsPerPeriod,
        @Nullable UsdMicros furtherCall,
        @Nullable Integer fairUseWarningCalls,
        @Nullable Integer fairUseLimitCalls,
        @Nullable Integer fairUseCallSeconds,
        Map<String, Integer> entitlements) {

    /** How it is sold. */
    public enum Kind {
        PACK,
        SINGLE_CALL,
        EXTENSION,
        PLAN
    }

    /** Plans: what a period brings. By fair use, the talk of as many calls of the longest kind as it allows. */
    public Allowance allowance() {
        if (fairUseLimitCalls != null && fairUseCallSeconds != null) {
            return new Allowance(Math.multiplyExact((long) fairUseLimitCalls, fairUseCallSeconds), fairUseLimitCalls);
        } else if (seconds != null && callsPerPeriod != null) {
            return new Allowance(seconds, callsPerPeriod);
        }
        throw new IllegalStateException(code + " is no plan");
    }
}
