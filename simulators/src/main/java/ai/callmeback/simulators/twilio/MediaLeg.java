package ai.callmeback.simulators.twilio;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.Fault;
import ai.callmeback.simulators.core.FaultKind;
import ai.callmeback.simulators.core.SimTime;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * One bidirectional media stream of a call, from connecting to its end: what the vendor does at the far end of the
 * customer's WebSocket. Driven by the call, a slot every 20 ms.
 */
final class MediaLeg implements MediaSockets.Listener {
    private static final int SLOT_MILLIS = 20;
    private static final Set<FaultKind> FAULTS = EnumSet.of(FaultKind.SILENT, FaultKind.CLOSE, FaultKind.DELAY);

    /** How a stream ended. */
    enum End {
        /** The customer's server closed it, with a close frame. */
        CLOSED,
        /** The connection broke. */
        BROKEN,
        /** It never came to be. */
        FAILED,
        /** We closed it: the call ended or was redirected. */
        STOPPED
    }

    /** What the call does for, and wants to know of, its stream. */
    interface Owner {
        String accountSid();

        String callSid();

        String number();

        void journal(String kind, Map<String, Object> detail);

        /** The customer emptied the playback buffer. */
        void cleared(boolean somethingDropped);

        /** Reports to the stream's own status callback. */
        void streamEvent(Verb.ConnectStream stream, String streamSid, String event, @Nullable String error);

        /** Over; comes once, and not for a stream that was stopped by the call. */
        void ended(End how);
    }

    private enum State {
        CONNECTING,
        OPEN,
        /** The socket is gone, what is buffered still plays. */
        DRAINING,
        OVER
    }

    private final Owner owner;
    private final Exchange exchange;
    private final SimTime time;
    private final String streamSid;
    private final Verb.ConnectStream stream;
    private final PlaybackBuffer buffer = new PlaybackBuffer();
    private final List<String> reached = new ArrayList<>();
    private State state = State.CONNECTING;
    private MediaSockets.@Nullable Socket socket;
    private End drainedEnd = End.CLOSED;
    private long sequence;
    private long chunk;
    private long framesReceived;
    private long bytesReceived;
    private long framesDropped;
    private int badFrames;
    private boolean silent;
    private boolean slowReported;
    private boolean faultPending;

    MediaLeg(Owner owner, Exchange exchange, String streamSid, Verb.ConnectStream stream) {
        this.owner = owner;
        this.exchange = exchange;
        this.time = exchange.time();
        this.streamSid = streamSid;
        this.stream = stream;
    }

    String streamSid() {
        return streamSid;
    }

    void open(URI uri) {
        String signature = Signature.of(exchange.settings().authToken(), uri.toString(), Map.of());
        owner.journal("stream.connecting", Details.of("streamSid", streamSid, "url", uri.toString()));
        socket = exchange.sockets().connect(uri, Map.of("x-twilio-signature", signature), this);
    }

    @Override
    public void opened() {
        if (state != State.CONNECTING) {
            return;
        }
        state = State.OPEN;
        owner.journal("stream.started", Details.of("streamSid", streamSid));
        send(StreamMessages.CONNECTED);
        send(StreamMessages.start(++sequence, owner.accountSid(), owner.callSid(), streamSid, stream.parameters()));
        owner.streamEvent(stream, streamSid, "stream-started", null);
    }

    @Override
    public void failed(int code, String why) {
        if (state != State.CONNECTING) {
            return;
        }
        state = State.OVER;
        owner.journal("stream.failed", Details.of("streamSid", streamSid, "code", code, "why", why));
        owner.streamEvent(stream, streamSid, "stream-error", code + " " + why);
        owner.ended(End.FAILED);
    }

    /** One slot: plays 20 ms into {@code playback}; returns how many bytes of it are audio. */
    int pull(byte[] playback) {
        strike();
        if (silent || state == State.CONNECTING || state == State.OVER) {
            return 0;
        }
        reached.clear();
        int filled = buffer.pull(playback, reached);
        reached.forEach(name -> echo(name, false));
        if (state == State.DRAINING && filled == 0) {
            over(drainedEnd);
        }
        return filled;
    }

    /** The other direction of the slot: 20 ms from the phone. */
    void push(byte[] spoken) {
        if (state != State.OPEN || silent) {
            return;
        }
        chunk++;
        if (socket != null && !socket.writable()) {
            framesDropped++;
            if (!slowReported) {
                slowReported = true;
                warn(31930, "the media server reads too slowly: inbound audio is dropped");
            }
            return;
        }
        send(StreamMessages.media(++sequence, streamSid, chunk, (chunk - 1) * SLOT_MILLIS, spoken));
    }

    void key(char digit) {
        if (state == State.OPEN && !silent) {
            send(StreamMessages.dtmf(++sequence, streamSid, digit));
        }
    }

    /** The call ends or goes elsewhere: {@code stop}, then the socket closes. */
    void stop() {
        if (state == State.OPEN) {
            send(StreamMessages.stop(++sequence, owner.accountSid(), owner.callSid(), streamSid));
        }
        if (state != State.OVER) {
            boolean wasOpen = state != State.CONNECTING;
            state = State.OVER;
            if (socket != null) {
                socket.close(1000);
            }
            summarise("stopped", 1000);
            if (wasOpen) {
                owner.streamEvent(stream, streamSid, "stream-stopped", null);
            }
        }
    }

    // What the customer sends.

    @Override
    public void text(String message) {
        if (state != State.OPEN || silent) {
            return;
        }
        StreamMessages.Incoming incoming;
        try {
            incoming = StreamMessages.read(message);
        } catch (JacksonException | IllegalArgumentException e) {
            bad("malformed JSON");
            return;
        }
        if (incoming.event() == null) {
            bad("a message without an event");
        } else if (!streamSid.equals(incoming.streamSid())) {
            bad("streamSid is not the one of this stream");
        } else {
            handle(incoming);
        }
    }

    private void handle(StreamMessages.Incoming incoming) {
        switch (String.valueOf(incoming.event())) {
            case "media" -> media(incoming.media());
            case "mark" -> mark(incoming.mark());
            case "clear" -> clear();
            default -> warn(31924, "unsupported message " + incoming.event());
        }
    }

    private void media(StreamMessages.@Nullable Media media) {
        if (media == null || media.payload() == null) {
            bad("media without a payload");
            return;
        }
        byte[] audio;
        try {
            audio = Base64.getDecoder().decode(media.payload());
        } catch (IllegalArgumentException e) {
            bad("media whose payload is not base64");
            return;
        }
        framesReceived++;
        bytesReceived += audio.length;
        if (!buffer.add(audio)) {
            warn(31930, "more than " + PlaybackBuffer.MAX_BYTES + " bytes wait to be played: dropped");
        }
    }

    private void mark(StreamMessages.@Nullable Mark mark) {
        if (mark == null || mark.name() == null) {
            bad("mark without a name");
            return;
        }
        owner.journal(
                "mark.received",
                Details.of(
                        "name",
                        mark.name(),
                        "atByte",
                        buffer.playedBytes() + buffer.bufferedBytes(),
                        "bufferedMillis",
                        buffer.bufferedBytes() / 8));
        if (buffer.mark(mark.name())) {
            echo(mark.name(), false);
        }
    }

    private void clear() {
        long droppedBytes = buffer.bufferedBytes();
        List<String> pending = buffer.clear();
        owner.journal(
                "clear",
                Details.of(
                        "droppedMillis", droppedBytes / 8,
                        "pendingMarks", pending,
                        "playedMillis", buffer.playedBytes() / 8));
        owner.cleared(droppedBytes > 0);
        pending.forEach(name -> echo(name, true));
    }

    private void echo(String name, boolean cleared) {
        owner.journal(
                "mark.echoed", Details.of("name", name, "cleared", cleared, "playedMillis", buffer.playedBytes() / 8));
        if (state == State.OPEN && !silent) {
            send(StreamMessages.mark(++sequence, streamSid, name));
        }
    }

    @Override
    public void binary(int bytes) {
        if (state == State.OPEN) {
            bad("a binary frame of " + bytes + " bytes");
        }
    }

    /** Reported once; the rest is counted. */
    private void bad(String what) {
        if (badFrames++ == 0) {
            warn(31950, what);
        }
    }

    private void warn(int code, String what) {
        owner.journal("stream.warning", Details.of("streamSid", streamSid, "code", code, "what", what));
    }

    // How it ends.

    @Override
    public void closed(boolean clean, int code) {
        if (state != State.OPEN) {
            return;
        }
        summarise(clean ? "closed" : "broken", code);
        owner.streamEvent(
                stream, streamSid, clean ? "stream-stopped" : "stream-error", clean ? null : "31903 connection broken");
        drainedEnd = clean ? End.CLOSED : End.BROKEN;
        if (exchange.settings().playOutAfterClose() && buffer.bufferedBytes() > 0) {
            state = State.DRAINING;
        } else {
            over(drainedEnd);
        }
    }

    private void over(End how) {
        state = State.OVER;
        owner.ended(how);
    }

    private void summarise(String how, int code) {
        owner.journal(
                "stream.ended",
                Details.of(
                        "streamSid", streamSid,
                        "how", how,
                        "closeCode", code,
                        "framesSent", chunk - framesDropped,
                        "framesDropped", framesDropped,
                        "framesReceived", framesReceived,
                        "bytesReceived", bytesReceived,
                        "playedMillis", buffer.playedBytes() / 8,
                        "unplayedMillis", buffer.bufferedBytes() / 8,
                        "badFrames", badFrames));
    }

    // Faults: operation "media".

    private void strike() {
        if (state == State.OPEN && !silent && !faultPending && exchange.faults().any()) {
            exchange.faults()
                    .take(Exchange.VENDOR, "media", FAULTS, owner.callSid(), owner.number())
                    .ifPresent(this::strike);
        }
    }

    private void strike(Fault fault) {
        faultPending = true;
        Consumer<Fault> effect = fault.kind() == FaultKind.CLOSE ? this::cut : ignored -> silent = true;
        time.after(Duration.ofMillis(fault.kind() == FaultKind.DELAY ? 0 : fault.delayMillis()), () -> {
            faultPending = false;
            effect.accept(fault);
            if (fault.kind() == FaultKind.DELAY) {
                time.after(Duration.ofMillis(fault.delayMillis()), () -> silent = false);
            }
        });
    }

    /** Our side drops the connection; to the call it is as broken as if theirs had. */
    private void cut(Fault fault) {
        if (state != State.OPEN || socket == null) {
            return;
        }
        if (fault.closeCode() == 0) {
            socket.abort();
        } else {
            socket.close(fault.closeCode());
        }
        closed(false, fault.closeCode());
    }

    private void send(CharSequence json) {
        if (socket != null) {
            socket.send(json);
        }
    }
}
