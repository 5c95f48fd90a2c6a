package ai.callmeback.simulators.twilio;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/** The vendor's list of calls: newest first, filtered, in pages. A call not dialled yet has no start time to match. */
final class CallList {
    private static final int DEFAULT_PAGE_SIZE = 50;
    private static final int MAX_PAGE_SIZE = 1_000;

    private CallList() {}

    static Map<String, @Nullable Object> page(
            List<CallRecord> calls, MultiValueMap<String, String> query, String account) {
        int pageSize = Math.clamp(number(query.getFirst("PageSize"), DEFAULT_PAGE_SIZE), 1, MAX_PAGE_SIZE);
        int page = Math.max(0, number(query.getFirst("Page"), 0));
        List<CallRecord> found = calls.stream().filter(filter(query)).toList();
        List<CallRecord> shown =
                found.stream().skip((long) page * pageSize).limit(pageSize).toList();
        boolean more = found.size() > (long) (page + 1) * pageSize;
        String path = "/" + Exchange.API_VERSION + "/Accounts/" + account + "/Calls.json";
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("calls", shown.stream().map(CallJson::of).toList());
        json.put("page", page);
        json.put("page_size", pageSize);
        json.put("start", page * pageSize);
        json.put("end", Math.max(0, page * pageSize + shown.size() - 1));
        json.put("uri", uri(path, query, page, pageSize));
        json.put("first_page_uri", uri(path, query, 0, pageSize));
        json.put("next_page_uri", more ? uri(path, query, page + 1, pageSize) : null);
        json.put("previous_page_uri", page > 0 ? uri(path, query, page - 1, pageSize) : null);
        return json;
    }

    private static String uri(String path, MultiValueMap<String, String> query, int page, int pageSize) {
        StringBuilder uri = new StringBuilder(path)
                .append("?Page=")
                .append(page)
                .append("&PageSize=")
                .append(pageSize);
        query.forEach((name, values) -> {
            if (!name.equals("Page") && !name.equals("PageSize")) {
                values.forEach(value ->
                        uri.append('&').append(encode(name)).append('=').append(encode(value)));
            }
        });
        return uri.toString();
    }

    /** A plus sign must not come back as a space. */
    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Predicate<CallRecord> filter(MultiValueMap<String, String> query) {
        Predicate<CallRecord> all = call -> true;
        String to = query.getFirst("To");
        String from = query.getFirst("From");
        String status = query.getFirst("Status");
        String parent = query.getFirst("ParentCallSid");
        if (to != null) {
            all = all.and(call -> call.to().equals(to));
        }
        if (from != null) {
            all = all.and(call -> call.from().equals(from));
        }
        if (status != null) {
            all = all.and(call -> call.status().text().equals(status));
        }
        if (parent != null) {
            all = all.and(call -> false);
        }
        return all.and(started(query));
    }

    /** {@code StartTime=}, {@code StartTime<=} and {@code StartTime>=}; a bare date means that day in UTC. */
    private static Predicate<CallRecord> started(MultiValueMap<String, String> query) {
        String day = query.getFirst("StartTime");
        String until = query.getFirst("StartTime<");
        String since = query.getFirst("StartTime>");
        Instant from = since != null ? start(since) : day != null ? start(day) : null;
        Instant to = until != null ? end(until) : day != null ? end(day) : null;
        if (from == null && to == null) {
            return call -> true;
        }
        return call -> {
            Instant at = call.startedAt();
            return at != null && (from == null || !at.isBefore(from)) && (to == null || !at.isAfter(to));
        };
    }

    private static Instant start(String text) {
        return text.length() == 10 ? date(text).atStartOfDay(ZoneOffset.UTC).toInstant() : instant(text);
    }

    private static Instant end(String text) {
        return text.length() == 10
                ? date(text)
                        .plusDays(1)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant()
                        .minusNanos(1)
                : instant(text);
    }

    static LocalDate date(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw TwilioError.invalid(20001, text + " is no date of the form YYYY-MM-DD");
        }
    }

    /** A zone may be left out, as twilio-java does: UTC is meant. */
    private static Instant instant(String text) {
        try {
            return text.endsWith("Z")
                    ? Instant.parse(text)
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw TwilioError.invalid(20001, text + " is neither a date nor a UTC time");
        }
    }

    private static int number(@Nullable String text, int absent) {
        return text != null && text.matches("\\d{1,6}") ? Integer.parseInt(text) : absent;
    }
}
