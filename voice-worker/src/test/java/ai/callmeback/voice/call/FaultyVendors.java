package ai.callmeback.voice.call;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.VendorFault.Kind;
import ai.callmeback.vendors.llm.LlmCall;
import ai.callmeback.vendors.llm.LlmEvent;
import ai.callmeback.vendors.llm.LlmListener;
import ai.callmeback.vendors.llm.LlmRequest;
import ai.callmeback.vendors.settings.VendorPolicy;
import ai.callmeback.vendors.stt.SttEvent;
import ai.callmeback.vendors.stt.SttListener;
import ai.callmeback.vendors.stt.SttOptions;
import ai.callmeback.vendors.stt.SttSession;
import ai.callmeback.vendors.tts.TtsEvent;
import ai.callmeback.vendors.tts.TtsListener;
import ai.callmeback.vendors.tts.TtsOptions;
import ai.callmeback.vendors.tts.TtsSession;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Vendors that work until a fault begins, and behave behind their ports as ours are tested to do then: with the deadlines of
 * {@link VendorPolicy}. Speech-to-text hears by the audio alone, and reports 300 ms after the last sound.
 */
final class FaultyVendors {
    enum Ear {
        WELL,
        REFUSES,
        NEVER_OPENS,
        MUTE,
        DROPS_ONCE,
        DROPS,
        FLOODS,
        TRICKLES
    }

    enum Model {
        WELL,
        FIRST_FAILS,
        ALL_FAIL,
        FIRST_HANGS,
        ALL_HANG,
        HALTS,
        BREAKS_OFF
    }

    enum Speech {
        WELL,
        REFUSES,
        SILENT,
        /** Speaks half of what it was given, then nothing, though its connection lives. */
        STALLS,
        DROPS
    }

    /** One fault of one vendor; what it does not name works. */
    record Fault(Ear ear, Model model, Kind kind, Speech socket, Speech http) {
        static final Fault NONE = of(Ear.WELL);

        boolean canBeMended() {
            return switch (ear) {
                case WELL ->
                    http == Speech.WELL
                            && model != Model.ALL_FAIL
                            && model != Model.ALL_HANG
                            && model != Model.HALTS
                            && model != Model.BREAKS_OFF;
                case DROPS_ONCE, TRICKLES -> true;
                case REFUSES, NEVER_OPENS, MUTE, DROPS, FLOODS -> false;
            };
        }

        static Fault of(Ear ear) {
            return new Fault(ear, Model.WELL, Kind.TIMEOUT, Speech.WELL, Speech.WELL);
        }

        static Fault of(Model model, Kind kind) {
            return new Fault(Ear.WELL, model, kind, Speech.WELL, Speech.WELL);
        }

        static Fault of(Speech socket, Speech http) {
            return new Fault(Ear.WELL, Model.WELL, Kind.TIMEOUT, socket, http);
        }
    }

    static final long ANSWER_MILLIS = 300;

    private static final long DROPPED_AFTER_MILLIS = 1_000;
    private static final long TRICKLE_MILLIS = 2_000;
    private static final int FRAME_BYTES = 160;

    final FakeVendors vendors = new FakeVendors(new Ears(), new Mind(), new Voice());
    private final List<Runnable> whenItBegins = new ArrayList<>();
    private Fault fault = Fault.NONE;

    void begin(Fault now) {
        fault = now;
        List.copyOf(whenItBegins).forEach(Runnable::run);
    }

    private final class Ears extends FakeVendors.Ears {
        private boolean dropped;

        @Override
        public SttSession open(SttOptions options, EventLoop loop, SttListener toTell) {
            Hearing hearing = new Hearing(loop, toTell);
            whenItBegins.add(() -> {
                boolean lost = List.of(Ear.REFUSES, Ear.NEVER_OPENS, Ear.DROPS, Ear.DROPS_ONCE)
                        .contains(fault.ear());
                if (lost && !dropped) {
                    dropped = fault.ear() == Ear.DROPS_ONCE;
                    hearing.close(Kind.DROPPED);
                }
            });
            switch (fault.ear()) {
                case REFUSES -> loop.execute(() -> hearing.close(Kind.CONNECT_FAILED));
                case NEVER_OPENS -> {}
                default -> loop.execute(() -> hearing.tell(new SttEvent.Opened("request"), 0));
            }
            if (fault.ear() == Ear.DROPS) {
                after(loop, DROPPED_AFTER_MILLIS, () -> hearing.close(Kind.DROPPED));
            }
            return hearing;
        }
    }

    /** Has words for what sounds. */
    private final class Hearing implements SttSession {
        private final EventLoop loop;
        private final SttListener listener;
        private long sent;
        private long answered;
        private long soundMillis;
        private long quietMillis;
        private int turn;
        private int floods;
        private boolean over;

        Hearing(EventLoop loop, SttListener listener) {
            this.loop = loop;
            this.listener = listener;
        }

        void tell(SttEvent event, long afterMillis) {
            after(loop, afterMillis, () -> {
                if (!over) {
                    listener.onEvent(event);
                }
            });
        }

        void close(Kind kind) {
            if (!over) {
                over = true;
                listener.onEvent(new SttEvent.Closed(VendorFault.of("deepgram", kind, "gone")));
            }
        }

        @Override
        public void sendAudio(ByteBuf mulaw) {
            while (mulaw.isReadable()) {
                boolean sound = (mulaw.getByte(mulaw.readerIndex()) & 0xFF) != 0xFF;
                int length = Math.min(FRAME_BYTES, mulaw.readableBytes());
                mulaw.skipBytes(length);
                sent += length / 8;
                hear(sound, length / 8);
            }
            mulaw.release();
        }

        private void hear(boolean sound, long millis) {
            if (fault.ear() == Ear.MUTE) {
                return;
            }
            answered = sent;
            for (int i = 0; fault.ear() == Ear.FLOODS && i < 30; i++) {
                tell(new SttEvent.Update(turn, "and " + ++floods, sent), 0);
            }
            long late = fault.ear() == Ear.TRICKLES ? TRICKLE_MILLIS : 0;
            quietMillis = sound ? 0 : quietMillis + millis;
            soundMillis += sound ? millis : 0;
            if (sound && soundMillis == 300) {
                tell(new SttEvent.StartOfTurn(turn, "Tell", sent), late);
            } else if (sound && soundMillis == 600) {
                tell(new SttEvent.Update(turn, "Tell me more", sent), late);
            } else if (soundMillis >= 300 && quietMillis == ANSWER_MILLIS) {
                tell(new SttEvent.EndOfTurn(turn++, "Tell me more please", 0.9, sent), late);
                soundMillis = 0;
            }
        }

        @Override
        public void forceEndTurn() {}

        @Override
        public void close() {
            over = true;
        }

        @Override
        public long audioMillisSent() {
            return sent;
        }

        @Override
        public long audioMillisUnanswered() {
            return sent - answered;
        }

        @Override
        public long audioMillisDropped() {
            return 0;
        }
    }

    private final class Mind extends FakeVendors.Mind {
        Mind() {
            delayMillis = ANSWER_MILLIS;
        }

        @Override
        public LlmCall stream(LlmRequest request, EventLoop loop, LlmListener listener) {
            if (request.tools().isEmpty() || fault.model() == Model.WELL) {
                return super.stream(request, loop, listener);
            }
            Answer answer = new Answer(loop, listener);
            long token = VendorPolicy.LLM_FIRST_TOKEN.deadline().toMillis();
            long next = VendorPolicy.LLM_NEXT_TOKEN.deadline().toMillis();
            VendorFault why = VendorFault.of("llm", fault.kind(), "fails");
            LlmEvent first = new LlmEvent.FellBack("a", "b", why);
            switch (fault.model()) {
                case WELL -> {}
                case FIRST_FAILS -> answer.tell(50, first).words(50 + ANSWER_MILLIS);
                case FIRST_HANGS -> answer.tell(token, first).words(token + ANSWER_MILLIS);
                case ALL_FAIL -> answer.tell(50, first).tell(100, new LlmEvent.Failed(why, false));
                case ALL_HANG -> answer.tell(token, first).tell(2 * token, new LlmEvent.Failed(why, false));
                case HALTS ->
                    answer.tell(ANSWER_MILLIS, new LlmEvent.Delta("Well, I think that"))
                            .tell(ANSWER_MILLIS + next, new LlmEvent.Failed(why, true));
                case BREAKS_OFF ->
                    answer.tell(ANSWER_MILLIS, new LlmEvent.Delta("Well, I think that"))
                            .tell(ANSWER_MILLIS + 50, new LlmEvent.Failed(why, true));
            }
            return answer;
        }
    }

    private static final class Answer implements LlmCall {
        private final EventLoop loop;
        private final LlmListener listener;
        private boolean over;

        Answer(EventLoop loop, LlmListener listener) {
            this.loop = loop;
            this.listener = listener;
        }

        Answer tell(long afterMillis, LlmEvent event) {
            after(loop, afterMillis, () -> {
                if (!over) {
                    over = event instanceof LlmEvent.Failed || event instanceof LlmEvent.Finished;
                    listener.onEvent(event);
                }
            });
            return this;
        }

        void words(long afterMillis) {
            tell(afterMillis, new LlmEvent.Delta("This took a while."));
            tell(afterMillis, new LlmEvent.Finished(LlmEvent.FinishReason.STOP, "b"));
        }

        @Override
        public void cancel() {
            over = true;
        }

        @Override
        public boolean isDone() {
            return over;
        }
    }

    private final class Voice extends FakeVendors.Voice {
        @Override
        public TtsSession open(TtsOptions options, EventLoop loop, TtsListener toTell) {
            Spoken spoken = new Spoken(loop, toTell, false);
            whenItBegins.add(() -> {
                if (fault.socket() == Speech.REFUSES) {
                    spoken.close(Kind.DROPPED);
                }
            });
            if (fault.socket() == Speech.REFUSES) {
                loop.execute(() -> spoken.close(Kind.CONNECT_FAILED));
            }
            return super.open(options, loop, spoken);
        }

        @Override
        public TtsSession openFallback(TtsOptions options, EventLoop loop, TtsListener toTell) {
            return super.openFallback(options, loop, new Spoken(loop, toTell, true));
        }
    }

    /** What comes of one connection of the voice, a moment later, as far as the fault lets it through. */
    private final class Spoken implements TtsListener {
        private final EventLoop loop;
        private final TtsListener listener;
        private final boolean fallback;
        private boolean over;
        private boolean stalled;

        Spoken(EventLoop loop, TtsListener listener, boolean fallback) {
            this.loop = loop;
            this.listener = listener;
            this.fallback = fallback;
        }

        @Override
        public void onEvent(TtsEvent event) {
            after(loop, ANSWER_MILLIS, () -> later(event));
        }

        private void later(TtsEvent event) {
            Speech how = fallback ? fault.http() : fault.socket();
            if (over || how == Speech.SILENT) {
                return;
            }
            if (how == Speech.STALLS) {
                stall(event);
            } else if (event instanceof TtsEvent.Audio audio && how == Speech.REFUSES) {
                listener.onEvent(new TtsEvent.ContextFailed(
                        audio.contextId(), VendorFault.of("elevenlabs", Kind.SERVER_ERROR, "no")));
            } else if (event instanceof TtsEvent.Audio audio && how == Speech.DROPS) {
                listener.onEvent(half(audio));
                close(Kind.DROPPED);
            } else {
                listener.onEvent(event);
            }
        }

        private void stall(TtsEvent event) {
            if (event instanceof TtsEvent.Audio audio && !stalled) {
                stalled = true;
                listener.onEvent(half(audio));
            }
        }

        void close(Kind kind) {
            if (!over) {
                over = true;
                listener.onEvent(new TtsEvent.Closed(VendorFault.of("elevenlabs", kind, "gone")));
            }
        }

        private static TtsEvent.Audio half(TtsEvent.Audio whole) {
            TtsEvent.Alignment said = whole.alignment();
            int characters = said == null ? 0 : said.text().length() / 2;
            TtsEvent.Alignment begun = new TtsEvent.Alignment(
                    said == null ? "" : said.text().substring(0, characters),
                    said == null ? new int[0] : java.util.Arrays.copyOf(said.startMillis(), characters),
                    said == null ? new int[0] : java.util.Arrays.copyOf(said.durationMillis(), characters));
            ByteBuf audio = whole.mulaw().readSlice(characters * FakeVendors.CHARACTER_BYTES);
            return new TtsEvent.Audio(whole.contextId(), audio, whole.contextOffsetBytes(), begun);
        }
    }

    private static void after(EventLoop loop, long millis, Runnable task) {
        var unused = loop.schedule(task, millis, TimeUnit.MILLISECONDS);
    }
}
