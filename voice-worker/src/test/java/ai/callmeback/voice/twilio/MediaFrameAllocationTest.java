package ai.callmeback.voice.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.stt.SttEvent;
import ai.callmeback.vendors.stt.SttOptions;
import ai.callmeback.vendors.stt.SttSession;
import ai.callmeback.voice.call.VirtualTime;
import ai.callmeback.voice.ears.Ears;
import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * The limit on what our own code makes for each media frame: nothing. A call has a hundred frames a second, both ways, so
 * what is made here is what the collector stops all calls for. Bytes are counted by the JVM, not timed: the test is as
 * steady on a loaded machine. (What Netty makes around a frame, its own frame objects and promises, is in the bench's
 * {@code bytesPerFrame}.)
 */
class MediaFrameAllocationTest {
    private static final int FRAMES = 20_000;

    /** Room for what the JVM does now and then, far less than one object a frame. */
    private static final double READ_BYTES_MOST = 8;

    /** As before; and the pool makes a new handle for one buffer in some, by design of its own. */
    private static final double WRITTEN_BYTES_MOST = 32;

    private final PooledByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
    private final byte[] speech = new byte[800];
    private long heard;

    @Test
    void aFrameInIsReadWithoutMakingAnything() throws Exception {
        String payload = Base64.getEncoder().encodeToString(new byte[160]);
        StreamSid stream = new StreamSid("MZ0123456789abcdef0123456789abcdef");
        ByteBuf frame = allocator
                .buffer()
                .writeBytes(("{\"event\":\"media\",\"sequenceNumber\":\"4711\",\"media\":{\"track\":\"inbound\","
                                + "\"chunk\":\"4710\",\"timestamp\":\"94200\",\"payload\":\"" + payload
                                + "\"},\"streamSid\":\"" + stream + "\"}")
                        .getBytes(StandardCharsets.US_ASCII));
        TwilioListener listener = new TwilioListener() {
            @Override
            public void onMedia(long sequence, long timestampMillis, byte[] mulaw, int length) {
                heard += length;
            }

            @Override
            public void onFrame(TwilioFrame other) {
                throw new AssertionError(other);
            }
        };
        assertThat(bytesPerFrame(() -> TwilioFrameReader.ofLoop().read(frame, stream, listener)))
                .isLessThan(READ_BYTES_MOST);
        assertThat(heard).isEqualTo(2L * FRAMES * 160);
    }

    /** From the socket to the connection that sends it on: level, what is kept to be heard again, the wait for words. */
    @Test
    void aFrameInIsHeardAndSentOnInPooledMemoryAlone() throws Exception {
        VirtualTime time = new VirtualTime();
        SentOn vendor = new SentOn();
        Ears ears = new Ears(
                time.loop(),
                (options, loop, toTell) -> {
                    loop.execute(() -> toTell.onEvent(new SttEvent.Opened("request")));
                    return vendor;
                },
                List.of(SttOptions.flux()),
                new NobodyTold());
        ears.open();
        time.settle();
        byte[] quiet = new byte[160];
        Arrays.fill(quiet, (byte) 0xFF);
        assertThat(bytesPerFrame(() -> ears.audio(allocator, quiet, quiet.length)))
                .isLessThan(WRITTEN_BYTES_MOST);
        assertThat(vendor.bytes).isEqualTo(2L * FRAMES * 160);
    }

    @Test
    void aFrameOutIsWrittenIntoPooledMemoryAlone() throws Exception {
        TwilioFrameWriter writer = new TwilioFrameWriter("MZ0123456789abcdef0123456789abcdef");
        assertThat(bytesPerFrame(
                        () -> writer.media(allocator, speech, 0, speech.length).release()))
                .isLessThan(WRITTEN_BYTES_MOST);
    }

    /** Of the second half: in the first, pools are filled and classes loaded. On a thread like an event loop's. */
    private static double bytesPerFrame(Runnable frame) throws Exception {
        CompletableFuture<Double> measured = new CompletableFuture<>();
        Thread thread = new FastThreadLocalThread(() -> {
            try {
                ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
                repeat(frame);
                long before = threads.getCurrentThreadAllocatedBytes();
                repeat(frame);
                measured.complete((threads.getCurrentThreadAllocatedBytes() - before) / (double) FRAMES);
            } catch (RuntimeException | Error e) {
                measured.completeExceptionally(e);
            }
        });
        thread.start();
        return measured.get();
    }

    private static void repeat(Runnable frame) {
        for (int i = 0; i < FRAMES; i++) {
            frame.run();
        }
    }

    /** A connection that keeps nothing. */
    private static final class SentOn implements SttSession {
        private long bytes;

        @Override
        public void sendAudio(ByteBuf mulaw) {
            bytes += mulaw.readableBytes();
            mulaw.release();
        }

        @Override
        public void forceEndTurn() {}

        @Override
        public void close() {}

        @Override
        public long audioMillisSent() {
            return bytes / 8;
        }

        @Override
        public long audioMillisUnanswered() {
            return 0;
        }

        @Override
        public long audioMillisDropped() {
            return 0;
        }
    }

    private static final class NobodyTold implements Ears.Listener {
        @Override
        public void onConnecting(SttOptions options, int attempt) {}

        @Override
        public void onSpeech(SttEvent event) {}

        @Override
        public void onReplaced(VendorFault fault, boolean heardAgain) {}

        @Override
        public void onWentBack() {}

        @Override
        public void onDeaf(VendorFault fault) {}
    }
}
