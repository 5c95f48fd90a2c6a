package ai.callmeback.dev.strangers;

import java.net.URI;
import java.net.http.WebSocket;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The media stream of one call and the person at its end: he listens until the other has been silent for a while, hums
 * a sentence, and after his last one hangs up. Frames of 20 ms in real time; what he is sent is played at 8000 bytes a
 * second, marks come back when playback reaches them, a clear empties everything and gives all marks back.
 */
final class StrangersPhone implements WebSocket.Listener {

    private static final int SILENT_BEFORE_SPEAKING_MILLIS = 700;
    private static final int SENTENCE_MILLIS = 1500;
    private static final int LONGEST_FRAMES = 60 * 50;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private record Mark(long atByte, String name) {}

    private final StrangersCall call;
    private final StrangersTwilio company;
    private final Map<String, String> parameters;
    private final String stream;
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private final StringBuilder partial = new StringBuilder();
    private int sentencesLeft;
    private int humming;
    private int silentMillis;
    private int sequence = 1;
    private long received;
    private long played;
    private boolean heardAnything;
    private volatile boolean closed;
    private WebSocket socket;

    StrangersPhone(StrangersCall call, StrangersTwilio company, Map<String, String> parameters, int sentences) {
        this.call = call;
        this.company = company;
        this.parameters = parameters;
        this.sentencesLeft = sentences;
        this.stream = "MZ" + call.sid.substring(2);
    }

    synchronized long playedMillis() {
        return played / 8;
    }

    /** Returns true if the person hung up, false if the other side ended the stream. */
    boolean talk(URI url) throws InterruptedException {
        try {
            socket = company.client()
                    .newWebSocketBuilder()
                    .header("x-twilio-signature", company.sign(url.toString()))
                    .buildAsync(url, this)
                    .join();
        } catch (CompletionException e) {
            return false;
        }
        send("{\"event\":\"connected\",\"protocol\":\"Call\",\"version\":\"1.0.0\"}");
        send("{\"event\":\"start\",\"sequenceNumber\":\"" + sequence++ + "\",\"streamSid\":\"" + stream
                + "\",\"start\":{\"accountSid\":\"" + company.account + "\",\"streamSid\":\"" + stream
                + "\",\"callSid\":\"" + call.sid + "\",\"tracks\":[\"inbound\"],\"customParameters\":"
                + JSON.writeValueAsString(parameters)
                + ",\"mediaFormat\":{\"encoding\":\"audio/x-mulaw\",\"sampleRate\":8000,\"channels\":1}}}");
        boolean hungUp = frames();
        if (!closed) {
            send("{\"event\":\"stop\",\"sequenceNumber\":\"" + sequence++ + "\",\"streamSid\":\"" + stream
                    + "\",\"stop\":{\"accountSid\":\"" + company.account + "\",\"callSid\":\"" + call.sid + "\"}}");
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        }
        return hungUp;
    }

    private boolean frames() {
        long begin = System.nanoTime();
        for (int frame = 0; frame < LONGEST_FRAMES && !closed && !call.leaveStream(); frame++) {
            byte[] audio = next();
            if (audio == null) {
                return true;
            }
            send("{\"event\":\"media\",\"sequenceNumber\":\"" + sequence++ + "\",\"streamSid\":\"" + stream
                    + "\",\"media\":{\"track\":\"inbound\",\"chunk\":\"" + (frame + 1) + "\",\"timestamp\":\""
                    + frame * Sound.FRAME_MILLIS + "\",\"payload\":\""
                    + Base64.getEncoder().encodeToString(audio)
                    + "\"}}");
            play();
            LockSupport.parkNanos(begin + (frame + 1L) * Sound.FRAME_MILLIS * 1_000_000 - System.nanoTime());
        }
        return false;
    }

    /** What the microphone hears in this frame; null when the person hangs up. */
    private synchronized byte[] next() {
        silentMillis = played < received ? 0 : silentMillis + Sound.FRAME_MILLIS;
        if (humming > 0) {
            humming -= Sound.FRAME_MILLIS;
            silentMillis = 0;
            return Sound.sine(Sound.FRAME_MILLIS, 400);
        }
        if (heardAnything && silentMillis >= SILENT_BEFORE_SPEAKING_MILLIS) {
            if (sentencesLeft == 0) {
                return null;
            }
            sentencesLeft--;
            humming = SENTENCE_MILLIS;
            heardAnything = false;
        }
        return Sound.silence(Sound.FRAME_MILLIS);
    }

    private synchronized void play() {
        played = Math.min(received, played + Sound.FRAME_BYTES);
        while (!marks.isEmpty() && marks.peek().atByte <= played) {
            echo(marks.poll());
        }
    }

    private synchronized void heard(JsonNode message) {
        switch (message.path("event").asString("")) {
            case "media" -> {
                byte[] audio = Base64.getDecoder()
                        .decode(message.path("media").path("payload").asString());
                received += audio.length;
                heardAnything |= Sound.loud(Arrays.copyOf(audio, audio.length));
            }
            case "mark" ->
                marks.add(new Mark(received, message.path("mark").path("name").asString()));
            case "clear" -> {
                received = played;
                while (!marks.isEmpty()) {
                    echo(marks.poll());
                }
            }
            default -> company.problems.add("unexpected message to the phone: " + message);
        }
        if (!stream.equals(message.path("streamSid").asString(""))) {
            company.problems.add("message for another stream");
        }
    }

    private void echo(Mark mark) {
        send("{\"event\":\"mark\",\"sequenceNumber\":\"" + sequence++ + "\",\"streamSid\":\"" + stream
                + "\",\"mark\":{\"name\":" + JSON.writeValueAsString(mark.name) + "}}");
    }

    private synchronized void send(String json) {
        try {
            socket.sendText(json, true).join();
        } catch (CompletionException gone) {
            closed = true;
        }
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            heard(JSON.readTree(partial.toString()));
            partial.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        closed = true;
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed = true;
    }
}
