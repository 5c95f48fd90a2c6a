package ai.callmeback.dev.eval.turns;

import ai.callmeback.simulators.deepgram.OfflineFlux;
import ai.callmeback.vendors.stt.SpeechToText;
import ai.callmeback.vendors.stt.SttEvent;
import ai.callmeback.vendors.stt.SttListener;
import ai.callmeback.vendors.stt.SttOptions;
import ai.callmeback.vendors.stt.SttSession;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Speech-to-text by the simulators' model, in chunks as on the wire, its events delayed and in order. */
final class EvalEars implements SpeechToText {
    private static final int CHUNK_BYTES = 640;
    private static final long OPEN_MILLIS = 180;

    private final long seed;
    private final LongSupplier millis;

    EvalEars(long seed, LongSupplier millis) {
        this.seed = seed;
        this.millis = millis;
    }

    @Override
    public SttSession open(SttOptions options, EventLoop loop, SttListener listener) {
        Session session = new Session(options, loop, listener);
        session.later(OPEN_MILLIS, new SttEvent.Opened("eval"));
        return session;
    }

    /** The vendor's event by its name on the wire. */
    static SttEvent event(String name, int index, String transcript, double confidence, long audioMillis) {
        return switch (name) {
            case "StartOfTurn" -> new SttEvent.StartOfTurn(index, transcript, audioMillis);
            case "Update" -> new SttEvent.Update(index, transcript, audioMillis);
            case "EagerEndOfTurn" -> new SttEvent.EagerEndOfTurn(index, transcript, confidence, audioMillis);
            case "TurnResumed" -> new SttEvent.TurnResumed(index, transcript, audioMillis);
            case "EndOfTurn" -> new SttEvent.EndOfTurn(index, transcript, confidence, audioMillis);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private final class Session implements SttSession {
        private final EventLoop loop;
        private final SttListener listener;
        private final OfflineFlux model;
        private final ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        private boolean closed;
        private long lastDue;

        Session(SttOptions options, EventLoop loop, SttListener listener) {
            this.loop = loop;
            this.listener = listener;
            Double eager = options.eagerEndOfTurnThreshold();
            this.model = new OfflineFlux(
                    options.endOfTurnThreshold(), eager == null ? 0 : eager, new Random(seed), this::turn);
        }

        private void turn(String event, int index, String transcript, double confidence, long audioMillis, long delay) {
            later(delay, event(event, index, transcript, confidence, audioMillis));
        }

        void later(long delayMillis, SttEvent event) {
            lastDue = Math.max(lastDue, millis.getAsLong() + delayMillis);
            var unused = loop.schedule(
                    () -> {
                        if (!closed) {
                            listener.onEvent(event);
                        }
                    },
                    lastDue - millis.getAsLong(),
                    TimeUnit.MILLISECONDS);
        }

        @Override
        public void sendAudio(ByteBuf mulaw) {
            byte[] bytes = new byte[mulaw.readableBytes()];
            mulaw.readBytes(bytes);
            mulaw.release();
            chunk.writeBytes(bytes);
            if (chunk.size() >= CHUNK_BYTES) {
                model.accept(chunk.toByteArray());
                chunk.reset();
            }
        }

        @Override
        public void forceEndTurn() {
            model.forceEndTurn();
        }

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public long audioMillisSent() {
            return model.audioMillis();
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
}
