package ai.callmeback.vendors.telephony;

import ai.callmeback.vendors.billing.BillPage;
import ai.callmeback.vendors.billing.BilledCall;
import ai.callmeback.vendors.billing.BillsException;
import ai.callmeback.vendors.billing.TelephonyBills;
import ai.callmeback.vendors.settings.VendorPolicy;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.wire.Faults;
import com.twilio.base.Page;
import com.twilio.exception.TwilioException;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Call;
import com.twilio.rest.api.v2010.account.CallReader;
import com.twilio.rest.api.v2010.account.usage.record.Daily;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The prices of Twilio's call records: connectivity only, filled in some time after the end. A page is asked for once; the
 * caller asks again.
 */
public final class TwilioBills implements TelephonyBills, AutoCloseable {
    private static final long PAGE = 50;
    private static final String DOMAIN = "api";
    private static final String OUTBOUND = "calls-outbound";
    private static final String INBOUND = "calls-inbound";
    private static final String ALL = "totalprice";
    private static final long DAYS = 100;

    private final java.net.http.HttpClient http = OnePostClient.newHttpClient();
    private final TwilioRestClient client;

    public TwilioBills(VendorSettings.Twilio settings) {
        String sid = settings.accountSid().isEmpty() ? "AC-not-set" : settings.accountSid();
        String token = settings.authToken().isSet() ? settings.authToken().reveal() : "not-set";
        this.client = new TwilioRestClient.Builder(sid, token)
                .accountSid(sid)
                .httpClient(new OnePostClient(settings.apiBase(), VendorPolicy.TWILIO_READ, http))
                .build();
    }

    @Override
    public BillPage<BilledCall> calls(Instant from, Instant until, @Nullable String cursor) {
        CallReader reader = Call.reader()
                .setStartTimeAfter(from.atZone(ZoneOffset.UTC))
                .setStartTimeBefore(until.atZone(ZoneOffset.UTC))
                .setPageSize(PAGE);
        try {
            Page<Call> page = cursor == null ? reader.firstPage(client) : reader.getPage(cursor, client);
            List<BilledCall> calls = new ArrayList<>();
            for (Call call : page.getRecords()) {
                CallDetails details = TwilioTelephony.details(call);
                Instant startedAt = details.startedAt();
                if (startedAt != null) {
                    calls.add(billed(details, startedAt));
                }
            }
            return new BillPage<>(calls, page.hasNextPage() ? page.getNextPageUrl(DOMAIN) : null);
        } catch (TwilioException | IllegalStateException e) {
            throw new BillsException("twilio calls: " + Faults.describe(e), e);
        }
    }

    @Override
    public Map<LocalDate, BigDecimal> dailyTotals(LocalDate first, LocalDate last) {
        return days(OUTBOUND, first, last);
    }

    /** All of the account less its calls: the categories of services overlap, so their prices may not be added up. */
    @Override
    public Map<LocalDate, BigDecimal> otherServices(LocalDate first, LocalDate last) {
        Map<LocalDate, BigDecimal> outbound = days(OUTBOUND, first, last);
        Map<LocalDate, BigDecimal> inbound = days(INBOUND, first, last);
        Map<LocalDate, BigDecimal> others = new TreeMap<>();
        days(ALL, first, last)
                .forEach((day, all) -> others.put(
                        day,
                        all.subtract(outbound.getOrDefault(day, BigDecimal.ZERO))
                                .subtract(inbound.getOrDefault(day, BigDecimal.ZERO))));
        return others;
    }

    private Map<LocalDate, BigDecimal> days(String category, LocalDate first, LocalDate last) {
        Map<LocalDate, BigDecimal> totals = new TreeMap<>();
        try {
            for (Daily day : Daily.reader()
                    .setCategory(category)
                    .setStartDate(first)
                    .setEndDate(last)
                    .setPageSize(DAYS)
                    .firstPage(client)
                    .getRecords()) {
                BigDecimal price = day.getPrice();
                if (price != null) {
                    totals.put(day.getStartDate(), price.abs());
                }
            }
            return totals;
        } catch (TwilioException | IllegalStateException e) {
            throw new BillsException("twilio usage: " + Faults.describe(e), e);
        }
    }

    private static BilledCall billed(CallDetails call, Instant startedAt) {
        Integer seconds = call.durationSeconds();
        String unit = call.priceUnit();
        return new BilledCall(
                call.callSid(),
                startedAt,
                seconds != null && seconds > 0,
                call.price(),
                unit == null ? "" : unit.toLowerCase(Locale.ROOT));
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
