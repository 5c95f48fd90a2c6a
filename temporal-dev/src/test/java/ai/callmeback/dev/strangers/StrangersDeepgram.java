package ai.callmeback.dev.strangers;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A Flux of somebody else's: it hears loudness, and "understands" the lines it was given, one per stretch of sound.
 * Written from the vendor's description of {@code /v2/listen} alone.
 */
final class StrangersDeepgram extends TinyServer {

    private static final int EAGER_AFTER_MILLIS = 240;
    private static final int END_AFTER_MILLIS = 480;
    private static final int UPDATE_EVERY_MILLIS = 240;

    private final String key;
    private final List<String> lines;
    private final AtomicLong audioBytes = new AtomicLong();

    StrangersDeepgram(String key, List<String> lines) throws IOException {
        this.key = key;
        this.lines = lines;
    }

    long audioMillis() {
        return audioBytes.get() / 8;
    }

    @Override
    Reply http(Request request, OutputStream out) {
        return Reply.json(404, "{\"err_code\":\"Not Found\",\"err_msg\":\"no such thing\",\"request_id\":\"q\"}");
    }

    @Override
    Reply refuse(Request request) {
        if (!("Token " + key).equals(request.headers().get("authorization"))) {
            return Reply.json(401, "{\"category\":\"INVALID_AUTH\",\"message\":\"Invalid credentials.\"}");
        }
        boolean understood = request.path().equals("/v2/listen")
                && "flux-general-en".equals(request.query().get("model"))
                && "mulaw".equals(request.query().get("encoding"))
                && "8000".equals(request.query().get("sample_rate"));
        return understood ? null : Reply.json(400, "{\"err_code\":\"Bad Request\",\"err_msg\":\"cannot listen\"}");
    }

    @Override
    void socket(Request request, WebSocketLine line) throws IOException {
        new Ear(line).listen();
    }

    private final class Ear {
        private final WebSocketLine line;
        private int sequence;
        private int turn;
        private long heardMillis;
        private int loudMillis;
        private int quietMillis;
        private int sinceUpdate;
        private boolean inTurn;
        private boolean eager;

        Ear(WebSocketLine line) {
            this.line = line;
        }

        void listen() throws IOException {
            line.send("{\"type\":\"Connected\",\"request_id\":\"5f-stranger\",\"sequence_id\":" + sequence++ + "}");
            for (WebSocketLine.Message message = line.receive(); message != null; message = line.receive()) {
                if (message.kind() == WebSocketLine.BINARY) {
                    byte[] audio = message.bytes();
                    audioBytes.addAndGet(audio.length);
                    for (int at = 0; at < audio.length; at += Sound.FRAME_BYTES) {
                        frame(Arrays.copyOfRange(audio, at, Math.min(audio.length, at + Sound.FRAME_BYTES)));
                    }
                } else if (message.text().contains("ForceEndTurn") && inTurn) {
                    end();
                } else if (message.text().contains("CloseStream")) {
                    return;
                }
            }
        }

        private void frame(byte[] frame) throws IOException {
            int millis = frame.length / 8;
            heardMillis += millis;
            sinceUpdate += millis;
            if (Sound.loud(frame)) {
                loudMillis += millis;
                quietMillis = 0;
                if (!inTurn && loudMillis >= 100 && turn < lines.size()) {
                    inTurn = true;
                    tell("StartOfTurn", words());
                } else if (eager) {
                    eager = false;
                    tell("TurnResumed", words());
                }
            } else {
                quietMillis += millis;
                if (!inTurn) {
                    loudMillis = 0;
                }
            }
            if (inTurn && quietMillis >= END_AFTER_MILLIS) {
                end();
            } else if (inTurn && quietMillis >= EAGER_AFTER_MILLIS && !eager) {
                eager = true;
                tell("EagerEndOfTurn", lines.get(turn));
            } else if (sinceUpdate >= UPDATE_EVERY_MILLIS) {
                tell("Update", inTurn ? (eager ? lines.get(turn) : words()) : "");
            }
        }

        private void end() throws IOException {
            tell("EndOfTurn", lines.get(turn));
            turn++;
            inTurn = false;
            eager = false;
            loudMillis = 0;
        }

        /** A word every 300 ms of sound, at least one. */
        private String words() {
            String[] all = lines.get(turn).split(" ");
            int said = Math.max(1, Math.min(all.length, loudMillis / 300));
            return String.join(" ", List.of(all).subList(0, said));
        }

        private void tell(String event, String transcript) throws IOException {
            sinceUpdate = 0;
            line.send("{\"type\":\"TurnInfo\",\"request_id\":\"5f-stranger\",\"sequence_id\":" + sequence++
                    + ",\"event\":\"" + event + "\",\"turn_index\":" + turn + ",\"audio_window_start\":0.0"
                    + ",\"audio_window_end\":" + heardMillis / 1000.0 + ",\"transcript\":\"" + transcript
                    + "\",\"words\":[],\"end_of_turn_confidence\":" + (event.startsWith("End") ? 0.9 : 0.4) + "}");
        }
    }
}
