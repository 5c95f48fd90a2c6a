package ai.callmeback.dev.chaos.money;

import ai.callmeback.dev.client.SimulatorClient;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** What really happened to money, as the vendors' own journals have it, in millionths of a dollar. */
final class Journals {
    private static final long MICROS_PER_CENT = 10_000;

    private final SimulatorClient simulators;

    Journals(SimulatorClient simulators) {
        this.simulators = simulators;
    }

    /** By payment, refund, dispute and fee, as {@link Books#cash} names them: what came in, less what went back. */
    Map<String, Long> cash() throws IOException, InterruptedException {
        Map<String, Long> cash = new TreeMap<>();
        for (JsonNode entry : entries("stripe", null)) {
            JsonNode detail = entry.path("detail");
            long amount = detail.path("amount").asLong() * MICROS_PER_CENT;
            String subject = entry.path("call").asString("");
            String dispute = "dispute " + detail.path("dispute").asString("");
            String refund = "refund " + detail.path("refund").asString("");
            switch (entry.path("kind").asString()) {
                case "payment.succeeded" -> {
                    cash.merge("payment " + subject, amount, Long::sum);
                    fee(cash, subject, detail);
                }
                case "refund.created" -> cash.merge(refund, -amount, Long::sum);
                case "refund.failed" -> cash.merge(refund, amount, Long::sum);
                case "dispute.created" -> {
                    cash.merge(dispute, -amount, Long::sum);
                    fee(cash, detail.path("dispute").asString(), detail);
                }
                case "dispute.won" -> cash.merge(dispute, amount, Long::sum);
                default -> {
                    // No money moved.
                }
            }
        }
        cash.values().removeIf(micros -> micros == 0);
        return cash;
    }

    private static void fee(Map<String, Long> cash, String subject, JsonNode detail) {
        cash.merge("fee " + subject, -detail.path("fee").asLong() * MICROS_PER_CENT, Long::sum);
    }

    /** The payments that succeeded. */
    Set<String> payments() throws IOException, InterruptedException {
        Set<String> payments = new TreeSet<>();
        for (JsonNode entry : entries("stripe", "payment.succeeded")) {
            payments.add(entry.path("call").asString());
        }
        return payments;
    }

    /** The invoices of subscriptions with nothing to pay, which bring something all the same. */
    Set<String> freeInvoices() throws IOException, InterruptedException {
        Set<String> invoices = new TreeSet<>();
        for (JsonNode entry : entries("stripe", "invoice.paid")) {
            if (entry.path("detail").path("amount").asLong() == 0) {
                invoices.add(entry.path("detail").path("invoice").asString());
            }
        }
        return invoices;
    }

    /** The telephony's calls, each with what it charged; 0 while that is not said. */
    Map<String, Long> telephony() throws IOException, InterruptedException {
        Map<String, Long> charged = new HashMap<>();
        for (JsonNode entry : entries("twilio", "call.ended")) {
            charged.put(entry.path("call").asString(), 0L);
        }
        for (JsonNode entry : entries("twilio", "call.priced")) {
            BigDecimal usd =
                    new BigDecimal(entry.path("detail").path("priceUsd").asString());
            charged.put(entry.path("call").asString(), usd.movePointRight(6).longValueExact());
        }
        return charged;
    }

    /** How long each call of the telephony lasted. */
    Map<String, Long> seconds() throws IOException, InterruptedException {
        Map<String, Long> seconds = new HashMap<>();
        for (JsonNode entry : entries("twilio", "call.ended")) {
            seconds.put(
                    entry.path("call").asString(),
                    entry.path("detail").path("durationSeconds").asLong());
        }
        return seconds;
    }

    private List<JsonNode> entries(String vendor, @org.jspecify.annotations.Nullable String kind)
            throws IOException, InterruptedException {
        return simulators
                .http()
                .get("/control/journal?vendor=" + vendor + (kind == null ? "" : "&kind=" + kind) + "&limit=200000")
                .path("entries")
                .valueStream()
                .toList();
    }
}
