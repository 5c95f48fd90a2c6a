package ai.callmeback.simulators.twilio;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The account and how its telephone company behaves, where the vendor's documents leave that open.
 *
 * @param accountSid the only account there is
 * @param authToken its secret; signs callbacks too
 * @param numbers what calls may come from, and what phones may ring
 * @param callsPerSecond how many queued calls are dialled a second; the vendor's default is 1
 * @param abruptClose what becomes of a call whose media socket breaks without a close frame
 * @param playOutAfterClose audio already buffered is still played after the media socket closed
 * @param trial only {@code verifiedNumbers} may be called
 * @param verifiedNumbers of a trial account
 * @param refusedPrefixes numbers that begin so need a geo permission which the account lacks
 * @param pricePerMinuteUsd connectivity only
 * @param inboundPricePerMinuteUsd the same for calls to our numbers
 * @param priceDelayMillis from the end of a call until its price is known
 * @param initialBalanceUsd what the account had before the first call
 * @param voiceUrl asked what to do when one of {@code numbers} is rung; with {@code /status} told of the call's end
 */
record TwilioSettings(
        String accountSid,
        String authToken,
        Set<String> numbers,
        double callsPerSecond,
        AbruptClose abruptClose,
        boolean playOutAfterClose,
        boolean trial,
        Set<String> verifiedNumbers,
        List<String> refusedPrefixes,
        BigDecimal pricePerMinuteUsd,
        BigDecimal inboundPricePerMinuteUsd,
        long priceDelayMillis,
        BigDecimal initialBalanceUsd,
        @Nullable String voiceUrl) {

    BigDecimal perMinuteUsd(boolean inbound) {
        return inbound ? inboundPricePerMinuteUsd : pricePerMinuteUsd;
    }

    /** What an abrupt close of the media socket does to the TwiML: not documented, so all three are offered. */
    enum AbruptClose {
        /** Goes on with the next verb, as after a clean close. */
        CONTINUE,
        /** Ends the call. */
        HANG_UP,
        /** The line stays up and silent until somebody ends it or redirects it. */
        SILENCE
    }

    static TwilioSettings defaults(String accountSid, String authToken, String number) {
        return defaults(accountSid, authToken, Set.of(number), null);
    }

    static TwilioSettings defaults(
            String accountSid, String authToken, Set<String> numbers, @Nullable String voiceUrl) {
        return new TwilioSettings(
                accountSid,
                authToken,
                numbers,
                1,
                AbruptClose.CONTINUE,
                false,
                false,
                Set.of(),
                List.of(),
                new BigDecimal("0.01400"),
                new BigDecimal("0.00850"),
                2_000,
                new BigDecimal("100.00"),
                voiceUrl);
    }
}
