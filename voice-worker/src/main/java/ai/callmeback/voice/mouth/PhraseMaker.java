package ai.callmeback.voice.mouth;

import ai.callmeback.vendors.tts.TtsEvent;
import ai.callmeback.vendors.tts.TtsOptions;
import ai.callmeback.vendors.tts.TtsSession;
import ai.callmeback.voice.audio.Telephone;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.mouth.PhraseCache.Phrase;
import ai.callmeback.voice.wording.Speakable;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Has the fixed phrases of a call spoken that nobody has heard yet, one at a time and only while the voice has nothing
 * else to do. What fails is left to another call.
 */
final class PhraseMaker {
    private static final String CONTEXT = "phrase-";

    /** So seldom that they stand in no answer's way. */
    private static final long EVERY_MILLIS = 1500;

    private final PhraseCache cache;
    private TtsOptions voice;
    private final Deque<String> wanted = new ArrayDeque<>();
    private @Nullable Making making;
    private int contexts;
    private boolean rests;

    PhraseMaker(PhraseCache cache, TtsOptions voice) {
        this.cache = cache;
        this.voice = voice;
    }

    /** Another voice speaks from now on; what the old one was still to say is left to another call. */
    void become(TtsOptions next) {
        dropped();
        wanted.clear();
        voice = next;
    }

    /** The same persona by another voice: what is wanted stays. */
    void speaksAs(TtsOptions next) {
        if (!next.equals(voice)) {
            dropped();
            voice = next;
        }
    }

    private static final class Making {
        final PhraseCache.Key key;
        final String context;
        final ByteArrayOutputStream audio = new ByteArrayOutputStream();
        final StringBuilder text = new StringBuilder();
        final IntStream.Builder starts = IntStream.builder();
        final IntStream.Builder durations = IntStream.builder();
        boolean usable = true;

        Making(PhraseCache.Key key, String context) {
            this.key = key;
            this.context = context;
        }
    }

    @Nullable
    Phrase find(String text) {
        return cache.find(new PhraseCache.Key(voice, text));
    }

    void want(List<String> texts) {
        wanted.addAll(texts);
    }

    /** As {@link #next}, unless the last one was begun just now; then, or when it is over, {@code again} is run. */
    void nextInTime(CallLoop loop, TtsSession session, Runnable again) {
        if (!rests && next(session)) {
            rests = true;
            loop.after(EVERY_MILLIS, () -> {
                rests = false;
                again.run();
            });
        }
    }

    /** The voice is free: the next phrase, if one is missing; returns whether one is being made now. */
    boolean next(TtsSession session) {
        if (making != null || !session.isOpen()) {
            return false;
        }
        for (String text = wanted.poll(); text != null; text = wanted.poll()) {
            PhraseCache.Key key = new PhraseCache.Key(voice, text);
            String spoken = Speakable.of(text);
            if (!spoken.isEmpty() && cache.reserve(key)) {
                Making now = new Making(key, CONTEXT + contexts++);
                making = now;
                session.startContext(now.context);
                session.text(now.context, spoken + " ");
                session.closeContext(now.context);
                return true;
            }
        }
        return false;
    }

    boolean isMaking(String contextId) {
        return making != null && making.context.equals(contextId);
    }

    /** Releases the buffer. */
    void audio(TtsEvent.Audio piece) {
        ByteBuf mulaw = piece.mulaw();
        Making now = making;
        TtsEvent.Alignment alignment = piece.alignment();
        if (now != null && alignment != null && now.audio.size() < PhraseCache.PHRASE_MOST_BYTES) {
            int start = (int) Telephone.millis(now.audio.size());
            now.text.append(alignment.text());
            IntStream.of(alignment.startMillis()).map(at -> start + at).forEach(now.starts);
            IntStream.of(alignment.durationMillis()).forEach(now.durations);
            byte[] bytes = new byte[mulaw.readableBytes()];
            mulaw.readBytes(bytes);
            now.audio.writeBytes(bytes);
        } else if (now != null) {
            now.usable = false;
        }
        mulaw.release();
    }

    /** The phrase is complete. */
    void made() {
        Making now = making;
        making = null;
        if (now != null && now.usable && now.audio.size() > 0) {
            cache.put(
                    now.key,
                    new Phrase(
                            now.audio.toByteArray(),
                            new TtsEvent.Alignment(
                                    now.text.toString(),
                                    now.starts.build().toArray(),
                                    now.durations.build().toArray())));
        } else if (now != null) {
            cache.giveUp(now.key);
        }
    }

    /** The connection is gone, or the phrase failed. */
    void dropped() {
        if (making != null) {
            cache.giveUp(making.key);
            making = null;
        }
    }
}
