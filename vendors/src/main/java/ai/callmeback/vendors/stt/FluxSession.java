package ai.callmeback.vendors.stt;

import ai.callmeback.vendors.VendorFault.Kind;
import ai.callmeback.vendors.settings.VendorPolicy;
import ai.callmeback.vendors.wire.Json;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Flux: the vendor tells turns. It has no KeepAlive; while nothing is to be heard, silence must be sent as audio.
 * Audio goes out from the upgrade on; a socket that does not say {@code Connected} in time is taken for dead.
 */
final class FluxSession extends DeepgramSession {

    private static final ByteBuf FORCE_END_TURN = constant("{\"type\":\"ForceEndTurn\"}");

    private final EventLoop loop;
    private @Nullable Future<?> firstMessage;
    private String type = "";
    private String event = "";
    private String transcript = "";
    private String code = "";
    private String description = "";
    private int turnIndex;
    private double windowEnd;
    private double confidence;
    private boolean turnOpen;

    FluxSession(SttOptions options, EventLoop loop, SttListener listener) {
        super(options, loop, listener);
        this.loop = loop;
    }

    @Override
    void opened(String id) {
        ready(id);
        firstMessage = loop.schedule(
                () -> fail(Kind.TIMEOUT, "", "upgraded, then silent"),
                VendorPolicy.DEEPGRAM_OPEN.deadline().toMillis(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void forceEndTurn() {
        flushPending();
        sendText(FORCE_END_TURN);
    }

    @Override
    void read(JsonParser parser) {
        type = "";
        event = "";
        transcript = "";
        code = "";
        description = "";
        confidence = 0;
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return;
        }
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            switch (name) {
                case "type" -> type = Json.text(parser);
                case "event" -> event = Json.text(parser);
                case "transcript" -> transcript = Json.text(parser);
                case "turn_index" -> turnIndex = (int) Json.number(parser, turnIndex);
                case "audio_window_end" -> windowEnd = Json.number(parser, windowEnd);
                case "end_of_turn_confidence" -> confidence = Json.number(parser, 0);
                case "code" -> code = Json.text(parser);
                case "description", "message" -> description = Json.text(parser);
                default -> parser.skipChildren();
            }
        }
    }

    @Override
    void deliver() {
        if (firstMessage != null) {
            firstMessage.cancel(false);
            firstMessage = null;
        }
        switch (type) {
            case "TurnInfo" -> turn();
            case "Error" -> fail(Kind.SERVER_ERROR, code, description);
            default -> {
                // Connected, Configure replies and message types of later versions.
            }
        }
    }

    private void turn() {
        long audioMillis = millis(windowEnd);
        switch (event) {
            case "StartOfTurn" -> {
                turnOpen = true;
                emit(new SttEvent.StartOfTurn(turnIndex, transcript, audioMillis));
            }
            case "Update" -> {
                // Updates also come in the silence between turns, with nothing in them.
                if (turnOpen) {
                    emit(new SttEvent.Update(turnIndex, transcript, audioMillis));
                }
            }
            case "EagerEndOfTurn" -> emit(new SttEvent.EagerEndOfTurn(turnIndex, transcript, confidence, audioMillis));
            case "TurnResumed" -> emit(new SttEvent.TurnResumed(turnIndex, transcript, audioMillis));
            case "EndOfTurn" -> {
                turnOpen = false;
                emit(new SttEvent.EndOfTurn(turnIndex, transcript, confidence, audioMillis));
            }
            default -> {
                // An event of a later version.
            }
        }
    }

    @Override
    boolean expectsWords() {
        return turnOpen;
    }
}
