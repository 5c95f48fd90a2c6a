package ai.callmeback.simulators.deepgram;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.speech.SpeechCodec;
import ai.callmeback.simulators.wire.Json;
import ai.callmeback.simulators.wire.Peer;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** One {@code /v2/listen} connection: turn events, thresholds that can be changed, no keep-alive and no finalize. */
final class FluxSession extends ListenSession {
    private final FluxTurns turns;
    private long sequenceId;

    FluxSession(String requestId, Peer peer, ListenOptions options, Shared shared) {
        super(requestId, peer, options, shared);
        this.turns = new FluxTurns(options, shared.tuning(), this::turn);
        listenWith(turns);
    }

    @Override
    public void opened() {
        super.opened();
        send(message("Connected").append('}'));
    }

    @Override
    void heard() {
        turns.heardAll();
    }

    @Override
    void control(String type, JsonNode message) {
        switch (type) {
            case "Configure" -> configure(message);
            case "ForceEndTurn" -> turns.forceEnd();
            default -> malformed("unknown message type '" + type + "'");
        }
    }

    @Override
    void malformed(String message) {
        error("UNPARSABLE_CLIENT_MESSAGE", message);
        close(1008, "UNPARSABLE_CLIENT_MESSAGE");
    }

    @Override
    void closeStream() {
        turns.close();
        closeWithoutStatus();
    }

    @Override
    void idle(String reason) {
        error("NET-0001", reason);
        close(1011, reason);
    }

    private void error(String code, String description) {
        StringBuilder json = new StringBuilder("{\"type\":\"Error\",\"sequence_id\":").append(sequenceId++);
        json.append(",\"code\":\"").append(code).append("\",\"description\":");
        send(Json.quote(json, description).append('}'));
    }

    private void configure(JsonNode message) {
        JsonNode thresholds = message.path("thresholds");
        double eot = thresholds.path("eot_threshold").asDouble(options.eotThreshold());
        double eager = thresholds.path("eager_eot_threshold").asDouble(options.eagerEotThreshold());
        int timeout = thresholds.path("eot_timeout_ms").asInt(options.eotTimeoutMillis());
        boolean eagerOk = eager == 0 || (eager >= 0.3 && eager <= 0.9 && eager <= eot);
        if (eot < 0.5 || eot > 1 || !eagerOk || timeout < 500 || timeout > 60_000) {
            send(message("ConfigureFailure").append('}'));
            return;
        }
        options = options.withThresholds(eot, eager, timeout);
        if (message.path("keyterms").isArray()) {
            List<String> terms = new ArrayList<>();
            message.path("keyterms").forEach(term -> terms.add(term.asString("")));
            options = options.withKeyterms(terms);
        }
        turns.configure(options);
        StringBuilder json = message("ConfigureSuccess")
                .append(",\"thresholds\":{\"eot_threshold\":")
                .append(eot);
        if (eager > 0) {
            json.append(",\"eager_eot_threshold\":").append(eager);
        }
        json.append(",\"eot_timeout_ms\":").append(timeout).append("},\"keyterms\":");
        send(json.append(Json.write(options.keyterms())).append('}'));
    }

    private void turn(
            FluxTurns.Event event, int turnIndex, long startByte, long endByte, String transcript, double confidence) {
        StringBuilder json = message("TurnInfo");
        json.append(",\"event\":\"")
                .append(event.name())
                .append("\",\"turn_index\":")
                .append(turnIndex);
        Json.seconds(json.append(",\"audio_window_start\":"), startByte / SpeechCodec.BYTES_PER_MILLI);
        Json.seconds(json.append(",\"audio_window_end\":"), endByte / SpeechCodec.BYTES_PER_MILLI);
        Json.quote(json.append(",\"transcript\":"), transcript);
        words(json.append(",\"words\":["), transcript);
        json.append("],\"end_of_turn_confidence\":").append(Math.round(confidence * 10_000) / 10_000.0);
        if (event == FluxTurns.Event.EndOfTurn) {
            shared.journal()
                    .append(
                            "deepgram",
                            requestId,
                            "turn.ended",
                            Details.of("turnIndex", turnIndex, "transcript", transcript, "audioMs", audioMillis()));
        }
        send(json.append('}'));
    }

    private static void words(StringBuilder json, String transcript) {
        int start = 0;
        boolean first = true;
        while (start < transcript.length()) {
            int end = transcript.indexOf(' ', start);
            end = end < 0 ? transcript.length() : end;
            if (end > start) {
                Json.quote(json.append(first ? "{\"word\":" : ",{\"word\":"), transcript.substring(start, end));
                json.append(",\"confidence\":0.98}");
                first = false;
            }
            start = end + 1;
        }
    }

    private StringBuilder message(String type) {
        return new StringBuilder(256)
                .append("{\"type\":\"")
                .append(type)
                .append("\",\"request_id\":\"")
                .append(requestId)
                .append("\",\"sequence_id\":")
                .append(sequenceId++);
    }
}
