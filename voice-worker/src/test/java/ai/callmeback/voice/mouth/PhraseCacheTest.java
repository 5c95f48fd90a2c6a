package ai.callmeback.voice.mouth;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.vendors.tts.TtsEvent;
import ai.callmeback.vendors.tts.TtsOptions;
import ai.callmeback.voice.mouth.PhraseCache.Phrase;
import org.junit.jupiter.api.Test;

class PhraseCacheTest {
    private final PhraseCache cache = new PhraseCache();

    @Test
    void holdsSoMuchAndTheOldestGo() {
        for (int i = 0; i < 400; i++) {
            cache.put(key("p" + i), phrase(90_000));
        }
        assertThat(cache.bytes()).isLessThanOrEqualTo(PhraseCache.MOST_BYTES);
        assertThat(cache.find(key("p0"))).isNull();
        assertThat(cache.find(key("p399"))).isNotNull();
    }

    @Test
    void isPerVoiceAndSettings() {
        cache.put(key("hello"), phrase(800));
        assertThat(cache.find(new PhraseCache.Key(new TtsOptions("v", "m", 0.5, 0.8, 0, true, 1.1), "hello")))
                .isNull();
        assertThat(cache.find(key("hello"))).isNotNull();
    }

    @Test
    void whatIsTooLongIsNotKeptAndMayBeTriedAgain() {
        assertThat(cache.reserve(key("long"))).isTrue();
        assertThat(cache.reserve(key("long"))).isFalse();
        cache.put(key("long"), phrase(PhraseCache.PHRASE_MOST_BYTES + 1));
        assertThat(cache.size()).isZero();
        assertThat(cache.reserve(key("long"))).isTrue();
        cache.giveUp(key("long"));
        assertThat(cache.reserve(key("long"))).isTrue();
    }

    private static PhraseCache.Key key(String text) {
        return new PhraseCache.Key(new TtsOptions("v", "m", 0.5, 0.8, 0, true, 1.0), text);
    }

    private static Phrase phrase(int bytes) {
        return new Phrase(new byte[bytes], new TtsEvent.Alignment("", new int[0], new int[0]));
    }
}
