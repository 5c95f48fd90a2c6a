package ai.callmeback.vendors.billing;

import ai.callmeback.vendors.settings.Urls;
import ai.callmeback.vendors.settings.VendorSettings;
import java.math.BigDecimal;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Deepgram's requests and ElevenLabs' usage.
 *
 * <p>Deepgram: {@code /v1/projects/{id}/requests}, in numbered pages; what a request was is under {@code response.details},
 * which the vendor's specification leaves open. ElevenLabs: {@code /v1/usage/character-stats} in credits by day; its times are
 * milliseconds.
 */
public final class VendorSpeechBills implements SpeechBills, AutoCloseable {
    private static final int PAGE = 100;

    private final VendorSettings.Deepgram deepgram;
    private final VendorSettings.ElevenLabs elevenlabs;
    private final ListClient lists = new ListClient();

    public VendorSpeechBills(VendorSettings.Deepgram deepgram, VendorSettings.ElevenLabs elevenlabs) {
        this.deepgram = deepgram;
        this.elevenlabs = elevenlabs;
    }

    /** A cursor is {@code project:page}. */
    @Override
    public BillPage<ListenedSession> sessions(Instant from, Instant until, @Nullable String cursor) {
        int colon = cursor == null ? -1 : cursor.lastIndexOf(':');
        String project = cursor == null ? project() : cursor.substring(0, colon);
        int number = cursor == null ? 0 : Integer.parseInt(cursor.substring(colon + 1));
        JsonNode page = listening("/v1/projects/" + project + "/requests?start=" + from + "&end=" + until + "&limit="
                + PAGE + "&page=" + number);
        List<ListenedSession> sessions = new ArrayList<>();
        JsonNode requests = page.path("requests");
        for (JsonNode request : requests) {
            if (request.path("path").asString("").contains("listen")) {
                sessions.add(session(request));
            }
        }
        return new BillPage<>(sessions, requests.size() < PAGE ? null : project + ":" + (number + 1));
    }

    private static ListenedSession session(JsonNode request) {
        JsonNode details = request.path("response").path("details");
        JsonNode usd = details.path("usd");
        try {
            return new ListenedSession(
                    request.path("request_id").asString(""),
                    details.path("tags").path(0).asString(""),
                    Instant.parse(request.path("created").asString("")),
                    usd.isNumber() ? usd.decimalValue() : null,
                    details.path("duration").isNumber()
                            ? details.path("duration").decimalValue()
                            : BigDecimal.ZERO);
        } catch (DateTimeException e) {
            throw new BillsException("deepgram requests: no time", e);
        }
    }

    /** A key belongs to one project; the first is taken. */
    private String project() {
        String id = listening("/v1/projects")
                .path("projects")
                .path(0)
                .path("project_id")
                .asString("");
        if (id.isEmpty()) {
            throw new BillsException("deepgram projects: none", null);
        }
        return id;
    }

    private JsonNode listening(String path) {
        return lists.json(
                "deepgram usage",
                Urls.append(Urls.http(deepgram.url()), path),
                "Authorization",
                "Token " + deepgram.apiKey().reveal());
    }

    @Override
    public Map<LocalDate, BigDecimal> speechCredits(LocalDate first, LocalDate last) {
        URI address = Urls.append(
                Urls.http(elevenlabs.url()),
                "/v1/usage/character-stats?start_unix=%d&end_unix=%d&metric=credits&aggregation_interval=day"
                        .formatted(
                                first.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli(),
                                last.plusDays(1)
                                                .atStartOfDay(ZoneOffset.UTC)
                                                .toInstant()
                                                .toEpochMilli()
                                        - 1));
        JsonNode stats = lists.json(
                "elevenlabs usage", address, "xi-api-key", elevenlabs.apiKey().reveal());
        JsonNode times = stats.path("time");
        JsonNode credits = stats.path("usage").path("All");
        if (!times.isArray() || !credits.isArray() || times.size() != credits.size()) {
            throw new BillsException("elevenlabs usage: times and credits do not go together", null);
        }
        Map<LocalDate, BigDecimal> days = new TreeMap<>();
        for (int i = 0; i < times.size(); i++) {
            LocalDate day =
                    LocalDate.ofInstant(Instant.ofEpochMilli(times.path(i).asLong(0)), ZoneOffset.UTC);
            days.merge(day, credits.path(i).decimalValue(), BigDecimal::add);
        }
        return days;
    }

    @Override
    public void close() {
        lists.close();
    }
}
