package ai.callmeback.voice.mouth;

import ai.callmeback.vendors.tts.TtsEvent;
import ai.callmeback.vendors.tts.TtsOptions;
import io.netty.buffer.Unpooled;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Fixed phrases as they sound, per voice and settings, for all calls of a worker: said without a wait, and without the
 * vendor. Each is made once, on the connection of the call that wants it first, and is that call's cost. Any thread, no
 * locks.
 *
 * <p>Bounds: {@value #MOST_BYTES} bytes in all, beyond which the oldest go; a phrase of more than {@value
 * #PHRASE_MOST_BYTES} bytes (twelve seconds) is not kept. Of greetings made while phones ring the last {@value
 * #MOST_GREETINGS}.
 */
public final class PhraseCache {
    static final long MOST_BYTES = 16_000_000;
    static final int PHRASE_MOST_BYTES = 96_000;
    static final int MOST_GREETINGS = 100;

    /** A text in a voice. */
    record Key(TtsOptions voice, String text) {}

    /** How it sounds, and which characters sound when. */
    @SuppressWarnings("ArrayRecordComponent") // written once, before anybody else sees it
    record Phrase(byte[] mulaw, TtsEvent.Alignment alignment) {
        /** As if the voice had just said it; the bytes are shared and must only be read. */
        TtsEvent.Audio audio(String contextId) {
            return new TtsEvent.Audio(contextId, Unpooled.wrappedBuffer(mulaw).asReadOnly(), 0, alignment);
        }
    }

    private final Map<Key, Phrase> phrases = new ConcurrentHashMap<>();
    private final Queue<Key> byAge = new ConcurrentLinkedQueue<>();
    private final Set<Key> beingMade = ConcurrentHashMap.newKeySet();
    private final Map<Key, Phrase> greetings = new ConcurrentHashMap<>();
    private final Queue<Key> greetingsByAge = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();

    @Nullable
    Phrase find(Key key) {
        Phrase phrase = phrases.get(key);
        return phrase == null ? greetings.get(key) : phrase;
    }

    /** Whether the caller shall make this phrase; then it must {@link #put} it or {@link #giveUp}. */
    boolean reserve(Key key) {
        return !phrases.containsKey(key) && beingMade.add(key);
    }

    void giveUp(Key key) {
        beingMade.remove(key);
    }

    void put(Key key, Phrase phrase) {
        if (phrase.mulaw().length <= PHRASE_MOST_BYTES && phrases.putIfAbsent(key, phrase) == null) {
            byAge.add(key);
            bytes.addAndGet(phrase.mulaw().length);
        }
        beingMade.remove(key);
        while (bytes.get() > MOST_BYTES) {
            Key oldest = byAge.poll();
            Phrase gone = oldest == null ? null : phrases.remove(oldest);
            if (gone != null) {
                bytes.addAndGet(-gone.mulaw().length);
            }
        }
    }

    /**
     * Keeps the first words of a call that is about to begin. They are apart from the other phrases, because they are as many
     * as the calls and must not drive those out.
     */
    public void putGreeting(TtsOptions voice, String text, LonePhrase.Speech speech) {
        Key key = new Key(voice, text);
        if (greetings.putIfAbsent(key, new Phrase(speech.mulaw(), speech.alignment())) == null) {
            greetingsByAge.add(key);
        }
        while (greetings.size() > MOST_GREETINGS) {
            Key oldest = greetingsByAge.poll();
            if (oldest != null) {
                greetings.remove(oldest);
            }
        }
    }

    /** Bytes of audio kept. */
    public long bytes() {
        return bytes.get();
    }

    public int size() {
        return phrases.size();
    }
}
