package ai.callmeback.voice.audio;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * A phone behind Twilio, in virtual time: plays what it is sent at 8000 bytes a second in steps of 20 ms, echoes marks
 * when playback reaches them or a clear drops them, and remembers what it played. Written from Twilio's documents, not
 * from our code.
 */
public final class FakePhone implements ai.callmeback.voice.call.MediaStream {
    private sealed interface Item {
        record Audio(byte[] bytes) implements Item {}

        record Mark(String name) implements Item {}
    }

    private final Deque<Item> buffer = new ArrayDeque<>();
    private final List<Byte> played = new ArrayList<>();
    private final List<String> echoes = new ArrayList<>();
    private byte[] playing = new byte[0];
    private int playingAt;
    private long clockMillis;
    private int underruns;
    private int clears;
    private boolean started;
    private String closed = "";
    /** Called for each echoed mark. */
    public Consumer<String> onMark = name -> {};

    @Override
    public void media(byte[] mulaw, int offset, int length) {
        byte[] copy = new byte[length];
        System.arraycopy(mulaw, offset, copy, 0, length);
        buffer.add(new Item.Audio(copy));
    }

    @Override
    public void mark(String name) {
        buffer.add(new Item.Mark(name));
    }

    @Override
    public void clear() {
        clears++;
        playing = new byte[0];
        playingAt = 0;
        for (Item item : buffer) {
            if (item instanceof Item.Mark mark) {
                echoes.add(mark.name());
            }
        }
        buffer.clear();
    }

    @Override
    public void flush() {}

    @Override
    public ByteBufAllocator allocator() {
        return UnpooledByteBufAllocator.DEFAULT;
    }

    @Override
    public void close(String reason) {
        closed = reason;
    }

    /** Plays 20 ms, then delivers the echoes that fell due. */
    public void tick() {
        clockMillis += 20;
        int wanted = 160;
        while (wanted > 0) {
            echoReached();
            if (playingAt == playing.length) {
                if (!(buffer.poll() instanceof Item.Audio audio)) {
                    break;
                }
                playing = audio.bytes();
                playingAt = 0;
            }
            int length = Math.min(wanted, playing.length - playingAt);
            for (int i = 0; i < length; i++) {
                played.add(playing[playingAt++]);
            }
            wanted -= length;
        }
        if (wanted == 160) {
            underruns += started ? 1 : 0;
        } else {
            started = true;
        }
        echoReached();
        deliver();
    }

    /** Delivers echoes at once, for marks that found an empty buffer or were cleared. */
    public void deliver() {
        if (playingAt == playing.length) {
            echoReached();
        }
        List<String> due = List.copyOf(echoes);
        echoes.clear();
        due.forEach(onMark);
    }

    private void echoReached() {
        while (playingAt == playing.length && buffer.peek() instanceof Item.Mark mark) {
            buffer.remove();
            echoes.add(mark.name());
        }
    }

    public long clockMillis() {
        return clockMillis;
    }

    public int playedBytes() {
        return played.size();
    }

    public byte[] played() {
        byte[] all = new byte[played.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = played.get(i);
        }
        return all;
    }

    /** Ticks without sound after the first sound. */
    public int underruns() {
        return underruns;
    }

    public int clears() {
        return clears;
    }

    public String closed() {
        return closed;
    }
}
