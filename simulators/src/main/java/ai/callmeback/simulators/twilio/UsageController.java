package ai.callmeback.simulators.twilio;

import ai.callmeback.simulators.core.Details;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** What the vendor says it has charged: usage by GMT day, the balance, and its prices. Numbers are strings. */
@RestController
@RequestMapping("/twilio")
class UsageController {
    private final Exchange exchange;
    private final TwilioReplies replies;

    UsageController(Exchange exchange) {
        this.exchange = exchange;
        this.replies = new TwilioReplies(exchange);
    }

    /** Calls of one day. */
    private record Day(long calls, long minutes, BigDecimal priceUsd, long detections) {
        static final Day EMPTY = new Day(0, 0, BigDecimal.ZERO, 0);

        Day plus(CallRecord call) {
            BigDecimal price = call.priceUsd() == null ? BigDecimal.ZERO : call.priceUsd();
            return new Day(
                    calls + 1,
                    minutes + call.billedMinutes(),
                    priceUsd.add(price),
                    detections + (call.detectedMachines() ? 1 : 0));
        }
    }

    @GetMapping("/" + Exchange.API_VERSION + "/Accounts/{account}/Usage/Records/{period}.json")
    Mono<ResponseEntity<Object>> usage(
            @PathVariable String account, @PathVariable String period, ServerWebExchange web) {
        MultiValueMap<String, String> query = web.getRequest().getQueryParams();
        return replies.reply(web, "usage", 200, account, () -> {
            LocalDate today = LocalDate.ofInstant(exchange.time().now(), ZoneOffset.UTC);
            boolean daily = period.equals("Daily");
            LocalDate from = period.equals("Yesterday")
                    ? today.minusDays(1)
                    : period.equals("ThisMonth")
                            ? today.withDayOfMonth(1)
                            : period.equals("Today") ? today : date(query, "StartDate", LocalDate.of(2010, 1, 1));
            LocalDate to = period.equals("Yesterday") ? today.minusDays(1) : date(query, "EndDate", today);
            List<Map<String, Object>> records = new ArrayList<>();
            for (Map.Entry<LocalDate, Day> day : days(from, to).entrySet()) {
                records.addAll(records(day.getKey(), day.getValue(), daily ? day.getKey() : to, query, account));
            }
            return Details.of(
                    "usage_records", records, "page", 0, "page_size", 50, "start", 0, "end", records.size() - 1);
        });
    }

    private static LocalDate date(MultiValueMap<String, String> query, String name, LocalDate absent) {
        String text = query.getFirst(name);
        return text == null ? absent : CallList.date(text);
    }

    private Map<LocalDate, Day> days(LocalDate from, LocalDate to) {
        Map<LocalDate, Day> days = new TreeMap<>();
        for (CallRecord call : exchange.newestFirst()) {
            Instant ended = call.endedAt();
            if (ended == null || call.billedMinutes() == 0) {
                continue;
            }
            LocalDate day = LocalDate.ofInstant(ended, ZoneOffset.UTC);
            if (!day.isBefore(from) && !day.isAfter(to)) {
                days.put(day, days.getOrDefault(day, Day.EMPTY).plus(call));
            }
        }
        return days;
    }

    private List<Map<String, Object>> records(
            LocalDate start, Day day, LocalDate end, MultiValueMap<String, String> query, String account) {
        List<Map<String, Object>> records = new ArrayList<>();
        String category = query.getFirst("Category");
        if (category == null || category.equals("calls-outbound")) {
            records.add(record(
                    account,
                    start,
                    end,
                    "calls-outbound",
                    "calls",
                    day.calls(),
                    "minutes",
                    day.minutes(),
                    day.priceUsd()));
        }
        if (day.detections() > 0 && (category == null || category.equals("answering-machine-detection"))) {
            records.add(record(
                    account,
                    start,
                    end,
                    "answering-machine-detection",
                    "calls",
                    day.detections(),
                    "calls",
                    day.detections(),
                    BigDecimal.ZERO));
        }
        if (category == null || category.equals("totalprice")) {
            records.add(record(account, start, end, "totalprice", "", 0, "usd", 0, day.priceUsd()));
        }
        return records;
    }

    private Map<String, Object> record(
            String account,
            LocalDate start,
            LocalDate end,
            String category,
            String countUnit,
            long count,
            String usageUnit,
            long usage,
            BigDecimal price) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("account_sid", account);
        json.put("api_version", Exchange.API_VERSION);
        json.put("category", category);
        json.put("description", category);
        json.put("count", Long.toString(count));
        json.put("count_unit", countUnit);
        json.put("usage", Long.toString(usage));
        json.put("usage_unit", usageUnit);
        json.put("price", price.toPlainString());
        json.put("price_unit", "usd");
        json.put("start_date", start.toString());
        json.put("end_date", end.toString());
        json.put("as_of", exchange.time().now().toString());
        return json;
    }

    @GetMapping("/" + Exchange.API_VERSION + "/Accounts/{account}/Balance.json")
    Mono<ResponseEntity<Object>> balance(@PathVariable String account, ServerWebExchange web) {
        return replies.reply(web, "balance", 200, account, () -> {
            BigDecimal spent = exchange.newestFirst().stream()
                    .map(call -> call.priceUsd() == null ? BigDecimal.ZERO : call.priceUsd())
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
            BigDecimal left = exchange.settings().initialBalanceUsd().subtract(spent);
            return Details.of("account_sid", account, "balance", left.toPlainString(), "currency", "USD");
        });
    }

    @GetMapping("/v2/Voice/Countries/{country:[A-Z]{2}}")
    Mono<ResponseEntity<Object>> country(@PathVariable String country, ServerWebExchange web) {
        return replies.reply(web, "pricing", 200, null, () -> {
            Map<String, Object> prefix = new LinkedHashMap<>(price());
            prefix.put("destination_prefixes", List.of("1"));
            prefix.put("origination_prefixes", List.of("ALL"));
            prefix.put("friendly_name", "Programmable Outbound Minute - " + country);
            return Details.of(
                    "country",
                    country,
                    "iso_country",
                    country,
                    "price_unit",
                    "USD",
                    "url",
                    "https://pricing.twilio.com/v2/Voice/Countries/" + country,
                    "inbound_call_prices",
                    List.of(inbound()),
                    "outbound_prefix_prices",
                    List.of(prefix));
        });
    }

    @GetMapping("/v2/Voice/Numbers/{number}")
    Mono<ResponseEntity<Object>> number(@PathVariable String number, ServerWebExchange web) {
        return replies.reply(
                web,
                "pricing",
                200,
                null,
                () -> Details.of(
                        "destination_number",
                        number,
                        "origination_number",
                        web.getRequest().getQueryParams().getFirst("OriginationNumber"),
                        "price_unit",
                        "USD",
                        "url",
                        "https://pricing.twilio.com/v2/Voice/Numbers/" + number,
                        "outbound_call_prices",
                        List.of(price())));
    }

    private Map<String, Object> inbound() {
        String perMinute = exchange.settings().inboundPricePerMinuteUsd().toPlainString();
        return Map.of("base_price", perMinute, "current_price", perMinute, "number_type", "local");
    }

    private Map<String, Object> price() {
        String perMinute = exchange.settings().pricePerMinuteUsd().toPlainString();
        return Map.of("base_price", perMinute, "current_price", perMinute);
    }
}
