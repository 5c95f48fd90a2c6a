package ai.callmeback.vendors.stt;

import ai.callmeback.vendors.VendorFault.Kind;
import ai.callmeback.vendors.wire.Json;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Nova: the vendor tells windows of words, and turns are made of them here. A turn starts with {@code SpeechStarted} or
 * the first words; its text is every final window so far plus the current guess; it ends with {@code speech_final}, with
 * {@code UtteranceEnd} if that was missed, or after {@code Finalize}. Nova never speculates, so there is no eager end.
 */
final class NovaSession extends DeepgramSession {

    private static final ByteBuf FINALIZE = constant("{\"type\":\"Finalize\"}");
    private static final ByteBuf KEEP_ALIVE = constant("{\"type\":\"KeepAlive\"}");

    /** The vendor closes after 10 s without a message. */
    private static final long KEEP_ALIVE_MILLIS = 4000;

    private final EventLoop loop;
    private final StringBuilder finals = new StringBuilder();
    private @Nullable Future<?> keepAlive;
    private long sentAtLastKeepAlive;
    private int turnIndex;
    private boolean turnOpen;
    private boolean forcing;

    private String type = "";
    private String transcript = "";
    private String code = "";
    private String description = "";
    private double confidence;
    private double start;
    private double duration;
    private double timestamp;
    private boolean isFinal;
    private boolean speechFinal;
    private boolean fromFinalize;

    NovaSession(SttOptions options, EventLoop loop, SttListener listener) {
        super(options, loop, listener);
        this.loop = loop;
    }

    @Override
    void opened(String requestId) {
        keepAlive =
                loop.scheduleAtFixedRate(this::keepAlive, KEEP_ALIVE_MILLIS, KEEP_ALIVE_MILLIS, TimeUnit.MILLISECONDS);
        ready(requestId);
    }

    /** Only while no audio flows; before the first audio it would not save the connection, and is not sent. */
    private void keepAlive() {
        if (!isReady()) {
            if (keepAlive != null) {
                keepAlive.cancel(false);
            }
            return;
        }
        long sent = audioMillisSent();
        if (sent > 0 && sent == sentAtLastKeepAlive) {
            sendText(KEEP_ALIVE);
        }
        sentAtLastKeepAlive = sent;
    }

    @Override
    public void forceEndTurn() {
        if (turnOpen) {
            forcing = true;
            flushPending();
            sendText(FINALIZE);
        }
    }

    @Override
    void read(JsonParser parser) {
        type = "";
        transcript = "";
        code = "";
        description = "";
        confidence = 0;
        isFinal = false;
        speechFinal = false;
        fromFinalize = false;
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return;
        }
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            switch (name) {
                case "type" -> type = Json.text(parser);
                case "start" -> start = Json.number(parser, start);
                case "duration" -> duration = Json.number(parser, 0);
                case "timestamp" -> timestamp = Json.number(parser, timestamp);
                case "is_final" -> isFinal = parser.currentToken() == JsonToken.VALUE_TRUE;
                case "speech_final" -> speechFinal = parser.currentToken() == JsonToken.VALUE_TRUE;
                case "from_finalize" -> fromFinalize = parser.currentToken() == JsonToken.VALUE_TRUE;
                case "channel" -> channel(parser);
                case "variant", "code" -> code = Json.text(parser);
                case "description", "message" -> description = Json.text(parser);
                default -> parser.skipChildren();
            }
        }
    }

    /** {@code channel} is an object in Results and an array of numbers in SpeechStarted. */
    private void channel(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken value = parser.nextToken();
            if (!name.equals("alternatives") || value != JsonToken.START_ARRAY) {
                parser.skipChildren();
                continue;
            }
            boolean first = true;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (first && parser.currentToken() == JsonToken.START_OBJECT) {
                    alternative(parser);
                } else {
                    parser.skipChildren();
                }
                first = false;
            }
        }
    }

    private void alternative(JsonParser parser) {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            switch (name) {
                case "transcript" -> transcript = Json.text(parser);
                case "confidence" -> confidence = Json.number(parser, 0);
                default -> parser.skipChildren();
            }
        }
    }

    @Override
    void deliver() {
        switch (type) {
            case "Results" -> results();
            case "SpeechStarted" -> startTurn("", millis(timestamp));
            case "UtteranceEnd" -> endTurn(millis(start + duration));
            case "Error" -> fail(Kind.SERVER_ERROR, code, description);
            default -> {
                // Metadata, and message types of later versions.
            }
        }
    }

    private void results() {
        long audioMillis = millis(start + duration);
        String whole = joined(transcript);
        if (!transcript.isEmpty()) {
            if (turnOpen) {
                emit(new SttEvent.Update(turnIndex, whole, audioMillis));
            } else {
                startTurn(whole, audioMillis);
            }
        }
        if (isFinal && !transcript.isEmpty()) {
            finals.setLength(0);
            finals.append(whole);
        }
        if (speechFinal || (fromFinalize && forcing)) {
            endTurn(audioMillis);
        }
    }

    private String joined(String guess) {
        return finals.isEmpty() ? guess : guess.isEmpty() ? finals.toString() : finals + " " + guess;
    }

    private void startTurn(String whole, long audioMillis) {
        if (!turnOpen) {
            turnOpen = true;
            emit(new SttEvent.StartOfTurn(turnIndex, whole, audioMillis));
        }
    }

    /** A turn without a word (a noise, or the second of speech_final and UtteranceEnd) ends unheard. */
    private void endTurn(long audioMillis) {
        forcing = false;
        if (!turnOpen || finals.isEmpty()) {
            return;
        }
        String whole = finals.toString();
        finals.setLength(0);
        turnOpen = false;
        emit(new SttEvent.EndOfTurn(turnIndex++, whole, confidence, audioMillis));
    }

    @Override
    boolean expectsWords() {
        return true;
    }
}
