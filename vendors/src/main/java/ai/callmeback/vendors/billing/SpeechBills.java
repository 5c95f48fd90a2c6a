package ai.callmeback.vendors.billing;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Port: what listening and speaking have used. */
public interface SpeechBills {

    /**
     * A page of the listening sessions of a range.
     *
     * @param cursor of the page before; null for the first
     * @throws BillsException when the vendor could not be asked
     */
    BillPage<ListenedSession> sessions(Instant from, Instant until, @Nullable String cursor);

    /**
     * Credits that speaking has taken on each day, by UTC.
     *
     * @param last included; at most 93 days
     * @throws BillsException when the vendor could not be asked
     */
    Map<LocalDate, BigDecimal> speechCredits(LocalDate first, LocalDate last);
}
