package ai.callmeback.simulators.deepgram;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.speech.SpeechCodec;
import ai.callmeback.simulators.wire.Json;
import ai.callmeback.simulators.wire.Peer;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** One {@code /v1/listen} connection: interim and final results, keep-alive, finalize, metadata before the end. */
final class NovaSession extends ListenSession implements NovaResults.Listener {
    private static final String MODEL_UUID = "2187e11a-3532-4498-b076-81fa530bdd49";

    private final NovaResults results;
    private final String modelInfo;
    private final String created;

    NovaSession(String requestId, Peer peer, ListenOptions options, Shared shared, Instant now) {
        super(requestId, peer, options, shared);
        this.results = new NovaResults(options, this);
        this.created = now.toString();
        String arch = options.model().startsWith("nova-3") ? "nova-3" : "nova-2";
        this.modelInfo =
                "{\"name\":" + Json.quote(options.model()) + ",\"version\":\"2025-01-09.0\",\"arch\":\"" + arch + "\"}";
        listenWith(results);
    }

    @Override
    void heard() {
        results.heardAll();
    }

    @Override
    void control(String type, JsonNode message) {
        switch (type) {
            case "KeepAlive" -> {
                // Its arrival has already been counted; it gets no answer.
            }
            case "Finalize" -> results.finish(true);
            default -> malformed("unknown message type '" + type + "'");
        }
    }

    @Override
    void malformed(String message) {
        close(1008, "DATA-0000: " + message);
    }

    @Override
    void closeStream() {
        results.finish(false);
        metadata();
        close(1000, "");
    }

    @Override
    void idle(String reason) {
        metadata();
        close(1011, reason);
    }

    @Override
    public void speechStarted(long atByte) {
        StringBuilder json = new StringBuilder("{\"type\":\"SpeechStarted\",\"channel\":[0,1],\"timestamp\":");
        send(Json.seconds(json, atByte / SpeechCodec.BYTES_PER_MILLI).append('}'));
    }

    @Override
    public void utteranceEnd(long lastWordEndByte) {
        StringBuilder json = new StringBuilder("{\"type\":\"UtteranceEnd\",\"channel\":[0,1],\"last_word_end\":");
        send(Json.seconds(json, lastWordEndByte / SpeechCodec.BYTES_PER_MILLI).append('}'));
    }

    @Override
    public void results(
            long startByte,
            long endByte,
            List<NovaResults.Word> words,
            boolean isFinal,
            boolean speechFinal,
            boolean asked) {
        StringBuilder transcript = new StringBuilder();
        StringBuilder wordsJson = new StringBuilder();
        for (NovaResults.Word word : words) {
            String bare = word.bare();
            if (!bare.isEmpty()) {
                transcript.append(transcript.isEmpty() ? "" : " ").append(options.punctuate() ? word.written() : bare);
                word(wordsJson, word, bare);
            }
        }
        StringBuilder json = new StringBuilder(512);
        Json.seconds(
                json.append("{\"type\":\"Results\",\"channel_index\":[0,1],\"duration\":"),
                (endByte - startByte) / SpeechCodec.BYTES_PER_MILLI);
        Json.seconds(json.append(",\"start\":"), startByte / SpeechCodec.BYTES_PER_MILLI);
        json.append(",\"is_final\":")
                .append(isFinal)
                .append(",\"speech_final\":")
                .append(speechFinal);
        json.append(",\"from_finalize\":").append(asked).append(",\"channel\":{\"alternatives\":[{\"transcript\":");
        Json.quote(json, transcript).append(",\"confidence\":").append(transcript.isEmpty() ? "0.0" : "0.98");
        json.append(",\"words\":[").append(wordsJson).append("]}]},\"metadata\":{\"request_id\":\"");
        json.append(requestId).append("\",\"model_info\":").append(modelInfo).append(",\"model_uuid\":\"");
        send(json.append(MODEL_UUID).append("\"}}"));
        if (isFinal && !transcript.isEmpty()) {
            shared.journal()
                    .append(
                            "deepgram",
                            requestId,
                            "results.final",
                            Details.of(
                                    "transcript", transcript.toString(),
                                    "speechFinal", speechFinal,
                                    "audioMs", audioMillis()));
        }
    }

    private void word(StringBuilder json, NovaResults.Word word, String bare) {
        Json.quote(json.append(json.isEmpty() ? "{\"word\":" : ",{\"word\":"), bare);
        Json.seconds(json.append(",\"start\":"), word.startByte() / SpeechCodec.BYTES_PER_MILLI);
        Json.seconds(json.append(",\"end\":"), word.endByte() / SpeechCodec.BYTES_PER_MILLI);
        json.append(",\"confidence\":0.98");
        if (options.punctuate()) {
            Json.quote(json.append(",\"punctuated_word\":"), word.written());
        }
        json.append('}');
    }

    private void metadata() {
        StringBuilder json =
                new StringBuilder("{\"type\":\"Metadata\",\"transaction_key\":\"deprecated\",\"request_id\":\"");
        json.append(requestId)
                .append("\",\"sha256\":\"incomplete\",\"created\":\"")
                .append(created);
        Json.seconds(json.append("\",\"duration\":"), audioMillis());
        json.append(",\"channels\":1,\"models\":[\"").append(MODEL_UUID).append("\"],\"model_info\":{\"");
        send(json.append(MODEL_UUID).append("\":").append(modelInfo).append("}}"));
    }
}
