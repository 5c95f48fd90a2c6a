package ai.callmeback.voice.mouth;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.tts.TextToSpeech;
import ai.callmeback.vendors.tts.TtsEvent;
import ai.callmeback.vendors.tts.TtsListener;
import ai.callmeback.vendors.tts.TtsOptions;
import ai.callmeback.vendors.tts.TtsSession;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.loop.CallLoop.Timer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has one phrase spoken outside any call, on a connection of its own, which is closed afterwards. One event loop; it is over
 * after {@value #MOST_MILLIS} ms at the latest.
 */
public final class LonePhrase implements TtsListener {
    static final long MOST_MILLIS = 5_000;

    /**
     * How it came out.
     *
     * @param speech null if there is none: the vendor failed, was late, or said more than is kept
     * @param characters the vendor was asked for, and bills, whatever came of it
     * @param model that was asked last
     */
    public record Made(@Nullable Speech speech, long characters, String model) {}

    /** A phrase as it sounds. */
    @SuppressWarnings("ArrayRecordComponent") // written once, before anybody else sees it
    public record Speech(byte[] mulaw, TtsEvent.Alignment alignment) {}

    private final PhraseCache cache = new PhraseCache();
    private final PhraseMaker maker;
    private final CallLoop loop;
    private final TextToSpeech textToSpeech;
    private final Voices voices;
    private TtsOptions voice;
    private final Consumer<Made> done;
    private final String text;
    private @Nullable TtsSession session;
    private @Nullable Timer deadline;
    private long characters;
    private boolean over;

    private LonePhrase(
            CallLoop loop,
            TextToSpeech textToSpeech,
            Voices voices,
            TtsOptions voice,
            String text,
            Consumer<Made> done) {
        this.loop = loop;
        this.textToSpeech = textToSpeech;
        this.voices = voices;
        this.voice = voice;
        this.text = text;
        this.maker = new PhraseMaker(cache, voice);
        this.done = done;
    }

    /** Begins on the loop and returns at once; {@code done} is told once, there. */
    public static void make(
            CallLoop loop,
            TextToSpeech textToSpeech,
            Voices voices,
            TtsOptions wanted,
            String text,
            Consumer<Made> done) {
        loop.assertInLoop();
        LonePhrase phrase = new LonePhrase(loop, textToSpeech, voices, voices.effective(wanted), text, done);
        phrase.deadline = loop.after(MOST_MILLIS, () -> phrase.finish(null));
        phrase.connect();
    }

    private void connect() {
        maker.want(List.of(text));
        TtsSession opened = textToSpeech.open(voice, loop.eventLoop(), this);
        session = opened;
        begin(opened);
    }

    @Override
    public void onEvent(TtsEvent event) {
        TtsSession open = session;
        switch (event) {
            case TtsEvent.Opened opened -> {
                if (open != null) {
                    begin(open);
                }
            }
            case TtsEvent.Audio audio -> {
                if (over) {
                    audio.mulaw().release();
                } else {
                    maker.audio(audio);
                }
            }
            case TtsEvent.ContextFinal end -> {
                maker.made();
                finish(maker.find(text));
            }
            case TtsEvent.ContextFailed failed -> failed(failed.fault());
            case TtsEvent.Closed closed -> failed(closed.fault());
        }
    }

    /** Asks for the phrase, as soon as the vendor takes it and only once. */
    private void begin(TtsSession open) {
        if (!over) {
            maker.next(open);
        }
    }

    /** A voice or a model that is refused is replaced by the product's, within the same time. */
    private void failed(VendorFault fault) {
        if (over || !voices.refused(voice, fault)) {
            finish(null);
            return;
        }
        hangUp();
        voice = voices.effective(voice);
        maker.become(voice);
        connect();
    }

    private void hangUp() {
        TtsSession used = session;
        session = null;
        if (used != null) {
            used.close();
            characters += used.charactersBilled();
        }
    }

    private void finish(PhraseCache.@Nullable Phrase phrase) {
        if (over) {
            return;
        }
        over = true;
        maker.dropped();
        if (deadline != null) {
            deadline.cancel();
        }
        hangUp();
        done.accept(new Made(
                phrase == null ? null : new Speech(phrase.mulaw(), phrase.alignment()), characters, voice.modelId()));
    }
}
