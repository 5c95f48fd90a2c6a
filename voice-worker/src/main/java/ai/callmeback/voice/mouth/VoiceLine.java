package ai.callmeback.voice.mouth;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.tts.TextToSpeech;
import ai.callmeback.vendors.tts.TtsEvent;
import ai.callmeback.vendors.tts.TtsListener;
import ai.callmeback.vendors.tts.TtsOptions;
import ai.callmeback.vendors.tts.TtsSession;
import ai.callmeback.voice.loop.CallLoop;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The connection to the voice, one at a time: replaced when it breaks, by the vendor's other interface when it breaks
 * again, by one with the product's own voice or model when the vendor refuses the persona's, and counted for what it was
 * asked to speak.
 */
final class VoiceLine {
    private final CallLoop loop;
    private final TextToSpeech textToSpeech;
    private final Voices voices;
    private final Listener listener;
    private final Failures failures = new Failures();
    private TtsOptions wanted;
    private TtsOptions voice;
    private @Nullable TtsSession session;
    private @Nullable Generation current;
    private final Map<String, Long> characters = new TreeMap<>();
    private boolean hasSpoken;
    private boolean closed;

    VoiceLine(CallLoop loop, TextToSpeech textToSpeech, Voices voices, TtsOptions wanted, Listener listener) {
        this.loop = loop;
        this.textToSpeech = textToSpeech;
        this.voices = voices;
        this.wanted = wanted;
        this.voice = voices.effective(wanted);
        this.listener = listener;
    }

    interface Listener {
        void onConnecting(int attempt);

        /** Of the present connection; audio is the listener's. */
        void onEvent(TtsEvent event);
    }

    /** What to speak to; null while there is none. */
    @Nullable
    TtsSession session() {
        return session;
    }

    /** Whether it is by the vendor's other interface. */
    boolean isFallback() {
        return failures.count() > 1;
    }

    /** Whether any sound has come from it. */
    boolean hasSpoken() {
        return hasSpoken;
    }

    /** How it really speaks. */
    TtsOptions voice() {
        return voice;
    }

    /** How it is to speak, if the vendor does. */
    TtsOptions wanted() {
        return wanted;
    }

    /** Connects; text may be given before that is done. */
    void open() {
        voice = voices.effective(wanted);
        listener.onConnecting(failures.count());
        connect(isFallback());
    }

    /** From now on another voice, over a connection of its own. */
    void become(TtsOptions next) {
        retire();
        wanted = next;
        if (failures.count() <= Failures.MOST) {
            open();
        }
    }

    /** Gives the connection up if the vendor refuses to speak like that, and it can be asked to speak otherwise. */
    boolean refused(VendorFault fault) {
        boolean otherwise = voices.refused(voice, fault);
        if (otherwise) {
            retire();
        }
        return otherwise;
    }

    /** Gives the connection up for broken; false if nothing is left to try. */
    boolean broken(VendorFault fault) {
        retire();
        failures.add(loop.nanos(), fault.kind() == VendorFault.Kind.TIMEOUT);
        return failures.count() <= Failures.MOST;
    }

    /** Characters asked for by model, on all connections: what is billed. */
    Map<String, Long> charactersBilled() {
        Map<String, Long> all = new TreeMap<>(characters);
        if (session != null) {
            all.merge(voice.modelId(), session.charactersBilled(), Long::sum);
        }
        return all;
    }

    void close() {
        closed = true;
        retire();
    }

    private void connect(boolean fallback) {
        Generation generation = new Generation();
        current = generation;
        session = fallback
                ? textToSpeech.openFallback(voice, loop.eventLoop(), generation)
                : textToSpeech.open(voice, loop.eventLoop(), generation);
    }

    private void retire() {
        TtsSession old = session;
        session = null;
        current = null;
        if (old != null) {
            old.close();
            long billed = old.charactersBilled();
            if (billed > 0) {
                characters.merge(voice.modelId(), billed, Long::sum);
            }
        }
    }

    /** Events of one connection; those of a connection already given up are nobody's. */
    private final class Generation implements TtsListener {
        @Override
        public void onEvent(TtsEvent event) {
            hasSpoken |= event instanceof TtsEvent.Audio;
            if (current == this && !closed) {
                listener.onEvent(event);
            } else if (event instanceof TtsEvent.Audio audio) {
                audio.mulaw().release();
            }
        }
    }
}
