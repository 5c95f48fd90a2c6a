package ai.callmeback.dev.demo;

import ai.callmeback.dev.client.EventStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Tells one call live, from both ends: what our side says of it (the API's events) and what really happened on the
 * phone (the simulator's journal). Called from two event threads.
 */
final class Watch {
    private final String label;
    private final String number;
    private final Consumer<String> out;
    private final List<Integer> latenciesMillis = new ArrayList<>();
    private @Nullable Instant firstWord;
    private int interruptions;
    private int callerTurns;

    Watch(String label, String number, Consumer<String> out) {
        this.label = label;
        this.number = number;
        this.out = out;
    }

    synchronized void ours(EventStream.Event event) {
        JsonNode data = event.data();
        switch (event.name()) {
            case "status" -> tell(data.path("status").asString().replace('_', ' ') + reason(data));
            case "turn" -> turn(data);
            case "notice" -> tell("notice: " + data.path("text").asString(data.toString()));
            default -> {}
        }
    }

    private static String reason(JsonNode data) {
        String reason = data.path("reason").asString("");
        return reason.isBlank() ? "" : " (" + reason.replace('_', ' ') + ")";
    }

    private void turn(JsonNode data) {
        boolean persona = data.path("speaker").asString().equals("assistant");
        String text = quoted(data.path("text").asString());
        if (!persona) {
            tell("     we understood: " + text);
            return;
        }
        String latency = "";
        if (data.path("latencyMs").isNumber()) {
            latenciesMillis.add(data.path("latencyMs").asInt());
            latency = " (first audio after " + data.path("latencyMs").asInt() + " ms)";
        }
        boolean interrupted = data.path("interrupted").asBoolean();
        if (interrupted) {
            interruptions++;
        }
        tell("persona said" + (interrupted ? ", until interrupted" : "") + latency + ": " + text);
    }

    synchronized void phone(EventStream.Event event) {
        JsonNode entry = event.data();
        JsonNode detail = entry.path("detail");
        if (!detail.path("number").asString().equals(number)) {
            return;
        }
        switch (entry.path("kind").asString()) {
            case "phone.ringing" -> tell("the phone rings");
            case "phone.answered" -> tell("the phone is answered");
            case "heard.word" -> {
                if (firstWord == null) {
                    firstWord = Instant.parse(entry.path("at").asString());
                }
            }
            case "heard" ->
                tell("     the phone heard" + (detail.path("interrupted").asBoolean() ? ", cut off" : "") + ": "
                        + quoted(detail.path("text").asString()));
            case "said" -> {
                callerTurns++;
                tell("caller said: " + quoted(detail.path("text").asString()));
            }
            case "interrupted" ->
                tell("caller interrupts: " + quoted(detail.path("text").asString()));
            case "phone.hung-up" -> tell("the caller hangs up");
            default -> {}
        }
    }

    private void tell(String words) {
        out.accept(label + "  " + words);
    }

    private static String quoted(String text) {
        return "\u201c" + text.strip() + "\u201d";
    }

    /** When the phone heard the first word. */
    synchronized @Nullable Instant firstWord() {
        return firstWord;
    }

    synchronized List<Integer> latenciesMillis() {
        return List.copyOf(latenciesMillis);
    }

    synchronized int interruptions() {
        return interruptions;
    }

    synchronized int callerTurns() {
        return callerTurns;
    }
}
