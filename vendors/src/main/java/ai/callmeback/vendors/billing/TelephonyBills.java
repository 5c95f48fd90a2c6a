package ai.callmeback.vendors.billing;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Port: what the telephony has charged for each call. */
public interface TelephonyBills {

    /**
     * A page of the calls that began in a range.
     *
     * @param cursor of the page before; null for the first
     * @throws BillsException when the vendor could not be asked
     */
    BillPage<BilledCall> calls(Instant from, Instant until, @Nullable String cursor);

    /**
     * What calls cost on each day, by UTC, in dollars; days without calls may be left out.
     *
     * @param last included; at most 93 days
     * @throws BillsException when the vendor could not be asked
     */
    Map<LocalDate, BigDecimal> dailyTotals(LocalDate first, LocalDate last);

    /**
     * What everything but calls cost on each day, by UTC, in dollars: detection of machines, recordings, streams, numbers.
     *
     * @param last included; at most 93 days
     * @throws BillsException when the vendor could not be asked
     */
    Map<LocalDate, BigDecimal> otherServices(LocalDate first, LocalDate last);
}
