package ai.callmeback.voice.rehearsal;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.settings.VendorPolicy;
import ai.callmeback.vendors.wire.SocketListener;
import ai.callmeback.vendors.wire.VendorSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A phone at the other end of a media socket: hears each turn to its end, answers, and interrupts one of them. Lives on one
 * event loop.
 */
final class RehearsalPhone implements SocketListener {
    private static final int TICK_MILLIS = 20;
    private static final int SPEAK_TICKS = 6;
    private static final int QUIET_TICKS = 2;
    private static final int INTERRUPTS_TURN = 2;
    private static final String LOUD = payload(StandInVendors.LOUD);
    private static final String QUIET = payload((byte) 0xFF);

    private record Mark(String name, ScheduledFuture<?> echo) {}

    private final EventLoop loop;
    private final String stream;
    private final int turns;
    private final Runnable whenOver;
    private final List<Mark> marks = new ArrayList<>();
    private @Nullable VendorSocket socket;
    private @Nullable ScheduledFuture<?> ticking;
    private long playedUntilNanos;
    private boolean agentSpeaks;
    private int turnsHeard;
    private int quiet;
    private int speaking;
    private long tick;
    private boolean over;

    /** @param turns of the agent to hear before hanging up */
    RehearsalPhone(EventLoop loop, int number, int turns, Runnable whenOver) {
        this.loop = loop;
        this.stream = "MZ" + number;
        this.turns = turns;
        this.whenOver = whenOver;
    }

    void ring(URI media) {
        socket = VendorSocket.connect("rehearsal", loop, media, new DefaultHttpHeaders(), VendorPolicy.PROBE, this);
    }

    int turnsHeard() {
        return turnsHeard;
    }

    @Override
    public void onOpen(HttpHeaders response) {
        send("{\"event\":\"connected\",\"protocol\":\"Call\",\"version\":\"1.0.0\"}");
        send("{\"event\":\"start\",\"sequenceNumber\":\"1\",\"streamSid\":\"" + stream
                + "\",\"start\":{\"accountSid\":\"AC\",\"streamSid\":\"" + stream + "\",\"callSid\":\"CA" + stream
                + "\",\"tracks\":[\"inbound\"],\"customParameters\":{\"token\":\"" + stream
                + "\"},\"mediaFormat\":{\"encoding\":\"audio/x-mulaw\",\"sampleRate\":8000,\"channels\":1}}}");
        ticking = loop.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void onText(ByteBuf json) {
        String frame = json.toString(StandardCharsets.UTF_8);
        long now = System.nanoTime();
        if (frame.startsWith("{\"event\":\"media\"")) {
            int length = frame.lastIndexOf('"') - frame.lastIndexOf(":\"") - 2;
            long nanos = TimeUnit.MICROSECONDS.toNanos(length / 4 * 3L * 125);
            playedUntilNanos = Math.max(now, playedUntilNanos) + nanos;
            agentSpeaks = true;
            if (turnsHeard == INTERRUPTS_TURN && speaking == 0) {
                speaking = SPEAK_TICKS;
            }
        } else if (frame.startsWith("{\"event\":\"mark\"")) {
            String name = frame.substring(frame.lastIndexOf(":\"") + 2, frame.lastIndexOf('"'));
            marks.add(new Mark(
                    name, loop.schedule(() -> echo(name), Math.max(0, playedUntilNanos - now), TimeUnit.NANOSECONDS)));
        } else {
            playedUntilNanos = now;
            List<Mark> dropped = List.copyOf(marks);
            dropped.forEach(mark -> {
                mark.echo().cancel(false);
                echo(mark.name());
            });
            agentSpeaks = false;
            turnsHeard++;
        }
    }

    private void echo(String name) {
        marks.removeIf(mark -> mark.name().equals(name));
        send("{\"event\":\"mark\",\"streamSid\":\"" + stream + "\",\"mark\":{\"name\":\"" + name + "\"}}");
        if (name.endsWith("e")) {
            agentSpeaks = false;
            quiet = 0;
            turnsHeard++;
        }
    }

    private void tick() {
        tick++;
        boolean loud = speaking > 0;
        if (loud) {
            speaking--;
        } else if (!agentSpeaks && turnsHeard > 0 && turnsHeard < turns && ++quiet == QUIET_TICKS) {
            speaking = SPEAK_TICKS;
        }
        send("{\"event\":\"media\",\"sequenceNumber\":\"" + (tick + 1) + "\",\"streamSid\":\"" + stream
                + "\",\"media\":{\"track\":\"inbound\",\"chunk\":\"" + tick + "\",\"timestamp\":\""
                + tick * TICK_MILLIS + "\",\"payload\":\"" + (loud ? LOUD : QUIET) + "\"}}");
        if (turnsHeard >= turns) {
            hangUp();
        }
    }

    /** A repeat does nothing. */
    void hangUp() {
        if (!over) {
            send("{\"event\":\"stop\",\"streamSid\":\"" + stream + "\",\"stop\":{\"callSid\":\"CA" + stream + "\"}}");
            stop();
            if (socket != null) {
                socket.close();
            }
        }
    }

    @Override
    public void onClosed(VendorFault fault) {
        stop();
    }

    private void stop() {
        if (!over) {
            over = true;
            if (ticking != null) {
                ticking.cancel(false);
            }
            marks.forEach(mark -> mark.echo().cancel(false));
            whenOver.run();
        }
    }

    @Override
    public VendorFault meaningOf(int code, String reason) {
        return VendorFault.of("rehearsal", VendorFault.Kind.DROPPED, code, "", reason);
    }

    private void send(String frame) {
        if (socket != null && !over) {
            socket.sendText(Unpooled.copiedBuffer(frame, StandardCharsets.UTF_8));
        }
    }

    private static String payload(byte sample) {
        byte[] frame = new byte[160];
        Arrays.fill(frame, sample);
        return Base64.getEncoder().encodeToString(frame);
    }
}
