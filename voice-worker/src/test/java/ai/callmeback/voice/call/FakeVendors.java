package ai.callmeback.voice.call;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.llm.LanguageModel;
import ai.callmeback.vendors.llm.LlmCall;
import ai.callmeback.vendors.llm.LlmEvent;
import ai.callmeback.vendors.llm.LlmListener;
import ai.callmeback.vendors.llm.LlmMessage;
import ai.callmeback.vendors.llm.LlmReply;
import ai.callmeback.vendors.llm.LlmRequest;
import ai.callmeback.vendors.llm.LlmUsage;
import ai.callmeback.vendors.stt.SpeechToText;
import ai.callmeback.vendors.stt.SttEvent;
import ai.callmeback.vendors.stt.SttListener;
import ai.callmeback.vendors.stt.SttOptions;
import ai.callmeback.vendors.stt.SttSession;
import ai.callmeback.vendors.tts.TextToSpeech;
import ai.callmeback.vendors.tts.TtsEvent;
import ai.callmeback.vendors.tts.TtsListener;
import ai.callmeback.vendors.tts.TtsOptions;
import ai.callmeback.vendors.tts.TtsSession;
import ai.callmeback.voice.mouth.Voices;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Vendors behind their ports, in the time of the given loop. The voice says each character in 60 ms of audio whose bytes
 * are that character, so that what a phone played can be read off it.
 */
public final class FakeVendors {
    public static final int CHARACTER_BYTES = 480;

    public final Ears ears;
    public final Mind mind;
    public final Voice voice;

    public FakeVendors() {
        this(new Ears(), new Mind(), new Voice());
    }

    FakeVendors(Ears ears, Mind mind, Voice voice) {
        this.ears = ears;
        this.mind = mind;
        this.voice = voice;
    }

    /** Reads what a phone played. */
    public static String textOf(byte[] played) {
        StringBuilder text = new StringBuilder();
        for (int i = CHARACTER_BYTES - 1; i < played.length; i += CHARACTER_BYTES) {
            text.append((char) played[i]);
        }
        return text.toString();
    }

    /** Speech-to-text that hears what a test says it hears. */
    public static class Ears implements SpeechToText {
        private @Nullable SttListener listener;
        public final ByteArrayOutputStream heard = new ByteArrayOutputStream();
        /** Whether connections succeed. */
        public boolean opens = true;

        /** Whether it says nothing whatever, not even that it hears nothing. */
        public boolean mute;

        public SttOptions.@Nullable Engine engine;
        public int opened;
        public int audioBytes;
        public int forced;
        private int turn;

        @Override
        public SttSession open(SttOptions options, EventLoop loop, SttListener toTell) {
            opened++;
            engine = options.engine();
            listener = toTell;
            if (opens) {
                loop.execute(() -> toTell.onEvent(new SttEvent.Opened("request")));
            }
            int sentBefore = audioBytes;
            return new SttSession() {
                @Override
                public void sendAudio(ByteBuf mulaw) {
                    audioBytes += mulaw.readableBytes();
                    byte[] bytes = new byte[mulaw.readableBytes()];
                    mulaw.readBytes(bytes);
                    heard.writeBytes(bytes);
                    mulaw.release();
                }

                @Override
                public void forceEndTurn() {
                    forced++;
                }

                @Override
                public void close() {}

                @Override
                public long audioMillisSent() {
                    return (audioBytes - sentBefore) / 8L;
                }

                @Override
                public long audioMillisUnanswered() {
                    return mute ? audioMillisSent() : 0;
                }

                @Override
                public long audioMillisDropped() {
                    return 0;
                }
            };
        }

        public void hear(SttEvent event) {
            SttListener now = listener;
            if (now == null) {
                throw new IllegalStateException("nobody listens");
            }
            now.onEvent(event);
        }

        /** The user begins to say something. */
        public void starts(String words) {
            hear(new SttEvent.StartOfTurn(turn, words, 0));
        }

        /** The user has probably said all of it. */
        public void maybeSaid(String words) {
            hear(new SttEvent.EagerEndOfTurn(turn, words, 0.5, 0));
        }

        public void goesOn(String words) {
            hear(new SttEvent.TurnResumed(turn, words, 0));
        }

        /** The user has said all of it. */
        public void says(String words) {
            hear(new SttEvent.Update(turn, words, 0));
            hear(new SttEvent.EndOfTurn(turn++, words, 0.9, 0));
        }

        public void breaks() {
            hear(new SttEvent.Closed(VendorFault.of("deepgram", VendorFault.Kind.DROPPED, "gone")));
        }
    }

    /** A model that answers at once by a function of what it is asked. */
    public static class Mind implements LanguageModel {
        public final List<LlmRequest> requests = new ArrayList<>();
        public Function<String, List<LlmEvent>> answers = said -> List.of(new LlmEvent.Delta("You said " + said + "."));
        public long delayMillis;
        /** Between one piece of an answer and the next. */
        public long trickleMillis;
        /** What it says to the question whether a thought is finished, and when; such a question offers no functions. */
        public String thought = "";

        public long thoughtMillis;
        public final List<LlmRequest> thoughts = new ArrayList<>();

        @Override
        public LlmCall stream(LlmRequest request, EventLoop loop, LlmListener listener) {
            if (request.tools().isEmpty()) {
                thoughts.add(request);
                return answer(listener, loop, thoughtMillis, () -> List.of(new LlmEvent.Delta(thought)));
            }
            requests.add(request);
            if (trickleMillis > 0) {
                return trickle(request, loop, listener);
            }
            return answer(listener, loop, delayMillis, () -> answers.apply(lastUserText(request)));
        }

        private LlmCall trickle(LlmRequest request, EventLoop loop, LlmListener listener) {
            List<LlmEvent> events = answers.apply(lastUserText(request));
            boolean[] over = new boolean[1];
            for (int i = 0; i <= events.size(); i++) {
                LlmEvent event =
                        i < events.size() ? events.get(i) : new LlmEvent.Finished(LlmEvent.FinishReason.STOP, "m");
                var unused = loop.schedule(
                        () -> {
                            if (!over[0]) {
                                listener.onEvent(event);
                            }
                        },
                        delayMillis + i * trickleMillis,
                        TimeUnit.MILLISECONDS);
            }
            return new LlmCall() {
                @Override
                public void cancel() {
                    over[0] = true;
                }

                @Override
                public boolean isDone() {
                    return over[0];
                }
            };
        }

        private static LlmCall answer(
                LlmListener listener, EventLoop loop, long afterMillis, Supplier<List<LlmEvent>> answers) {
            boolean[] over = new boolean[1];
            var unused = loop.schedule(
                    () -> {
                        for (LlmEvent event : answers.get()) {
                            if (!over[0]) {
                                listener.onEvent(event);
                            }
                        }
                        if (!over[0]) {
                            over[0] = true;
                            listener.onEvent(new LlmEvent.Usage(new LlmUsage("m", 10, 5, 0, false)));
                            listener.onEvent(new LlmEvent.Finished(LlmEvent.FinishReason.STOP, "m"));
                        }
                    },
                    afterMillis,
                    TimeUnit.MILLISECONDS);
            return new LlmCall() {
                @Override
                public void cancel() {
                    if (!over[0]) {
                        over[0] = true;
                        listener.onEvent(new LlmEvent.Usage(new LlmUsage("m", 10, 1, 0, true)));
                    }
                }

                @Override
                public boolean isDone() {
                    return over[0];
                }
            };
        }

        @Override
        public Mono<LlmReply> complete(LlmRequest request) {
            return Mono.empty();
        }

        private static String lastUserText(LlmRequest request) {
            String last = "";
            for (LlmMessage message : request.messages()) {
                last = message instanceof LlmMessage.User user ? user.text() : last;
            }
            return last;
        }
    }

    public final AtomicLong voicesNanos = new AtomicLong();
    public final Voices voices = new Voices("eleven_flash_v2_5", "usual", voicesNanos::get);

    /** A voice that speaks at once. */
    public static class Voice implements TextToSpeech {
        /** Voices and models it does not have, at its socket and by HTTP. */
        public final Set<String> refused = new HashSet<>();

        public int opened;
        public int openedFallback;
        public @Nullable TtsOptions options;
        public final List<String> said = new ArrayList<>();
        /** How often it says each text. */
        public int timesOver = 1;
        /** Between one character's sound and the next; 0 for all at once. */
        public long trickleMillis;

        private @Nullable TtsListener listener;
        private boolean mute;

        @Override
        public TtsSession open(TtsOptions options, EventLoop loop, TtsListener toTell) {
            opened++;
            this.options = options;
            return session(options, loop, toTell);
        }

        @Override
        public TtsSession openFallback(TtsOptions options, EventLoop loop, TtsListener toTell) {
            openedFallback++;
            return session(options, loop, toTell);
        }

        /** From now on nothing is spoken. */
        public void mute(boolean on) {
            mute = on;
        }

        public void breaks() {
            TtsListener now = listener;
            if (now != null) {
                now.onEvent(new TtsEvent.Closed(VendorFault.of("elevenlabs", VendorFault.Kind.DROPPED, "gone")));
            }
        }

        private TtsSession session(TtsOptions asked, EventLoop loop, TtsListener toTell) {
            if (refused.contains(asked.modelId()) || refused.contains(asked.voiceId())) {
                return RefusedSession.open(refused.contains(asked.modelId()) ? "model" : "voice", loop, toTell);
            }
            listener = toTell;
            Map<String, Long> offsets = new HashMap<>();
            return new TtsSession() {
                private long characters;

                @Override
                public void startContext(String contextId) {
                    offsets.put(contextId, 0L);
                }

                @Override
                public void text(String contextId, String text) {
                    characters += text.length();
                    said.add(text.strip());
                    if (!mute && trickleMillis > 0) {
                        for (int i = 0; i < text.length(); i++) {
                            String character = text.substring(i, i + 1);
                            var unused = loop.schedule(
                                    () -> speakOnce(contextId, character), i * trickleMillis, TimeUnit.MILLISECONDS);
                        }
                    } else if (!mute) {
                        loop.execute(() -> speak(contextId, text));
                    }
                }

                private void speak(String contextId, String text) {
                    for (int i = 0; i < timesOver; i++) {
                        speakOnce(contextId, text);
                    }
                }

                private void speakOnce(String contextId, String text) {
                    Long offset = offsets.get(contextId);
                    if (offset != null) {
                        offsets.put(contextId, offset + (long) text.length() * CHARACTER_BYTES);
                        toTell.onEvent(LetterSound.of(contextId, text, offset));
                    }
                }

                @Override
                public void flush(String contextId) {}

                @Override
                public void closeContext(String contextId) {
                    if (trickleMillis > 0) {
                        return;
                    }
                    loop.execute(() -> {
                        if (!mute && offsets.remove(contextId) != null) {
                            toTell.onEvent(new TtsEvent.ContextFinal(contextId));
                        }
                    });
                }

                @Override
                public void cancelContext(String contextId) {
                    offsets.remove(contextId);
                }

                @Override
                public void close() {
                    offsets.clear();
                }

                @Override
                public long charactersBilled() {
                    return characters;
                }

                @Override
                public boolean isOpen() {
                    return true;
                }
            };
        }
    }
}
