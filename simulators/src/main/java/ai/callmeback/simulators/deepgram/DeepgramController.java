package ai.callmeback.simulators.deepgram;

import ai.callmeback.simulators.core.Details;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The management API, as far as reconciliation reads it: requests and usage, and short-lived tokens. */
@RestController
@RequestMapping("/deepgram/v1")
class DeepgramController {
    private static final BigDecimal MINUTE_MILLIS = BigDecimal.valueOf(60_000);
    private static final int PLACES = 10;

    private final DeepgramSettings settings;
    private final DeepgramAccount account;

    DeepgramController(DeepgramSettings settings, DeepgramAccount account) {
        this.settings = settings;
        this.account = account;
    }

    @GetMapping("/projects")
    ResponseEntity<Object> projects(@RequestHeader HttpHeaders headers) {
        return authorized(
                headers, () -> Map.of("projects", List.of(Map.of("project_id", "simulated", "name", "Simulated"))));
    }

    @GetMapping("/projects/{project}/requests")
    ResponseEntity<Object> requests(
            @RequestHeader HttpHeaders headers,
            @PathVariable String project,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "10") int limit,
            @RequestParam(name = "request_id", required = false) @Nullable String requestId,
            @RequestParam(defaultValue = "1970-01-01T00:00:00Z") Instant start,
            @RequestParam(defaultValue = "9999-01-01T00:00:00Z") Instant end) {
        return authorized(headers, () -> {
            List<Map<String, Object>> requests = account.finished().stream()
                    .filter(usage ->
                            !usage.created().isBefore(start) && usage.created().isBefore(end))
                    .filter(usage -> requestId == null || usage.requestId().equals(requestId))
                    .skip((long) page * limit)
                    .limit(limit)
                    .map(usage -> request(project, usage))
                    .toList();
            return Details.of("page", page, "limit", limit, "requests", requests);
        });
    }

    @GetMapping("/projects/{project}/requests/{requestId}")
    ResponseEntity<Object> request(
            @RequestHeader HttpHeaders headers, @PathVariable String project, @PathVariable String requestId) {
        if (!accepted(headers)) {
            return unauthorized();
        }
        return account.finished().stream()
                .filter(usage -> usage.requestId().equals(requestId))
                .findFirst()
                .<ResponseEntity<Object>>map(usage -> ResponseEntity.ok(Details.of("request", request(project, usage))))
                .orElseGet(() -> error(HttpStatus.NOT_FOUND, "REQUEST_NOT_FOUND", "no request " + requestId));
    }

    @GetMapping("/projects/{project}/usage/breakdown")
    ResponseEntity<Object> breakdown(
            @RequestHeader HttpHeaders headers,
            @RequestParam(defaultValue = "models") String grouping,
            @RequestParam(required = false) @Nullable String tag) {
        return authorized(headers, () -> {
            Map<String, List<DeepgramAccount.Usage>> groups = new LinkedHashMap<>();
            for (DeepgramAccount.Usage usage : account.finished()) {
                if (tag == null || usage.tags().contains(tag)) {
                    groupsOf(usage, grouping)
                            .forEach(group -> groups.computeIfAbsent(group, key -> new ArrayList<>())
                                    .add(usage));
                }
            }
            List<Map<String, Object>> results = new ArrayList<>();
            groups.forEach((group, usages) -> results.add(Details.of(
                    "hours", hours(usages),
                    "total_hours", hours(usages),
                    "requests", usages.size(),
                    "grouping", Map.of(grouping, group))));
            return Details.of("resolution", Map.of("units", "day", "amount", 1), "results", results);
        });
    }

    @GetMapping("/projects/{project}/balances")
    ResponseEntity<Object> balances(@RequestHeader HttpHeaders headers) {
        return authorized(
                headers,
                () -> Map.of("balances", List.of(Map.of("balance_id", "simulated", "amount", 200.0, "units", "usd"))));
    }

    @PostMapping("/auth/grant")
    ResponseEntity<Object> grant(
            @RequestHeader HttpHeaders headers, @RequestBody(required = false) @Nullable Map<String, Object> body) {
        Object ttl = body == null ? null : body.get("ttl_seconds");
        int expiresIn = ttl instanceof Number number ? number.intValue() : 30;
        // Where one key only is accepted, the token is that key: it must open the socket.
        String token = settings.key() == null ? "granted-" + UUID.randomUUID() : settings.key();
        return authorized(headers, () -> Map.of("access_token", token, "expires_in", expiresIn));
    }

    private static List<String> groupsOf(DeepgramAccount.Usage usage, String grouping) {
        return grouping.equals("tags") ? usage.tags() : List.of(usage.model());
    }

    private static double hours(List<DeepgramAccount.Usage> usages) {
        return usages.stream().mapToDouble(DeepgramAccount.Usage::hours).sum();
    }

    private Map<String, Object> request(String project, DeepgramAccount.Usage usage) {
        return Details.of(
                "request_id",
                usage.requestId(),
                "project_uuid",
                project,
                "created",
                usage.created().toString(),
                "path",
                usage.flux() ? "/v2/listen" : "/v1/listen",
                "code",
                200,
                "deployment",
                "hosted",
                "response",
                Map.of(
                        "details",
                        Map.of(
                                "usd",
                                settings.usdPerMinute()
                                        .multiply(BigDecimal.valueOf(usage.audioMillis()))
                                        .divide(MINUTE_MILLIS, PLACES, RoundingMode.HALF_EVEN),
                                "duration",
                                usage.audioMillis() / 1000.0,
                                "models",
                                List.of(usage.model()),
                                "tags",
                                usage.tags(),
                                "method",
                                "streaming")));
    }

    private interface Answer {
        Object get();
    }

    private ResponseEntity<Object> authorized(HttpHeaders headers, Answer answer) {
        return accepted(headers) ? ResponseEntity.ok(answer.get()) : unauthorized();
    }

    private boolean accepted(HttpHeaders headers) {
        String offered = DeepgramAuth.offeredKey(headers);
        return offered != null && settings.accepts(offered);
    }

    private static ResponseEntity<Object> unauthorized() {
        return error(HttpStatus.UNAUTHORIZED, "INVALID_AUTH", "Invalid credentials.");
    }

    private static ResponseEntity<Object> error(HttpStatus status, String code, String message) {
        return ResponseEntity.status(status)
                .body(Details.of(
                        "err_code",
                        code,
                        "err_msg",
                        message,
                        "request_id",
                        UUID.randomUUID().toString()));
    }
}
