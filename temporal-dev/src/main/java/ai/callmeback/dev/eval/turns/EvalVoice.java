package ai.callmeback.dev.eval.turns;

import ai.callmeback.simulators.speech.Speech;
import ai.callmeback.simulators.speech.SpeechEncoder;
import ai.callmeback.vendors.tts.TextToSpeech;
import ai.callmeback.vendors.tts.TtsEvent;
import ai.callmeback.vendors.tts.TtsListener;
import ai.callmeback.vendors.tts.TtsOptions;
import ai.callmeback.vendors.tts.TtsSession;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A voice that says text in the simulators' code, in pieces, after a usual time and eight times as fast as it is heard. */
final class EvalVoice implements TextToSpeech {
    private static final int LETTERS_A_PIECE = 12;

    private final Random random;
    private final LongSupplier millis;

    EvalVoice(long seed, LongSupplier millis) {
        this.millis = millis;
        this.random = new Random(seed);
    }

    @Override
    public TtsSession open(TtsOptions options, EventLoop loop, TtsListener listener) {
        return new Session(loop, listener);
    }

    @Override
    public TtsSession openFallback(TtsOptions options, EventLoop loop, TtsListener listener) {
        return new Session(loop, listener);
    }

    private final class Session implements TtsSession {
        private final EventLoop loop;
        private final TtsListener listener;
        private final Map<String, SpeechEncoder> contexts = new HashMap<>();
        private final Map<String, Long> busyMillis = new HashMap<>();
        private long characters;
        private boolean closed;

        Session(EventLoop loop, TtsListener listener) {
            this.loop = loop;
            this.listener = listener;
        }

        @Override
        public void startContext(String contextId) {
            contexts.put(contextId, new SpeechEncoder());
        }

        @Override
        public void text(String contextId, String text) {
            SpeechEncoder encoder = contexts.get(contextId);
            if (encoder == null) {
                return;
            }
            characters += text.length();
            long due = Math.max(now() + 70 + random.nextInt(60), busyMillis.getOrDefault(contextId, 0L));
            for (int at = 0; at < text.length(); at += LETTERS_A_PIECE) {
                Speech speech = encoder.encode(text.substring(at, Math.min(text.length(), at + LETTERS_A_PIECE)));
                due += speech.lengthMillis() / 8;
                String said = new String(speech.codePoints(), 0, speech.codePoints().length);
                var event = new TtsEvent.Alignment(said, speech.startMillis(), speech.durationMillis());
                at(due, () -> {
                    if (contexts.containsKey(contextId)) {
                        byte[] audio = Arrays.copyOf(speech.audio(), speech.audio().length);
                        listener.onEvent(new TtsEvent.Audio(contextId, Unpooled.wrappedBuffer(audio), 0, event));
                    }
                });
            }
            busyMillis.put(contextId, due);
        }

        @Override
        public void flush(String contextId) {}

        @Override
        public void closeContext(String contextId) {
            at(Math.max(now() + 10, busyMillis.getOrDefault(contextId, 0L) + 5), () -> {
                if (contexts.remove(contextId) != null) {
                    listener.onEvent(new TtsEvent.ContextFinal(contextId));
                }
            });
        }

        @Override
        public void cancelContext(String contextId) {
            contexts.remove(contextId);
        }

        @Override
        public void close() {
            closed = true;
            contexts.clear();
        }

        @Override
        public long charactersBilled() {
            return characters;
        }

        @Override
        public boolean isOpen() {
            return !closed;
        }

        private long now() {
            return millis.getAsLong();
        }

        private void at(long dueMillis, Runnable task) {
            var unused = loop.schedule(
                    () -> {
                        if (!closed) {
                            task.run();
                        }
                    },
                    dueMillis - now(),
                    TimeUnit.MILLISECONDS);
        }
    }
}
