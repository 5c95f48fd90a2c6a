package ai.callmeback.dev.chaos.money;

import ai.callmeback.dev.chaos.Billed;
import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.dev.client.SimulatorClient;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Holds our books against the vendors' journals, entry by entry. */
final class MoneyJudge {
    private static final BigDecimal MINUTE_MILLIS = BigDecimal.valueOf(60_000);

    private final Books books;
    private final Journals journals;
    private final SimulatorClient simulators;
    private final ApiClient api;
    private final Instant began;

    MoneyJudge(Books books, SimulatorClient simulators, ApiClient api, Instant began) {
        this.books = books;
        this.journals = new Journals(simulators);
        this.simulators = simulators;
        this.api = api;
        this.began = began;
    }

    /** What is wrong at this moment. */
    record Judgement(
            List<String> duplicates,
            List<String> lost,
            long openHolds,
            List<String> differences,
            long micros,
            List<String> violations) {
        boolean clean() {
            return duplicates.isEmpty()
                    && lost.isEmpty()
                    && openHolds == 0
                    && differences.isEmpty()
                    && violations.isEmpty();
        }
    }

    /** @param callIds of the calls placed */
    Judgement judge(List<String> callIds) throws IOException, InterruptedException {
        try {
            Differences differences = new Differences();
            differences.add("cash", books.cash(), journals.cash());
            telephony(differences);
            usage(differences, callIds);
            List<String> duplicates = new ArrayList<>();
            List<String> lost = new ArrayList<>();
            grants("payment ", books.grants(), journals.payments(), duplicates, lost);
            grants("invoice ", books.freeInvoices(), journals.freeInvoices(), duplicates, lost);
            return new Judgement(
                    duplicates, lost, books.openHolds(), differences.words, differences.micros, violations());
        } catch (SQLException e) {
            throw new IOException("the books cannot be read: " + e.getMessage(), e);
        }
    }

    /** Each that was paid brings one grant. */
    private static void grants(
            String what, Map<String, Integer> ours, Set<String> paid, List<String> duplicates, List<String> lost) {
        ours.forEach((subject, count) -> {
            for (int i = paid.contains(subject) ? 1 : 0; i < count; i++) {
                duplicates.add(what + subject + " brought a grant too many");
            }
        });
        for (String subject : paid) {
            if (ours.getOrDefault(subject, 0) == 0) {
                lost.add(what + subject + " brought nothing");
            }
        }
    }

    /** By call: what the telephony charged, how long it lasted by its own clock, and how often it rang. */
    private void telephony(Differences differences) throws SQLException, IOException, InterruptedException {
        Map<String, Long> charged = journals.telephony();
        Map<String, Long> seconds = journals.seconds();
        Set<String> known = new HashSet<>();
        for (Books.Call call : books.calls()) {
            known.addAll(call.sids());
            long theirs = call.sids().stream()
                    .mapToLong(sid -> charged.getOrDefault(sid, 0L))
                    .sum();
            differences.add("telephony of call " + call.id(), call.telephonyMicros(), theirs);
            long lasted = call.sids().stream()
                    .mapToLong(sid -> seconds.getOrDefault(sid, 0L))
                    .sum();
            if (call.sids().size() == 1 && call.decision().equals("CHARGED")) {
                differences.count("seconds billed of call " + call.id(), call.billedSeconds(), lasted);
                differences.count(
                        "seconds captured of call " + call.id(), call.captured(), Math.min(lasted, call.held()));
            }
        }
        for (String sid : charged.keySet()) {
            if (!known.contains(sid)) {
                differences.words.add("the telephony had a call " + sid + ", and we know of none");
            }
        }
        differences.count("holds not resolved by one posting", books.holdsNotResolvedOnce(), 0);
    }

    /** By vendor and operation: what it has done for all calls together. */
    private void usage(Differences differences, List<String> callIds)
            throws SQLException, IOException, InterruptedException {
        if (callIds.isEmpty()) {
            return;
        }
        List<JsonNode> views = new ArrayList<>();
        for (String id : callIds) {
            views.add(api.call(id));
        }
        Map<String, Long> ours = Billed.byCostLines(views);
        Map<String, Long> theirs = Billed.byJournals(simulators, callIds.size(), began);
        Map<String, BigDecimal> prices = books.prices();
        Set<String> all = new TreeSet<>(ours.keySet());
        all.addAll(theirs.keySet());
        all.remove("twilio voice");
        for (String what : all) {
            long more = ours.getOrDefault(what, 0L) - theirs.getOrDefault(what, 0L);
            if (more != 0) {
                BigDecimal unit = what.startsWith("deepgram")
                        ? prices.getOrDefault(what, BigDecimal.ZERO).divide(MINUTE_MILLIS, 12, RoundingMode.HALF_EVEN)
                        : prices.getOrDefault(what, BigDecimal.ZERO);
                long micros = unit.multiply(BigDecimal.valueOf(Math.abs(more)))
                        .setScale(0, RoundingMode.HALF_EVEN)
                        .longValueExact();
                differences.words.add("%s: %d in our books, %d in the journal"
                        .formatted(what, ours.getOrDefault(what, 0L), theirs.getOrDefault(what, 0L)));
                differences.micros += micros;
            }
        }
    }

    private List<String> violations() throws IOException, InterruptedException {
        JsonNode audit = api.audit();
        return audit.path("ok").asBoolean()
                ? List.of()
                : audit.path("violations")
                        .valueStream()
                        .map(violation -> "ledger: " + violation)
                        .toList();
    }

    /** Collects what differs. */
    private static final class Differences {
        private final List<String> words = new ArrayList<>();
        private long micros;

        void add(String what, Map<String, Long> ours, Map<String, Long> theirs) {
            Set<String> all = new TreeSet<>(ours.keySet());
            all.addAll(theirs.keySet());
            for (String subject : all) {
                add(what + " of " + subject, ours.getOrDefault(subject, 0L), theirs.getOrDefault(subject, 0L));
            }
        }

        void add(String what, long ours, long theirs) {
            count(what + " in millionths of a dollar", ours, theirs);
            micros += Math.abs(ours - theirs);
        }

        void count(String what, long ours, long theirs) {
            if (ours != theirs) {
                words.add(what + ": " + ours + " in our books, " + theirs + " in the journal");
            }
        }
    }
}
