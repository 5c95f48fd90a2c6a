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
 * again, and counted for what it was asked to speak.
 */
final class VoiceLine {
    private final CallLoop loop;
    private final TextToSpeech textToSpeech;
    private final Listener listener;
    private final Failures failures = new Failures();
    private TtsOptions voice;
    private @Nullable TtsSession session;
    private @Nullable Generation current;
    private final Map<String, Long> characters = new TreeMap<>();
    private boolean hasSpoken;
    private boolean closed;

    VoiceLine(CallLoop loop, TextToSpeech textToSpeech, TtsOptions voice, Listener listener) {
        this.loop = loop;
        this.textToSpeech = textToSpeech;
        this.voice = voice;
        this.listener = listener;
    }

    interface Listener {
        void onConnecting(int attempt);

        /** @param live whether it is of the present connection; audio is the listener's in either case */
        void onEvent(TtsEvent event, boolean live);
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

    TtsOptions voice() {
        return voice;
    }

    /** Connects; text may be given before that is done. */
    void open() {
        listener.onConnecting(failures.count());
        connect(isFallback());
    }

    /** From now on another voice, over a connection of its own. */
    void become(TtsOptions next) {
        retire();
        voice = next;
        if (failures.count() <= Failures.MOST) {
            open();
        }
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
            characters.merge(voice.modelId(), old.charactersBilled(), Long::sum);
        }
    }

    /** Events of one connection; those of a connection already given up are nobody's. */
    private final class Generation implements TtsListener {
        @Override
        public void onEvent(TtsEvent event) {
            hasSpoken |= event instanceof TtsEvent.Audio;
            listener.onEvent(event, current == this && !closed);
        }
    }
}
