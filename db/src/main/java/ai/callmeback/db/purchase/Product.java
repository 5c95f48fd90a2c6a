package ai.callmeback.db.purchase;

import ai.callmeback.domain.UsdMicros;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something for sale.
 *
 * @param seconds of talk that one piece brings; null: by fair use
 * @param callsPerPeriod plans: calls a month; null: by fair use or not a plan
 * @param furtherCall plans: the price of a call beyond those
 * @param fairUseWarningCalls plans by fair use: a warning from this many calls
 * @param fairUseLimitCalls plans by fair use: the last call of the period
 * @param entitlements plans: what else they allow, by name
 */
public record Product(
        String code,
        Kind kind,
        String title,
        UsdMicros price,
        @Nullable Long seconds,
        @Nullable Integer expiresAfterDays,
        @Nullable Integer callsPerPeriod,
        @Nullable UsdMicros furtherCall,
        @Nullable Integer fairUseWarningCalls,
        @Nullable Integer fairUseLimitCalls,
        Map<String, Integer> entitlements) {

    /** How it is sold. */
    public enum Kind {
        PACK,
        SINGLE_CALL,
        EXTENSION,
        PLAN
    }
}
